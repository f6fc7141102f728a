"""How urgent a user task is, the most urgent first. Not for when it is due."""

PRIORITIES = ("urgent", "high", "normal", "low")
