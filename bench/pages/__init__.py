"""The two inboxes of `bench.inbox`: ours, and a bare Flask page with one query. Not for comparing them; `inbox` does."""
