"""What `bench.chaos` is made of: processes that can be killed, people who insist, and the audit at the end. Not for measuring speed."""
