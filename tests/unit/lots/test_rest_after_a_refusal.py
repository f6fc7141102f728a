"""Whoever refused in a call of late is in no lot that is called: another channel of the segment gets to them, or the reserve holds them."""

import zipfile
from datetime import date
from pathlib import Path

import polars as pl

from tasks.lots.build import Built, PlanCell, build
from tasks.merge_purge.pressure import Pressure
from tasks.merge_purge.run import run
from tasks.refusals import refusal_keys, resting_places
from tests.unit.lots.briefs import lot_brief
from tests.unit.merge_purge.people import brief_of, record
from tests.unit.merge_purge.test_contact_pressure import SECRET

CALL, LETTER = PlanCell("A", "S1", "don", "A", "phone", "rollout", 1), PlanCell("A", "S1", "don", "B", "postal", "rollout", 1)
NAMES = ("Martin", "Bernard", "Petit", "Durand", "Moreau", "Girard", "Roux", "Fontaine")
PEOPLE = [record(NOM=name, ADR4=f"{number} rue Haute", TELEPHONE=f"04741234{number:02}") for number, name in enumerate(NAMES, 1)]


def netted(folder: Path, *people: dict[str, str], secret: bytes = SECRET) -> Path:
    """The merge-purge of these people."""
    folder.mkdir(exist_ok=True)
    run(brief_of(folder, {"A": list(people)}), folder / "dedupe", pressure=Pressure(secret))
    return folder / "dedupe"


def refused(folder: Path, days: dict[str, date], *people: dict[str, str], secret: bytes = SECRET) -> pl.DataFrame:
    """The keys that an earlier campaign of these people keeps of those who refused on these days, by their names."""
    dedupe = netted(folder, *people, secret=secret)
    build(lot_brief(CALL), dedupe / "net", folder / "out")
    split = pl.read_csv(folder / "out/net/A.csv", separator=";", infer_schema=False)
    ids = {row["ID_UNIQUE"]: days[row["NOM"].title()] for row in split.to_dicts() if row["NOM"].title() in days}
    with zipfile.ZipFile(folder / "dedupe.zip", "w") as net, zipfile.ZipFile(folder / "lots.zip", "w") as lots:
        net.write(dedupe / "contacts/A.parquet", "contacts/A.parquet")
        lots.write(folder / "out/net/A.csv", "net/A.csv")
        keys: pl.DataFrame = refusal_keys(net, lots, ["A", "B"], ids)
    return keys


def built(folder: Path, keys: pl.DataFrame, *plan: PlanCell) -> Built:
    """The lots of eight people, of whom those with these keys rest."""
    dedupe = netted(folder, *PEOPLE)
    resting = {"A": resting_places(dedupe / "contacts/A.parquet", keys.select("key"))}
    return build(lot_brief(*plan), dedupe / "net", folder / "out", resting=resting)


def names_in(folder: Path, made: Built, role: str, channel: str = "phone") -> set[str]:
    codes = [cell.code for cell in made.cells if (cell.role, cell.channel) == (role, channel)]
    net = pl.read_csv(folder / "out/net/A.csv", separator=";", infer_schema=False)
    return set(net.filter(pl.col("CODE_LOT").is_in(codes))["NOM"])


NO = {"Petit": date(2026, 10, 14), "Roux": date(2026, 10, 20)}


def test_where_people_are_only_called_those_at_rest_stand_in_the_reserve(tmp_path: Path) -> None:
    made = built(tmp_path, refused(tmp_path / "spring", NO, *PEOPLE), CALL)

    assert names_in(tmp_path, made, "reserve") == {"PETIT", "ROUX"}
    assert set(pl.read_csv(tmp_path / "out/contacts_phone.csv", separator=";", infer_schema=False)["NOM"]) == {
        name.upper() for name in NAMES if name not in NO
    }
    assert made.summary["at_rest"] == {"A": 2}
    assert "out_of_reach" not in made.summary, "they are counted apart"
    assert [(check["code"], check["actual"], check["verdict"]) for check in made.summary["checks"]] == [("at_rest:A", 0, "ok")]
    assert sum(cell.quantity for cell in made.cells) == len(PEOPLE)


def test_another_channel_of_the_segment_gets_to_those_at_rest(tmp_path: Path) -> None:
    made = built(tmp_path, refused(tmp_path / "spring", NO, *PEOPLE), CALL, LETTER)

    assert names_in(tmp_path, made, "rollout", "postal") > {"PETIT", "ROUX"}
    assert names_in(tmp_path, made, "rollout").isdisjoint({"PETIT", "ROUX"})
    assert (made.summary["at_rest"], names_in(tmp_path, made, "reserve")) == ({"A": 2}, set())


def test_somebody_is_known_again_by_another_spelling_at_the_same_door(tmp_path: Path) -> None:
    keys = refused(tmp_path / "spring", {"Petit": NO["Petit"]}, record(NOM="Petit", ADR4="3, RUE HAUTE", TELEPHONE="0474123403"), PEOPLE[0])

    assert names_in(tmp_path, built(tmp_path, keys, CALL), "reserve") == {"PETIT"}


def test_a_mailing_and_a_campaign_without_refusals_are_left_as_they_are_to_the_byte(tmp_path: Path) -> None:
    keys = refused(tmp_path / "spring", NO, *PEOPLE)

    for folder, line, found in ((tmp_path / "posted", LETTER, keys), (tmp_path / "nobody", CALL, keys.clear())):
        made = built(folder, found, line)
        plain = build(lot_brief(line), folder / "dedupe/net", folder / "plain")
        assert made == plain
        files = [path.relative_to(folder / "out") for path in (folder / "out").rglob("*") if path.is_file()]
        assert [(folder / "out" / file).read_bytes() for file in files] == [(folder / "plain" / file).read_bytes() for file in files]


def test_keys_hold_no_name_and_the_last_day_and_another_secret_meets_nobody(tmp_path: Path) -> None:
    keys = refused(tmp_path / "spring", NO, *PEOPLE)
    strange = refused(tmp_path / "elsewhere", NO, *PEOPLE, secret=bytes(32))

    assert keys.columns == ["key", "refused_on"]
    assert sorted(keys["refused_on"]) == sorted(NO.values())
    assert all(isinstance(key, bytes) and len(key) == 16 for key in keys["key"])
    assert built(tmp_path, strange, CALL).summary.get("at_rest") is None
