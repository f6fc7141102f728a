"""Who meets: a loose key brings few together, and what it leaves where files are dense a narrower key finds."""

from pathlib import Path

import pytest

from tasks.merge_purge.intake import read_brief
from tasks.merge_purge.match.fields import coded
from tasks.merge_purge.match.keys import FEW, candidate_pairs, hashed
from tasks.merge_purge.match.records import normalised
from tests.unit.merge_purge.people import brief_of, record

FIRST_NAMES = (
    "Paul",
    "Pascal",
    "Patrice",
    "Philippe",
    "Pierre",
    "Prosper",
    "Placide",
    "Perceval",
    "Petrus",
    "Polycarpe",
    "Pons",
    "Prudent",
)
STREETS = (
    "Tilleuls",
    "Acacias",
    "Bouleaux",
    "Cèdres",
    "Érables",
    "Frênes",
    "Genêts",
    "Hêtres",
    "Ifs",
    "Lilas",
    "Mûriers",
    "Noyers",
    "Ormes",
)


@pytest.mark.parametrize(("first_name", "found"), [("Paul", [(0, FEW)]), ("P", [])])
def test_among_few_namesakes_of_a_postcode_all_meet_and_among_more_only_full_names(
    tmp_path: Path, first_name: str, found: list[tuple[int, int]]
) -> None:
    few = [record(PRENOM=name, ADR4=f"{10 + i} rue des {STREETS[i]}") for i, name in enumerate(FIRST_NAMES[: FEW - 1])]
    more = [*few, record(PRENOM=FIRST_NAMES[FEW - 1], ADR4=f"77 rue des {STREETS[FEW - 1]}")]
    paul = record(PRENOM=first_name, ADR4=f"50 rue des {STREETS[-1]}")

    assert len(met(tmp_path, [*few, paul])) == FEW * (FEW - 1) // 2
    assert met(tmp_path, [*more, paul]) == found


def met(folder: Path, people: list[dict[str, str]]) -> list[tuple[int, int]]:
    records = normalised(read_brief(brief_of(folder, {"A": people}))[0])
    return candidate_pairs(hashed(records, coded(records))).rows()
