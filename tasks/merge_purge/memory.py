"""How a process that makes one run and ends uses memory: what is freed it keeps, for the next column, and circles it lets be.

A run makes and drops columns of tens of megabytes all the time. Left alone, the allocators of Polars and of C give them back to the
system, which clears every page anew for the next: a tenth of a run's CPU. Kept, they cost a tenth of memory.
"""

import ctypes
import gc
import os

_KEPT_FOR = 5_000  # milliseconds; what is not asked for again by then goes back
_ARENAS = os.cpu_count() or 1  # by default four a core, and each keeps what it freed to itself
# Of malloc.h, and the greatest that the C library takes for the second.
_M_TRIM_THRESHOLD, _M_MMAP_THRESHOLD = -1, -3
_TRIM_AT, _MMAP_FROM = 2**29, 2**25


def keep_freed() -> None:
    """Ask for it, before anything loads Polars or NumPy, which look once; where the C library has no such setting, it is left alone."""
    os.environ.setdefault("_RJEM_MALLOC_CONF", f"narenas:{_ARENAS},dirty_decay_ms:{_KEPT_FOR},oversize_threshold:0")
    # nothing here multiplies matrices, and idle threads spin
    os.environ.setdefault("OPENBLAS_NUM_THREADS", "1")
    mallopt = getattr(ctypes.CDLL(None), "mallopt", None)
    if mallopt:
        mallopt(_M_MMAP_THRESHOLD, _MMAP_FROM)
        mallopt(_M_TRIM_THRESHOLD, _TRIM_AT)
    gc.disable()  # a run leaves few circles, and to look for them again and again among all that is in memory is for nothing
