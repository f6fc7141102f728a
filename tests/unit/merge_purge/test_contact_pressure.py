"""Who was written to as often as the cap allows is suppressed or marked for the reserve, is counted as such, and is a hash."""

import json
from pathlib import Path
from typing import Any

import polars as pl
import pytest

from tasks.merge_purge.pressure import KEY_SCHEMA, REASON, Cap, EarlierSend, Pressure, contact_keys
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, prepared, record

SECRET = bytes(range(32))
PAUL, ANNE = record(), record(CIVILITE="Mme", PRENOM="Hortense", NOM="Vasseur", ADR4="3 place du Marché")
JULIE = record(CIVILITE="Mme", PRENOM="Julie")
FIRM = record(CIVILITE="", PRENOM="", NOM="", RAISON_SOCIALE="Menuiserie Perrin SARL", ADR4="8 rue Haute")
ONE_IN_30 = Cap("person", 30, 1)


def sent(folder: Path, *people: dict[str, str], days: int, secret: bytes = SECRET) -> EarlierSend:
    """A send of that many days ago that reached these people, as an earlier campaign keeps it."""
    folder.mkdir()
    run(brief_of(folder, {"A": list(people)}), folder / "out", pressure=Pressure(secret))
    keys = pl.read_parquet(folder / "out/contacts/A.parquet").select("kind", "key")
    keys.write_parquet(folder / "contacts.parquet")
    return EarlierSend(folder / "contacts.parquet", days)


def account(folder: Path, lists: dict[str, list[dict[str, str]]], pressure: Pressure, level: str = "individual") -> dict[str, Any]:
    """The report of a run under a cap."""
    return run(brief_of(folder, lists, level=level), folder / "out", pressure=pressure)


def places(folder: Path, code: str) -> list[int]:
    """Places in a list's net file of those over a cap."""
    found: list[int] = pl.read_parquet(folder / f"out/contacts/{code}.over.parquet")["place"].to_list()
    return found


def test_whoever_is_over_the_cap_is_suppressed_after_every_list_and_counted_as_such(tmp_path: Path) -> None:
    earlier = sent(tmp_path / "spring", PAUL, ANNE, days=12)
    brief = brief_of(tmp_path, {"A": [PAUL, ANNE, FIRM], "B": [PAUL]}, {"OPP": [ANNE]})

    report = run(brief, tmp_path / "out", pressure=Pressure(SECRET, caps=(ONE_IN_30,), earlier=(earlier,)))

    assert report["suppressions"] == ["OPP", REASON]
    assert report["lists"]["A"]["suppressed"] == {"OPP": 1, REASON: 1}
    assert (report["lists"]["A"]["net"], report["lists"]["B"]["net"]) == (1, 0)
    assert report["pressure"]["over"] == {"A": 1, "B": 1}
    assert report["pressure"]["caps"] == [{"kind": "person", "days": 30, "most": 1}]
    decisions = pl.read_parquet(tmp_path / "out/decisions.parquet").filter(pl.col("by") == REASON)
    assert decisions.select("source", "decision", "score").rows() == [("A", "suppressed", None), ("B", "suppressed", None)]


def test_put_in_reserve_they_stay_in_the_net_and_are_marked(tmp_path: Path) -> None:
    earlier = sent(tmp_path / "spring", ANNE, days=12)

    report = account(tmp_path, {"A": [PAUL, ANNE], "B": [FIRM]}, Pressure(SECRET, "reserve", (ONE_IN_30,), (earlier,)))

    assert report["suppressions"] == []
    assert (report["lists"]["A"]["net"], report["pressure"]["over"]) == (2, {"A": 1, "B": 0})
    assert (places(tmp_path, "A"), places(tmp_path, "B")) == ([2], [])


@pytest.mark.parametrize(
    ("cap", "net"),
    [
        (Cap("person", 30, 1), 0),
        (Cap("person", 30, 2), 1),
        (Cap("person", 90, 2), 0),
        (Cap("person", 90, 3), 1),
        (Cap("person", 365, 3), 0),
        (Cap("person", 365, 4), 1),
    ],
)
def test_a_cap_counts_the_sends_of_its_window_and_the_one_that_is_prepared(tmp_path: Path, cap: Cap, net: int) -> None:
    earlier = tuple(sent(tmp_path / f"{days} days ago", PAUL, days=days) for days in (30, 90, 365))
    assert account(tmp_path, {"A": [PAUL]}, Pressure(SECRET, caps=(cap,), earlier=earlier))["total"]["net"] == net


