"""What a campaign lets in is what the merge-purge, which knows nothing of campaigns, takes."""

from pathlib import Path

import pytest

from tasks.merge_purge.brief import ALLOCATIONS, LEVELS, Brief, BriefError, ListFile, Part
from workflows.campaign.values import DEDUPE, names_files


def test_levels_and_rules_are_those_of_the_merge_purge() -> None:
    assert (DEDUPE["level"].allowed, DEDUPE["allocation"].allowed) == (LEVELS, ALLOCATIONS)


@pytest.mark.parametrize("code", ["A", "a b", "é.1_2-3", "", " A", "A ", ".A", "A/B", "A*", "A" * 60, "A" * 61, "A\n", "\u00a0A"])
def test_a_list_has_a_code_exactly_where_the_merge_purge_takes_it(code: str) -> None:
    try:
        Brief((ListFile(code, (Part(Path("list.csv")),)),))
    except BriefError:
        assert not names_files(code)
    else:
        assert names_files(code)
