"""Merge-purge: address files in, net files and an accounting out.

An engine of its own, run as a process (``python -m tasks.merge_purge BRIEF.json OUTDIR``): no database, no queue, no web.
A web request shows what a run stored and never runs one; whoever needs only to look at a delivered file wants
:func:`tasks.merge_purge.reading.examine`.
"""

ENGINE_VERSION = "1.0"