def test_a_household_is_counted_whoever_of_it_was_written_to(tmp_path: Path) -> None:
    earlier = (sent(tmp_path / "spring", PAUL, days=20), sent(tmp_path / "summer", JULIE, days=10))
    lists = {"A": [PAUL, JULIE, ANNE]}

    by_person = account(tmp_path, lists, Pressure(SECRET, caps=(Cap("person", 30, 2),), earlier=earlier))
    by_household = account(tmp_path, lists, Pressure(SECRET, caps=(Cap("household", 30, 2),), earlier=earlier))

    assert (by_person["total"]["net"], by_household["total"]["net"]) == (3, 1)


def test_one_send_to_two_of_a_household_is_one(tmp_path: Path) -> None:
    earlier = sent(tmp_path / "spring", PAUL, JULIE, days=20)
    report = account(tmp_path, {"A": [PAUL, JULIE]}, Pressure(SECRET, caps=(Cap("household", 30, 2),), earlier=(earlier,)))
    assert report["total"]["net"] == 2


def test_what_is_known_of_one_spelling_counts_for_all_records_of_the_person(tmp_path: Path) -> None:
    elsewhere = record(ADR4="4 impasse du Lavoir", EMAIL="paul.lefebvre@exemple.example", TELEPHONE="0474000001")
    here = record(EMAIL="paul.lefebvre@exemple.example", TELEPHONE="0474000001")
    earlier = sent(tmp_path / "spring", elsewhere, days=3)

    report = account(tmp_path, {"A": [here], "B": [elsewhere]}, Pressure(SECRET, caps=(ONE_IN_30,), earlier=(earlier,)))

    assert report["groups_kept"] == 0


@pytest.mark.parametrize(
    "other",
    [
        record(NOM="LEFÈBVRE", ADR4="12, R. DES TILLEULS", LOCALITE="BOURG EN BRESSE"),
        record(PRENOM="P.", ADR1="Apt 4"),
        record(CIVILITE="", NOM="LEFEBVRE", PRENOM="PAUL", ADR4="12 RUE DES TILLEULS"),
    ],
)
def test_a_key_outlives_the_spelling(tmp_path: Path, other: dict[str, str]) -> None:
    one, two = keys_of(tmp_path, PAUL, other)
    assert one == two


@pytest.mark.parametrize("other", [record(ADR4="14 rue des Tilleuls"), record(NOM="Martin"), record(CP="59400"), FIRM])
def test_another_door_or_name_has_another_key(tmp_path: Path, other: dict[str, str]) -> None:
    one, two = keys_of(tmp_path, PAUL, other)
    assert not set(one.values()) & set(two.values())


def test_of_nobody_and_of_nowhere_there_is_no_key(tmp_path: Path) -> None:
    nobody, nowhere = keys_of(tmp_path, record(NOM="", PRENOM="", CIVILITE=""), record(CP="", LOCALITE="Saint-Martin"))
    assert set(nobody.values()) | set(nowhere.values()) == {None}


def test_without_the_secret_a_key_says_nothing(tmp_path: Path) -> None:
    (ours,), (theirs,) = keys_of(tmp_path, PAUL), keys_of(tmp_path, PAUL, secret=b"another")
    assert ours["person"] != theirs["person"]
    assert ours["person"] != ours["household"], "a company's and a person's key are never taken for each other"
    assert len(ours["person"]) == 16


def test_a_run_without_pressure_keeps_no_key(tmp_path: Path) -> None:
    report = run(brief_of(tmp_path, {"A": [PAUL]}), tmp_path / "out")
    assert "pressure" not in report
    assert not (tmp_path / "out/contacts").exists()


def test_what_a_campaign_lays_out_is_read_back(tmp_path: Path) -> None:
    pl.DataFrame(schema=KEY_SCHEMA).write_parquet(tmp_path / "1.parquet")
    told = {
        "secret": SECRET.hex(),
        "action": "reserve",
        "caps": [{"kind": "household", "days": 90, "most": 4}],
        "earlier": [{"path": "1.parquet", "days": 40}],
    }
    path = tmp_path / "pressure.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert Pressure.read(path) == Pressure(SECRET, "reserve", (Cap("household", 90, 4),), (EarlierSend(tmp_path / "1.parquet", 40),))

    path.write_text(json.dumps(told | {"action": "forget"}), encoding="utf-8")
    with pytest.raises(ValueError, match="not known"):
        Pressure.read(path)


def keys_of(folder: Path, *people: dict[str, str], secret: bytes = SECRET) -> list[dict[str, bytes]]:
    frame = pl.DataFrame(prepared(folder, *people), infer_schema_length=None)
    return contact_keys(frame, secret).drop("id").to_dicts()
