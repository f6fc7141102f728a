"""How a run asks for memory: the allocators look once, when what brings them is loaded."""

import os
import subprocess
import sys

import pytest

from tests.patience import PATIENCE_SECONDS


@pytest.mark.parametrize("entry", ["tasks.merge_purge_alone", "tasks.merge_purge.__main__"])
def test_nothing_that_takes_memory_is_loaded_before_a_run_says_how(entry: str) -> None:
    told = f"import sys, {entry}; print(*sorted({{'polars', 'numpy', 'duckdb', 'scipy'}} & set(sys.modules)))"
    done = subprocess.run([sys.executable, "-c", told], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True)
    assert done.stdout.strip() == ""


def test_what_somebody_set_for_the_allocator_stays() -> None:
    told = "import os; from tasks.merge_purge.memory import keep_freed; keep_freed(); print(os.environ['_RJEM_MALLOC_CONF'])"
    environment = {**os.environ, "_RJEM_MALLOC_CONF": "narenas:3"}
    done = subprocess.run(
        [sys.executable, "-c", told], capture_output=True, text=True, timeout=PATIENCE_SECONDS, check=True, env=environment
    )
    assert done.stdout.strip() == "narenas:3"
