"""Words of a merge-purge that a campaign's brief and the engine's share: its levels, its rules of allocation, and what may name a file."""

LEVELS = ("individual", "household", "address")
ALLOCATIONS = ("priority", "dearest_loses", "proportional", "random")
"""Trade reference, section 5."""
LONGEST_CODE = 60


def names_files(code: str) -> bool:
    """Whether a list's or a suppression file's code may stand in the name of a file."""
    return (
        0 < len(code) <= LONGEST_CODE
        and code == code.strip()
        and not code.startswith(".")
        and all(character.isalnum() or character in "._- " for character in code)
    )
