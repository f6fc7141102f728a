"""Whom a channel leaves alone is in no lot that it sends: another channel of the segment gets to them, or the reserve holds them.

That is whoever refused in a call of late, and wherever an e-mail, a message or a call reached nobody.
"""

import zipfile
from datetime import date
from pathlib import Path

import polars as pl
import pytest

from tasks.barred import barred_keys, found_places
from tasks.lots.build import Built, PlanCell, build
from tasks.merge_purge.pressure import Pressure
from tasks.merge_purge.run import run
from tests.unit.lots.briefs import lot_brief
from tests.unit.merge_purge.people import brief_of, record
from tests.unit.merge_purge.test_contact_pressure import SECRET
from workflows.trade.barring import Bar

MAIL, MESSAGE = PlanCell("A", "S1", "don", "C", "email", "rollout", 1), PlanCell("A", "S1", "don", "D", "sms", "rollout", 1)
CALL, LETTER = PlanCell("A", "S1", "don", "A", "phone", "rollout", 1), PlanCell("A", "S1", "don", "B", "postal", "rollout", 1)
NAMES = ("Martin", "Bernard", "Petit", "Durand", "Moreau", "Girard", "Roux", "Fontaine")
PEOPLE = [record(NOM=name, ADR4=f"{number} rue Haute", TELEPHONE=f"04741234{number:02}") for number, name in enumerate(NAMES, 1)]


def netted(folder: Path, *people: dict[str, str], secret: bytes = SECRET) -> Path:
    """The merge-purge of these people."""
    folder.mkdir(exist_ok=True)
    run(brief_of(folder, {"A": list(people)}), folder / "dedupe", pressure=Pressure(secret))
    return folder / "dedupe"


def keys_of(folder: Path, bar: Bar, channel: str, days: dict[str, date], *people: dict[str, str], secret: bytes = SECRET) -> pl.DataFrame:
    """The keys that an earlier campaign of these people keeps of those who were barred so on these days, by their names."""
    dedupe = netted(folder, *people, secret=secret)
    build(lot_brief(CALL), dedupe / "net", folder / "out")
    split = pl.read_csv(folder / "out/net/A.csv", separator=";", infer_schema=False)
    rows = [(row["ID_UNIQUE"], channel, days[row["NOM"].title()]) for row in split.to_dicts() if row["NOM"].title() in days]
    with zipfile.ZipFile(folder / "lots.zip", "w") as lots:
        lots.write(folder / "out/net/A.csv", "net/A.csv")
        keys: pl.DataFrame = barred_keys(dedupe, lots, ["A"], bar, rows, secret)
    return keys.with_columns(bar=pl.lit(str(bar)))


def refused(folder: Path, days: dict[str, date], *people: dict[str, str], secret: bytes = SECRET) -> pl.DataFrame:
    return keys_of(folder, Bar.AT_REST, "phone", days, *people, secret=secret)


def unreached(folder: Path, channel: str, names: tuple[str, ...], *people: dict[str, str]) -> pl.DataFrame:
    return keys_of(folder, Bar.UNREACHED, channel, dict.fromkeys(names, date(2026, 10, 14)), *people)


def built(folder: Path, keys: pl.DataFrame, *plan: PlanCell, people: list[dict[str, str]] = PEOPLE) -> Built:
    """The lots of eight people, of whom a channel leaves alone those with these keys."""
    dedupe = netted(folder, *people)
    bars = found_places(keys.select("channel", "key", "bar"), dedupe, ["A"], {cell.channel for cell in plan}, SECRET)
    return build(lot_brief(*plan), dedupe / "net", folder / "out", bars=bars)


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

    assert keys.drop("bar").columns == ["channel", "key", "on"]
    assert sorted(keys["on"]) == sorted(NO.values())
    assert all(isinstance(key, bytes) and len(key) == 16 for key in keys["key"])
    assert built(tmp_path, strange, CALL).summary.get("at_rest") is None


# --- addresses and numbers at which nobody was reached ------------------------------------------------------------------------------------


