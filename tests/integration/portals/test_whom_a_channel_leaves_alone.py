"""The lots' room tells whom a channel leaves alone, and that lots leave out too few; what a machine counts holds up the mailing order."""

import zipfile
from datetime import date, timedelta
from pathlib import Path
from uuid import UUID

import polars as pl
import pytest
from flask import Flask
from sqlmodel import select

from tasks.barred import recount_barred
from tasks.contacts import secret_of
from tasks.lots import build_lots
from tasks.merge_purge.pressure import hashed
from tests.integration.papers.journey import Journey
from tests.integration.papers.sealed import files, seal
from tests.integration.portals.test_bounces_and_calls import NOBODY, deduped
from tests.integration.portals.visiting import Visitor, person_named, words
from tests.integration.working import working
from workflows.campaign.records import Lot, LotPlan, StoredFile
from workflows.campaign.stages.lots import RecordLots
from workflows.engine.columns import new_key
from workflows.parties.actor import SYSTEM
from workflows.plan_line.model import PlanLine

HERE = "/manager/campaigns/26A"
LOTS, SEND = f"{HERE}/lots", f"{HERE}/send"
EMAILED = "26AALZP12BT"


@pytest.fixture
def stage() -> str:
    return "send"


def split(journey: Journey, **summary: object) -> None:
    """What a machine said of the lots that it made."""
    with journey.database.writing(SYSTEM) as session:
        plan = session.exec(select(LotPlan)).one()
        plan.summary = plan.summary | summary


@pytest.mark.parametrize(
    ("language", "at_rest", "unreached", "at_cap"),
    [
        (
            "en",
            "2 people refused in calls of other campaigns of late, and are not called",
            "E-mails, messages or calls of other campaigns reached nobody at the addresses or numbers of 1,203 people",
            "1 person was got to by this channel in other campaigns as often as policy allows, and it leaves this person alone",
        ),
        (
            "fr",
            "2 personnes ont refusé il y a peu lors d’appels d’autres campagnes, et ne sont pas appelées",
            "1 203 personnes ont une adresse ou un numéro que d’autres campagnes ont révélé invalide, et que ces canaux écartent",
            "1 personne a été sollicitée par ce canal dans d’autres campagnes autant que la politique le permet, et il l’écarte",
        ),
    ],
)
def test_the_lots_room_counts_who_rests_and_whom_nothing_reached_apart(
    journey: Journey, site: Flask, language: str, at_rest: str, unreached: str, at_cap: str
) -> None:
    marion = Visitor(site, person_named(journey, "Marion Vidal"), language)
    page = marion.words(LOTS)
    assert at_rest[6:] not in page
    assert unreached[6:] not in page
    assert at_cap[6:] not in page

    split(journey, at_rest={"ALZ": 2}, unreached={"ALZ": 1200, "DOM": 3}, at_cap={"DOM": 1})

    page = marion.words(LOTS)
    assert at_rest in page
    assert unreached in page
    assert at_cap in page


# --- what a machine looks up ------------------------------------------------------------------------------------------------------------

PEOPLE = ["S;anne0@poste.example;", "S;anne1@poste.example;", "S;anne2@poste.example;"]
POSTED = ";".join(f"posted_{name}" for name in ("civility", "first_name", "last_name", "company", "postcode", "town"))
NET_TITLES = f"id;segment;files;{POSTED};L1;L2;L3;L4;L5;L6;email;phone"


