"""Who gave to another campaign of late is held back like those over a cap, and told apart from them."""

import json
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.pressure import GIFT_REASON, REASON, GiftRest, Pressure
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record
from tests.unit.merge_purge.test_contact_pressure import ANNE, FIRM, ONE_IN_30, PAUL, SECRET, account, places, sent

SINCE = date(2026, 10, 14)


def gave(folder: Path, *people: dict[str, str], on: date = SINCE, secret: bytes = SECRET) -> Path:
    """The keys of these people who gave that day, as an earlier campaign keeps them."""
    folder.mkdir()
    run(brief_of(folder, {"A": list(people)}), folder / "out", pressure=Pressure(secret))
    keys = pl.read_parquet(folder / "out/contacts/A.parquet").filter(pl.col("kind") == "person")
    keys.select(channel=pl.lit(""), key="key", on=pl.lit(on)).write_parquet(folder / "gave.parquet")
    return folder / "gave.parquet"


def rest(*paths: Path, action: str = "suppress", **more: Any) -> Pressure:
    return Pressure(SECRET, action, gift_rest=GiftRest(SINCE, paths), **more)


def test_whoever_gave_is_suppressed_after_every_list_and_counted_as_such(tmp_path: Path) -> None:
    given = gave(tmp_path / "spring", PAUL, ANNE)
    brief = brief_of(tmp_path, {"A": [PAUL, ANNE, FIRM], "B": [PAUL]}, {"OPP": [ANNE]})

    report = run(brief, tmp_path / "out", pressure=rest(given))

    assert report["suppressions"] == ["OPP", GIFT_REASON]
    assert report["lists"]["A"]["suppressed"] == {"OPP": 1, GIFT_REASON: 1}
    assert (report["lists"]["A"]["net"], report["lists"]["B"]["net"]) == (1, 0)
    assert report["pressure"]["resting"] == {"A": 1, "B": 1}
    assert report["pressure"]["over"] == {"A": 0, "B": 0}


def test_whoever_is_over_a_cap_and_gave_counts_with_the_cap_alone(tmp_path: Path) -> None:
    earlier, given = sent(tmp_path / "summer", PAUL, days=12), gave(tmp_path / "spring", PAUL, ANNE)

    report = account(tmp_path, {"A": [PAUL, ANNE, FIRM]}, rest(given, caps=(ONE_IN_30,), earlier=(earlier,)))

    assert report["suppressions"] == [REASON, GIFT_REASON]
    assert report["lists"]["A"]["suppressed"] == {REASON: 1, GIFT_REASON: 1}
    assert (report["pressure"]["over"], report["pressure"]["resting"]) == ({"A": 1}, {"A": 1})


def test_put_in_reserve_both_stay_in_the_net_and_are_marked(tmp_path: Path) -> None:
    earlier, given = sent(tmp_path / "summer", PAUL, days=12), gave(tmp_path / "spring", ANNE)

    report = account(tmp_path, {"A": [PAUL, FIRM, ANNE]}, rest(given, action="reserve", caps=(ONE_IN_30,), earlier=(earlier,)))

    assert (report["suppressions"], report["lists"]["A"]["net"]) == ([], 3)
    assert (report["pressure"]["over"], report["pressure"]["resting"]) == ({"A": 1}, {"A": 1})
    assert sorted(places(tmp_path, "A")) == [1, 3]


def test_a_gift_of_before_the_day_holds_nobody_back_and_another_secret_knows_nobody(tmp_path: Path) -> None:
    early = gave(tmp_path / "winter", PAUL, on=date(2026, 10, 13))
    strange = gave(tmp_path / "elsewhere", PAUL, secret=bytes(32))
    assert account(tmp_path, {"A": [PAUL]}, rest(early, strange))["total"]["net"] == 1


def test_it_is_the_person_who_rests_in_whatever_spelling_and_not_the_household(tmp_path: Path) -> None:
    given = gave(tmp_path / "spring", PAUL)
    lists = {"A": [record(NOM="LEFÈBVRE", ADR4="12, R. DES TILLEULS"), record(CIVILITE="Mme", PRENOM="Julie")]}

    report = account(tmp_path, lists, rest(given))

    assert (report["total"]["net"], report["pressure"]["resting"]) == (1, {"A": 1})


def test_without_such_a_policy_the_report_says_nothing_of_it(tmp_path: Path) -> None:
    earlier = sent(tmp_path / "summer", PAUL, days=12)
    report = account(tmp_path, {"A": [PAUL]}, Pressure(SECRET, caps=(ONE_IN_30,), earlier=(earlier,)))
    assert set(report["pressure"]) == {"action", "caps", "sends", "over"}


def test_a_campaign_tells_the_engine_in_a_file(tmp_path: Path) -> None:
    told = {
        "secret": SECRET.hex(),
        "action": "reserve",
        "caps": [],
        "earlier": [],
        "gift_rest": {"since": "2026-10-14", "paths": ["1.parquet"]},
    }
    path = tmp_path / "pressure.json"
    path.write_text(json.dumps(told), encoding="utf-8")
    assert Pressure.read(path) == rest(tmp_path / "1.parquet", action="reserve")
