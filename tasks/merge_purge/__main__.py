"""``python -m tasks.merge_purge BRIEF.json OUTDIR [PRESSURE.json]``: one run as a process; what it says and answers is in ``command``."""

import sys

from tasks.merge_purge.memory import keep_freed

if __name__ == "__main__":
    keep_freed()
    from tasks.merge_purge.command import main

    sys.exit(main(sys.argv[1:]))
