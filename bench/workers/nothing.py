"""The least that a job can do."""


def nothing() -> None:
    """Do it."""