@pytest.fixture
def emailed(journey: Journey, tmp_path: Path) -> Journey:
    """Lots that are ready to be sent, one of them by e-mail, and what the merge-purge left."""
    with journey.database.writing(SYSTEM) as session:
        for line in session.exec(select(PlanLine).where(PlanLine.list_code == "ALZ")):
            line.channel = "email"
        session.exec(select(Lot).where(Lot.code == EMAILED)).one().channel = "email"
        lists = {lot.list_code for lot in session.exec(select(Lot))}
    folder = deduped(tmp_path / "dedupe", **{code: (NOBODY, PEOPLE if code == "ALZ" else []) for code in lists})
    nets = {code: [f"A{n};{EMAILED}" for n in range(3)] if code == "ALZ" else [] for code in lists}
    with zipfile.ZipFile(tmp_path / "dedupe.zip", "w") as dedupe, zipfile.ZipFile(tmp_path / "lots.zip", "w") as lots:
        for path in folder.rglob("*.*"):
            dedupe.write(path, path.relative_to(folder).as_posix())
        for code, rows in nets.items():
            lots.writestr(f"net/{code}.csv", "\r\n".join(["ID_UNIQUE;CODE_LOT", *rows, ""]))
    seal(journey.database, tmp_path, tmp_path / "dedupe.zip", "dedupe")
    seal(journey.database, tmp_path, tmp_path / "lots.zip")
    return journey


def bounced_elsewhere(journey: Journey, tmp_path: Path, *mailboxes: str) -> UUID:
    """Another campaign of the advertiser keeps the keys of mailboxes that are dead since the 1st of September; the file of them."""
    own = journey.campaign_id
    journey.open("26B")
    work = working(journey, tmp_path, new_key())
    keys = hashed(pl.Series(mailboxes), secret_of(work, journey.advertiser_id), "email")
    pl.DataFrame({"channel": "email", "key": keys, "on": date(2026, 9, 1)}).write_parquet(tmp_path / "keys.parquet")
    kept = files(tmp_path).keep(tmp_path / "keys.parquet", "keys.parquet")
    row = StoredFile(
        advertiser_id=journey.advertiser_id,
        campaign_id=journey.campaign_id,
        from_seq=1,
        kind="unreached_keys",
        stored_at=journey.now,
        **vars(kept),
    )
    with journey.database.writing(SYSTEM) as session:
        session.add(row)
        session.flush()
        file_id = row.id
    journey.campaign_id = own
    return file_id


def recount(journey: Journey, tmp_path: Path) -> None:
    for command in recount_barred(working(journey, tmp_path, new_key()), {}):
        journey.ask(command, by=SYSTEM)


@pytest.mark.parametrize(
    ("language", "outdated", "told", "needed"),
    [
        (
            "en",
            "26B reported who refused, was not reached, or was sent something, and it was not looked up in these lots",
            f"people of these lots are left alone by their channel: {EMAILED} (2).",
            "Make the lots again, or write why they are sent to all the same.",
        ),
        (
            "fr",
            "Les refus, les adresses ou numéros invalides et les envois signalés par 26B n’ont pas été recherchés",
            f"des personnes de ces lots sont écartées de leur canal: {EMAILED} (2).",
            "Refaites les lots, ou écrivez pourquoi elles sont tout de même sollicitées.",
        ),
    ],
)
def test_lots_that_leave_out_too_few_are_told_counted_by_a_machine_and_ordered_with_a_reason_alone(
    emailed: Journey, site: Flask, tmp_path: Path, language: str, outdated: str, told: str, needed: str
) -> None:
    marion = Visitor(site, person_named(emailed, "Marion Vidal"), language)
    emailed.sign_proofs()
    assert outdated not in marion.words(LOTS)
    bounced_elsewhere(emailed, tmp_path, "anne0@poste.example", "anne2@poste.example", "paul@poste.example")

    assert outdated in marion.words(LOTS)
    assert "26B" in marion.words(SEND), "the order is closed, and says why"
    assert marion.send(f"{HERE}/moves/order_mailing", marion.form(SEND, "order_mailing")).status_code == 409
    assert marion.send(f"{HERE}/moves/recount_barred", marion.form(LOTS, "recount_barred")).status_code == 303
    recount(emailed, tmp_path)

    assert outdated not in marion.words(LOTS)
    assert told in marion.words(LOTS)
    assert told in marion.words(SEND)
    fields = marion.form(SEND, "order_mailing")
    refused = marion.send(f"{HERE}/moves/order_mailing", fields)
    assert (refused.status_code, needed in words(refused)) == (409, True)
    assert marion.send(f"{HERE}/moves/order_mailing", fields | {"order_mailing-barred_reason": "Deux adresses."}).status_code == 303
    assert told not in marion.words(SEND)


