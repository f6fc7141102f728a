"""The merge-purge as the campaign sees it: its runs, whom earlier sends reached, why two records were one person."""