def with_contacts(mobile: str = "0611223{:03}", mailbox: str = "{}@poste.example") -> list[dict[str, str]]:
    return [
        one | {"EMAIL": mailbox.format(name.lower()), "TELEPHONE": mobile.format(number)}
        for number, (name, one) in enumerate(zip(NAMES, PEOPLE, strict=True))
    ]


def test_whose_e_mail_came_back_gets_a_letter_where_there_is_one_and_no_other_e_mail(tmp_path: Path) -> None:
    people = with_contacts()
    keys = unreached(tmp_path / "spring", "email", ("Petit", "Roux"), *people)

    made = built(tmp_path, keys, MAIL, LETTER, people=people)

    assert names_in(tmp_path, made, "rollout", "postal") > {"PETIT", "ROUX"}
    mailed = pl.read_csv(tmp_path / "out/contacts_email.csv", separator=";", infer_schema=False)
    assert set(mailed["NOM"]).isdisjoint({"PETIT", "ROUX"})
    assert (made.summary["unreached"], names_in(tmp_path, made, "reserve")) == ({"A": 2}, set())
    assert "at_rest" not in made.summary
    assert {check["code"]: check["verdict"] for check in made.summary["checks"]}["unreached:A"] == "ok"


@pytest.mark.parametrize(("line", "channel"), [(MAIL, "email"), (MESSAGE, "sms"), (CALL, "phone")])
def test_where_only_that_channel_is_planned_they_stand_in_the_reserve(tmp_path: Path, line: PlanCell, channel: str) -> None:
    people = with_contacts()
    made = built(tmp_path, unreached(tmp_path / "spring", channel, ("Petit", "Roux"), *people), line, people=people)

    assert names_in(tmp_path, made, "reserve", channel) == {"PETIT", "ROUX"}
    assert made.summary["unreached"] == {"A": 2}
    assert "out_of_reach" not in made.summary, "they are counted apart"


def test_it_is_the_address_that_is_left_alone_however_it_is_spelt_and_not_the_person_who_has_another(tmp_path: Path) -> None:
    keys = unreached(tmp_path / "spring", "email", ("Petit", "Roux"), *with_contacts())
    people = with_contacts(mailbox="{}@ailleurs.example")
    people[NAMES.index("Roux")] |= {"EMAIL": " ROUX@Poste.Example"}
    people[NAMES.index("Girard")] |= {"EMAIL": "petit@poste.example"}

    made = built(tmp_path, keys, MAIL, people=people)

    assert names_in(tmp_path, made, "reserve", "email") == {"ROUX", "GIRARD"}


def test_a_channel_leaves_alone_what_it_did_not_reach_and_the_others_do_not(tmp_path: Path) -> None:
    people = with_contacts()
    by_message = unreached(tmp_path / "spring", "sms", ("Petit",), *people)

    made = built(tmp_path, by_message, CALL, MAIL, people=people)

    assert "unreached" not in made.summary


def test_a_number_is_known_again_abroad_and_by_whoever_writes_it_otherwise(tmp_path: Path) -> None:
    keys = unreached(tmp_path / "spring", "phone", ("Petit",), *with_contacts())

    made = built(tmp_path, keys, CALL, people=with_contacts(mobile="+33 6 11 22 3{:03}"))

    assert names_in(tmp_path, made, "reserve") == {"PETIT"}


def test_a_list_that_gives_no_addresses_keeps_none_and_is_sent_to_whole(tmp_path: Path) -> None:
    kept = unreached(tmp_path / "spring", "email", ("Petit",), *PEOPLE)
    known = unreached(tmp_path / "summer", "email", ("Petit",), *with_contacts())

    assert kept.height == 0
    assert "unreached" not in built(tmp_path, known, MAIL).summary


def test_keys_of_an_address_are_those_of_no_number_and_of_no_person(tmp_path: Path) -> None:
    people = with_contacts()
    keys = [
        keys_of(tmp_path / f"{bar}{channel}", bar, channel, {"Petit": date(2026, 10, 14)}, *people)["key"].to_list()
        for bar, channel in ((Bar.AT_REST, "phone"), (Bar.UNREACHED, "phone"), (Bar.UNREACHED, "sms"), (Bar.UNREACHED, "email"))
    ]

    assert keys[1] == keys[2], "one number"
    assert len({key for some in keys for key in some}) == 3