def test_where_the_machine_finds_nobody_the_mailing_is_ordered_as_ever(emailed: Journey, site: Flask, tmp_path: Path) -> None:
    marion = Visitor(site, person_named(emailed, "Marion Vidal"))
    emailed.sign_proofs()
    bounced_elsewhere(emailed, tmp_path, "paul@poste.example")

    recount(emailed, tmp_path)

    assert "Left alone by their channel" not in marion.words(LOTS) + marion.words(SEND)
    assert "barred_reason" not in marion.open(SEND).text
    assert marion.send(f"{HERE}/moves/order_mailing", marion.form(SEND, "order_mailing")).status_code == 303


def test_a_machine_that_finds_the_addresses_destroyed_counts_nobody_and_stops_nothing(emailed: Journey, tmp_path: Path) -> None:
    bounced_elsewhere(emailed, tmp_path, "anne0@poste.example")
    assert len(recount_barred(working(emailed, tmp_path, new_key()), {})) == 1

    with emailed.database.writing(SYSTEM) as session:
        for file in session.exec(select(StoredFile)):
            file.wrapped_key = None

    assert list(recount_barred(working(emailed, tmp_path, new_key()), {})) == []


def test_lots_say_by_which_files_and_for_which_day_they_were_made_and_nothing_where_there_are_none(
    emailed: Journey, tmp_path: Path
) -> None:
    def built() -> RecordLots:
        with emailed.database.reading(SYSTEM) as session:
            run = emailed.facts(session).run
        (command,) = build_lots(working(emailed, tmp_path, new_key()), {"run_id": str(run.id)})
        assert isinstance(command, RecordLots)
        return command

    for path in (tmp_path / "dedupe/net").iterdir():
        rows = [f"A{n};P12;1;;ANNE;N{n};;69002;LYON;;;;;;;anne{n}@poste.example;" for n in range(3)] if path.stem == "ALZ" else []
        path.write_text("\r\n".join([NET_TITLES, *rows, ""]))
    with zipfile.ZipFile(tmp_path / "dedupe.zip", "w") as archive:
        for path in (tmp_path / "dedupe").rglob("*.*"):
            archive.write(path, path.relative_to(tmp_path / "dedupe").as_posix())
    seal(emailed.database, tmp_path, tmp_path / "dedupe.zip", "dedupe")
    assert set(built().summary) == {"checks", "files", "split"}

    file_id = bounced_elsewhere(emailed, tmp_path, "anne2@poste.example")

    summary = built().summary
    assert summary["looked_up"] == {"drop_on": emailed.kit.brief.drop_on.isoformat(), "files": [str(file_id)], "found": {}}
    assert summary["unreached"] == {"ALZ": 1}


def test_before_the_drop_is_moved_to_an_earlier_day_the_page_tells_that_it_is_counted_again(
    emailed: Journey, site: Flask, tmp_path: Path
) -> None:
    marion = Visitor(site, person_named(emailed, "Marion Vidal"))
    bounced_elsewhere(emailed, tmp_path, "paul@poste.example")
    recount(emailed, tmp_path)
    told = "Whom the lots’ channels leave alone is counted again for that day."

    earlier, later = (emailed.kit.brief.drop_on + timedelta(days=days) for days in (-1, 1))

    assert told in marion.words(f"{HERE}/schedule?to-drop_on={earlier}")
    assert told not in marion.words(f"{HERE}/schedule?to-drop_on={later}")
