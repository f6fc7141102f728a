"""Who was got to by a channel as often as its cap allows is in no lot that it sends: another channel gets to them, or the reserve."""

from pathlib import Path

import polars as pl

from tasks.barred import found_places, keys_by_place
from tasks.lots.build import Built, PlanCell, build
from tests.unit.lots.briefs import lot_brief
from tests.unit.lots.test_barred import LETTER, MAIL, NAMES, names_in, netted, with_contacts
from tests.unit.merge_purge.test_contact_pressure import SECRET
from workflows.trade.barring import Bar

PEOPLE = with_contacts()


def sends(folder: Path, *reached: tuple[str, tuple[str, ...]]) -> pl.DataFrame:
    """The keys that earlier sends keep: by which channel each got to whom."""
    keys = keys_by_place(netted(folder, *PEOPLE), "A", Bar.AT_CAP, "", SECRET)
    found = []
    for number, (channel, names) in enumerate(reached):
        theirs = keys.filter(pl.col("place").is_in([NAMES.index(name) + 1 for name in names]))
        found.append(theirs.select(pl.lit(channel).alias("channel"), "key", bar=pl.lit("at_cap"), file=pl.lit(number, dtype=pl.Int32)))
    return pl.concat(found)


def built(folder: Path, keys: pl.DataFrame, caps: dict[str, int], *plan: PlanCell) -> Built:
    dedupe = netted(folder, *PEOPLE)
    bars = found_places(keys, dedupe, ["A"], {cell.channel for cell in plan}, SECRET, caps)
    return build(lot_brief(*plan), dedupe / "net", folder / "out", bars=bars)


def test_who_is_at_the_cap_of_a_channel_gets_another_where_there_is_one(tmp_path: Path) -> None:
    keys = sends(tmp_path / "spring", ("email", ("Petit", "Roux")), ("email", ("Petit",)), ("sms", ("Roux",)))

    made = built(tmp_path, keys, {"email": 2}, MAIL, LETTER)

    assert made.summary["at_cap"] == {"A": 1}
    assert "PETIT" in names_in(tmp_path, made, "rollout", "postal")
    assert "PETIT" not in names_in(tmp_path, made, "rollout", "email")
    assert {check["code"]: check["verdict"] for check in made.summary["checks"]}["at_cap:A"] == "ok"


def test_where_only_that_channel_is_planned_they_stand_in_the_reserve(tmp_path: Path) -> None:
    keys = sends(tmp_path / "spring", ("email", ("Petit", "Roux")), ("sms", ("Girard",)))

    made = built(tmp_path, keys, {"email": 1, "sms": 1}, MAIL)

    assert names_in(tmp_path, made, "reserve", "email") == {"PETIT", "ROUX"}
    assert "out_of_reach" not in made.summary, "they are counted apart"


def test_a_channel_without_a_cap_bars_nobody(tmp_path: Path) -> None:
    keys = sends(tmp_path / "spring", ("email", ("Petit", "Roux")))
    assert "at_cap" not in built(tmp_path, keys, {"sms": 1}, MAIL).summary
