"""The outbox at work: rows are claimed, sent to the queue, and sent again when the queue lost them.

Not for the work itself: `tasks` does it.
"""
