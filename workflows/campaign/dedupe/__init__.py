"""The merge-purge as the campaign sees it: its settings and runs, whom earlier sends reached, questions about its records."""
