"""People who stand in several files get lots of their own where the brief asks for it: drawn apart, and compared with their like alone."""

from pathlib import Path

import polars as pl
import pytest

from app.intake.kit import KitUnreadable, read_kit
from tasks.lots.build import Built, PlanCell, build
from tasks.merge_purge.run import run
from tests.unit.lots.briefs import lot_brief
from tests.unit.merge_purge.people import brief_of, record
from workflows.campaign.records import Lot
from workflows.campaign.results.trials import message_pairs
from workflows.trade.lot_codes import has_valid_check

NAMES = ("Martin", "Bernard", "Petit", "Durand", "Moreau", "Garnier", "Faure", "Rousseau")
PEOPLE = [record(NOM=name, ADR4=f"{number} rue Haute") for number, name in enumerate(NAMES, 1)]
PLAN = (PlanCell("A", "S1", "don", "A", "postal", "rollout", 6), PlanCell("A", "S1", "grille", "B", "postal", "test", 2))


def built(folder: Path, multi_buyers: int) -> Built:
    """Eight people of a list, four of whom stand in a second one and two in a third."""
    run(brief_of(folder, {"A": PEOPLE, "B": PEOPLE[:4], "C": PEOPLE[:2]}), folder / "dedupe")
    return build(lot_brief(*PLAN, multi_buyers=multi_buyers), folder / "dedupe/net", folder / "out")


def names_of(folder: Path, *lots: str) -> set[str]:
    net = pl.read_csv(folder / "out/net/A.csv", separator=";", infer_schema=False)
    return set(net.filter(pl.col("CODE_LOT").is_in(lots))["NOM"].to_list())


@pytest.mark.parametrize(("multi_buyers", "many"), [(2, NAMES[:4]), (3, NAMES[:2])])
def test_they_are_split_like_their_segment_into_lots_of_their_own(tmp_path: Path, multi_buyers: int, many: tuple[str, ...]) -> None:
    made = built(tmp_path, multi_buyers)

    several = [cell for cell in made.cells if cell.in_several]
    assert names_of(tmp_path, *(cell.code for cell in several)) == {name.upper() for name in many}
    assert sum(cell.quantity for cell in made.cells) == len(NAMES)
    assert {cell.message for cell in several} == {"A", "B"}
    assert {cell.segment for cell in made.cells} == {"S1"}, "they stay of their segment"
    assert len({cell.code for cell in made.cells}) == len(made.cells) == 4
    assert all(has_valid_check(cell.code) for cell in made.cells)
    assert [check["code"] for check in made.summary["checks"]] == ["sample_ratio:A/S1", "sample_ratio:A/S1+"]
    told = pl.read_csv(tmp_path / "out/plan_de_lots.csv", separator=";", infer_schema=False)
    assert dict(told.select("CODE_LOT", "MULTI_FICHIERS").rows()) == {cell.code: str(int(cell.in_several)) for cell in made.cells}


def test_where_nobody_asks_they_stay_among_the_others(tmp_path: Path) -> None:
    assert [(cell.message, cell.quantity, cell.in_several) for cell in built(tmp_path, 0).cells] == [("A", 6, False), ("B", 2, False)]


def test_where_nobody_stands_in_so_many_files_there_is_no_such_lot(tmp_path: Path) -> None:
    assert not any(cell.in_several for cell in built(tmp_path, 4).cells)


def test_a_test_among_them_is_compared_with_their_like() -> None:
    lots = [
        Lot(
            code=f"{message}{several}", list_code="A", segment="S1", channel="postal", message=message, role=role, in_several=several,
            offer="", quantity=9, seeds=0,
        )
        for message, role in (("A", "rollout"), ("B", "test"))
        for several in (False, True)
    ]  # fmt: skip
    assert {(pair.control.code, pair.variant.code) for pair in message_pairs(lots)} == {("AFalse", "BFalse"), ("ATrue", "BTrue")}


@pytest.mark.parametrize("many", ["1", '"two"', "-2"])
def test_a_brief_that_asks_for_it_in_a_way_that_makes_no_sense_is_refused(tmp_path: Path, many: str) -> None:
    kit = Path(__file__).parents[3] / "demo" / "automne"
    for path in kit.rglob("*"):
        if path.is_file():
            (tmp_path / path.relative_to(kit)).parent.mkdir(parents=True, exist_ok=True)
            (tmp_path / path.relative_to(kit)).write_bytes(path.read_bytes())
    toml = tmp_path / "campaign.toml"
    text = toml.read_text(encoding="utf-8")
    toml.write_text(text.replace("[dedupe]", f"[dedupe]\nmulti_buyers = {many}"), encoding="utf-8")
    with pytest.raises(KitUnreadable, match="multi_buyers: a number of files, 2 or more"):
        read_kit(tmp_path)
    toml.write_text(text.replace("[dedupe]", "[dedupe]\nmulti_buyers = 2"), encoding="utf-8")
    assert read_kit(tmp_path).brief.dedupe["multi_buyers"] == 2
