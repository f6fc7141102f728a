"""Rest after a gift on the pages, and what machines keep of givers and hand to the next merge-purge."""

import io
import json
from datetime import date, timedelta
from pathlib import Path

import polars as pl
import pytest
from flask import Flask
from sqlmodel import select

from tasks.barred import keep_barred
from tasks.contacts import lay_pressure, secret_of
from tasks.merge_purge.pressure import Pressure
from tasks.responses import attribute_responses
from tests.integration.papers.journey import Journey
from tests.integration.papers.sealed import files
from tests.integration.portals.test_bounces_and_calls import NOBODY, bring, journey, seal_dedupe, sender, work_off  # noqa: F401
from tests.integration.portals.visiting import Visitor, person_named
from tests.integration.working import working
from workflows.campaign.records import LotPlan, MergePurgeRun, StoredFile
from workflows.engine.columns import new_key
from workflows.parties.actor import SYSTEM

HERE = "/manager/campaigns/26A"
ANSWERS = "DATE;CODE_LOT;ID_UNIQUE;CANAL;TYPE;MONTANT\r\n"
PERSONS = [
    (1, "person", b"zero"),
    (2, "person", b"one"),
    (2, "person", b"one, elsewhere"),
    (2, "household", b"home"),
    (3, "person", b"two"),
]


@pytest.fixture
def stage() -> str:
    return "responses"


@pytest.fixture
def gave(journey: Journey, sender: Visitor, tmp_path: Path) -> StoredFile:  # noqa: F811
    """The keys that a machine kept of whoever gave: one twice, while another promised and a third is not known."""
    journey.tune_policy({"pressure": {"gift_rest_days": 60}})
    seal_dedupe(journey, tmp_path, ALZ=(pl.DataFrame(PERSONS, schema=NOBODY.schema, orient="row"), ["S;;"] * 3))
    rows = [
        "14/10/2026;;ALZ-1;postal;don;30",
        "16/10/2026;;ALZ-1;postal;don;20",
        "14/10/2026;;ALZ-0;postal;promesse;0",
        "14/10/2026;;;postal;don;50",
    ]
    assert bring(sender, "responses", ANSWERS + "\r\n".join(rows)).status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)
    work_off(journey, tmp_path, "keep_barred", keep_barred)
    with journey.database.reading(SYSTEM) as session:
        stored = session.exec(select(StoredFile).where(StoredFile.kind == "gave_keys")).one()
        session.expunge_all()
    return stored


def test_who_gave_is_kept_as_keys_of_the_person_with_the_last_day(gave: StoredFile, tmp_path: Path) -> None:
    assert pl.read_parquet(io.BytesIO(files(tmp_path).read(gave))).rows() == [
        ("", b"one", date(2026, 10, 16)),
        ("", b"one, elsewhere", date(2026, 10, 16)),
    ]
    assert gave.purge_on == date(2026, 10, 16) + timedelta(days=61)


def test_the_next_merge_purge_is_handed_them_and_those_that_were_destroyed_meanwhile_are_left_out(
    journey: Journey,  # noqa: F811
    gave: StoredFile,
    tmp_path: Path,
) -> None:
    journey.open("26B")
    journey.reach("dedupe")
    work = working(journey, tmp_path, new_key())
    with journey.reading() as session:
        run = journey.facts(session).run
        assert run is not None
        run_id, drop_on = run.id, journey.facts(session).campaign.drop_on

    read = Pressure.read(lay_pressure(work, run_id, tmp_path / "earlier"))

    assert read.secret == secret_of(work, journey.advertiser_id)
    assert read.gift_rest is not None
    assert read.gift_rest.since == drop_on - timedelta(days=60)
    assert [pl.read_parquet(path).height for path in read.gift_rest.paths] == [2]

    with journey.database.writing(SYSTEM) as session:
        session.get_one(StoredFile, gave.id).wrapped_key = None
    laid = json.loads(lay_pressure(work, run_id, tmp_path / "later").read_text())
    assert laid["gift_rest"] == {"since": (drop_on - timedelta(days=60)).isoformat(), "paths": []}


def test_a_run_without_such_a_policy_is_handed_what_it_always_was(journey: Journey, tmp_path: Path) -> None:  # noqa: F811
    with journey.reading() as session:
        run = journey.facts(session).run
        assert run is not None
        assert run.brief["pressure"] == {"action": "suppress", "caps": [], "sends": []}
        run_id = run.id
    laid = json.loads(lay_pressure(working(journey, tmp_path, new_key()), run_id, tmp_path / "earlier").read_text())
    assert set(laid) == {"secret", "action", "caps", "earlier"}


@pytest.mark.parametrize(
    ("language", "action", "said"),
    [
        ("en", "suppress", "4 records were suppressed: these people gave to other campaigns on 14 August 2026 or later."),
        ("fr", "suppress", "4 adresses ont été écartées: ces personnes ont donné à d’autres campagnes le 14 août 2026 ou après."),
        ("en", "reserve", "4 records of the net go to the reserve: these people gave to other campaigns on 14 August 2026 or later."),
        (
            "fr",
            "reserve",
            "4 adresses du net vont en réserve: ces personnes ont donné à d’autres campagnes le 14 août 2026 ou après.",
        ),
    ],
)
def test_the_rooms_tell_who_rests_apart_from_who_is_over_a_cap(
    journey: Journey,  # noqa: F811
    site: Flask,
    language: str,
    action: str,
    said: str,
) -> None:
    marion = Visitor(site, person_named(journey, "Marion Vidal"), language)
    journey.tune_policy({"pressure": {"gift_rest_days": 60, "action": action}})
    files_of_givers = [{"file_id": str(new_key()), "campaign": "26Z"}]
    asked = {"action": action, "caps": [], "sends": [], "gift_rest": {"days": 60, "since": "2026-08-14", "files": files_of_givers}}
    with journey.database.writing(SYSTEM) as session:
        run, plan = session.exec(select(MergePurgeRun)).one(), session.exec(select(LotPlan)).one()
        run.brief = run.brief | {"pressure": asked}
        told = {"action": action, "caps": [], "sends": 0, "over": {"ALZ": 0}, "resting": {"ALZ": 4}}
        run.report = (run.report or {}) | {"pressure": told}
        if action == "reserve":
            plan.summary = plan.summary | {"over_cap": {"ALZ": 4}}

    page, lots, drops = (marion.words(one) for one in (f"{HERE}/dedupe", f"{HERE}/lots", "/manager/drops"))

    assert said in page
    assert "26Z" in page
    assert "365" not in page.partition(said)[2][:400], "no cap is told of"
    in_lots = {"en": "4 records stand in the reserve: these people gave", "fr": "4 adresses sont en réserve: ces personnes ont donné"}
    assert (in_lots[language] in lots) is (action == "reserve")
    assert {"en": "written to often enough", "fr": "assez de courrier"}[language] not in page + lots
    held = {
        "en": {"suppress": "Contact pressure: 4 records suppressed", "reserve": "Contact pressure: 4 records to the reserve"},
        "fr": {"suppress": "Pression commerciale: 4 adresses", "reserve": "Pression commerciale: 4 adresses"},
    }
    assert held[language][action] in drops
    assert {"en": "within 60 days before is not written to", "fr": "dans les 60 jours précédents"}[language] in drops
