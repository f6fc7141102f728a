"""The two workers of `bench.job`: ours, and RQ's own with nothing around it. Not for comparing them; `job` does."""
