"""Bounces and calls on the pages and for programs: who sends or calls brings a file, and everybody reads what became of it."""

import csv
import io
import re
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path
from typing import Any

import polars as pl
import pytest
from flask import Flask
from sqlmodel import col, select
from werkzeug.test import TestResponse

from tasks.barred import barred_places, keep_barred
from tasks.contacts import secret_of
from tasks.objections import write_objections
from tasks.responses import attribute_responses
from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.papers.sealed import files, seal, seal_run
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from tests.integration.working import working
from workflows.campaign.contacted.barring import KeptKeys
from workflows.campaign.records import Lot, ObjectionFile, Response, StoredFile
from workflows.engine.outbox import OutboxMessage
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Supplier
from workflows.trade.barring import Bar

HERE, THEIRS = "/manager/campaigns/26A", "/supplier/campaigns/26A/responses"
MAILED, CALLED = "26AALZP12BT", "26ADOMD12AR"
TITLES = "CODE_CAMP;CODE_LOT;ID_UNIQUE;NOM;RAISON_SOCIALE;CP"
NET = "ID_SOURCE;ID_UNIQUE;CODE_LOT;CIVILITE;PRENOM;NOM;RAISON_SOCIALE;L1;L2;L3;L4;L5;L6;CP;LOCALITE"
BOUNCES = "DATE;CODE_LOT;ID_UNIQUE;TYPE\r\n"
CALLS = "Date;Code lot;ID unique;Résultat\r\n"


@pytest.fixture
def stage() -> str:
    return "responses"


@pytest.fixture
def journey(opened: Journey, tmp_path: Path) -> Journey:
    """The campaign waiting for answers, three people of one lot e-mailed, six of another called, by suppliers who do nothing else."""
    with zipfile.ZipFile(tmp_path / "lots.zip", "w") as archive:
        for channel, lot, list_code, people in (("email", MAILED, "ALZ", 3), ("phone", CALLED, "DOM", 6)):
            ids = [f"{list_code}-{number}" for number in range(people)]
            mailing = [f"26A;{lot};{one};GUERIN;;6900{number}" for number, one in enumerate(ids)]
            net = [f"S{one};{one};{lot};MME;ANNE;GUERIN;;;;;3 PLACE CARNOT;;;6900{n};LYON" for n, one in enumerate(ids)]
            archive.writestr(f"mailing_{channel}.csv", "\r\n".join([TITLES, *mailing, ""]))
            archive.writestr(f"net/{list_code}.csv", "\r\n".join([NET, *net, ""]))
        with opened.reading() as session:
            lists = {lot.list_code for lot in opened.facts(session).lots}
        for list_code in lists - {"ALZ", "DOM"}:
            archive.writestr(f"net/{list_code}.csv", f"{NET}\r\n")
    seal(opened.database, tmp_path, tmp_path / "lots.zip")
    seal_run(opened.database, tmp_path, tmp_path / "lots.zip", {"DOM-0": ["ALZ", "MAI"]})
    with opened.database.writing(SYSTEM) as session:
        for code, kind in (("S-CAG", "esp"), ("S-IMP", "call_center")):
            session.exec(select(Supplier).where(Supplier.code == code)).one().kind = kind
        for code, channel in ((MAILED, "email"), (CALLED, "phone")):
            session.exec(select(Lot).where(Lot.code == code)).one().channel = channel
    return opened


@pytest.fixture
def manager(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, person_named(journey, "Marion Vidal"))


@pytest.fixture
def sender(journey: Journey, site: Flask) -> Visitor:
    """Whoever sends the e-mails."""
    return Visitor(site, give_contact(journey, "S-CAG"))


@pytest.fixture
def caller(journey: Journey, site: Flask) -> Visitor:
    return Visitor(site, give_contact(journey, "S-IMP"))


def work_off(journey: Journey, folder: Path, name: str, task: Any) -> None:
    """Let a machine do the newest that was asked of it."""
    with journey.database.reading(SYSTEM) as session:
        asked = select(OutboxMessage).where(OutboxMessage.name == name)
        message = session.exec(asked.order_by(col(OutboxMessage.requested_seq).desc())).first()
        assert message is not None, "it was asked for"
        session.expunge_all()
    for command in task(working(journey, folder, message.id), message.payload):
        journey.ask(command, by=SYSTEM)


def bring(visitor: Visitor, kind: str, text: str, name: str = "lundi.csv") -> TestResponse:
    return visitor.send(THEIRS, {"kind": kind}, file=(io.BytesIO(text.encode()), name))


def test_a_house_that_sends_e_mails_brings_its_bounces_and_reads_which_lines_could_not_be_read(
    journey: Journey, sender: Visitor, manager: Visitor, tmp_path: Path
) -> None:
    assert "Bounces and answers, whenever you have a file." in sender.words("/supplier/")
    form = sender.words(THEIRS)
    assert "E-mails and messages that bounced" in form
    assert "How calls ended" not in form
    rows = ["14/10/2026;;ALZ-0;dur", "14/10/2026;;ALZ-1;mou", "14/10/2026;;ALZ-9;mou", "14/10/2026;;ALZ-2;?", "14/10/2026;;DOM-1;mou"]

    assert bring(sender, "bounces", BOUNCES + "\r\n".join(rows)).status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)

    remarks = (
        "Line 4: an identifier that this campaign gave nobody. Line 5: what happened is none of the words of such a file. "
        "Line 6: a lot that went out by another channel."
    )
    assert f"lundi.csv {remarks} Bounces and objections of e-mails and messages Done 5 2 0 3" in sender.words(THEIRS)
    page = manager.words(f"{HERE}/responses")
    assert remarks in page
    assert "hard bounce: undeliverable at once 1" in page
    assert "soft bounces: undeliverable after 3 0" in page
    assert "soft bounces, not undeliverable yet 1" in page
    assert "hard bounce 1" in page

    work_off(journey, tmp_path, "write_objections", write_objections)
    with journey.database.reading(SYSTEM) as session:
        written = {one.supplier_id: session.get_one(StoredFile, one.file_id) for one in session.exec(select(ObjectionFile))}
        session.expunge_all()
    house = written.pop(None)
    (owner,) = written.values()
    assert list(csv.DictReader(io.StringIO(files(tmp_path).read(house).decode()), delimiter=";")) == [], "a letter may well reach them"
    (row,) = csv.DictReader(io.StringIO(files(tmp_path).read(owner).decode()), delimiter=";")
    assert row == {"LISTE": "ALZ", "ID_SOURCE": "SALZ-0", "MOTIF": "rebond_definitif", "DATE": "14/10/2026"}


def test_who_unsubscribes_or_complains_is_in_the_files_of_objections_and_too_many_complaints_are_told(
    journey: Journey, sender: Visitor, manager: Visitor, tmp_path: Path
) -> None:
    bring(sender, "bounces", BOUNCES + "14/10/2026;;ALZ-0;désinscription\r\n15/10/2026;;ALZ-1;Plainte\r\n15/10/2026;;ALZ-2;spam")
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)

    page = manager.words(f"{HERE}/responses")
    assert re.search("unsubscribed: an objection 1 .* More than 0.30% of those who got an e-mail complained", page)
    work_off(journey, tmp_path, "write_objections", write_objections)
    with journey.database.reading(SYSTEM) as session:
        written = session.exec(select(ObjectionFile).where(col(ObjectionFile.supplier_id).is_not(None))).one()
        told = files(tmp_path).read(session.get_one(StoredFile, written.file_id)).decode()
    assert re.findall(r"(\w+-\d);(\w+);", told) == [(f"SALZ-{number}", "opposition") for number in range(3)]


def test_a_call_center_brings_its_daily_report_and_everybody_reads_the_calls_of_each_day(
    journey: Journey, caller: Visitor, manager: Visitor, site: Flask, tmp_path: Path
) -> None:
    assert "How your calls ended, a file each day." in caller.words("/supplier/")
    ends = ["accord", "refus", "à rappeler", "faux numéro", "opposition", "joint"]
    rows = [f"{14 + number // 4}/10/2026;{CALLED};DOM-{number};{end}" for number, end in enumerate(ends)]

    assert bring(caller, "calls", CALLS + "\r\n".join(rows)).status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)

    page = manager.words(f"{HERE}/responses")
    assert "lundi.csv Report of calls Done 6 6 0 0" in caller.words(THEIRS)
    table = "Day Calls Reached Agreed Refused To call again Wrong number Objected "
    table += "14 October 2026 4 0 1 1 1 1 0 15 October 2026 2 1 0 0 0 0 1 Total 6 1 1 1 1 1 1"
    assert table in page
    assert "promise, in a call 1" in page
    assert "wrong number 1" in page
    with journey.database.reading(SYSTEM) as session:
        had = {row.unique_id: row.lists for row in session.exec(select(Response))}
    assert had == {"DOM-0": ["ALZ", "DOM", "MAI"], "DOM-4": ["DOM"]}
    assert table in Visitor(site, person_named(journey, "Yann Kerbrat")).words("/auditor/campaigns/26A/analysis")


@pytest.mark.parametrize(
    ("language", "remark", "rows"),
    [
        (
            "en",
            "Calls that broke a rule, and count like the others: 1 on a weekend or a public holiday (line 4); "
            "2 outside the hours of calls (lines 2, 5); 1 too soon after a refusal (line 4).",
            "on a weekend or a public holiday 1 outside the hours of calls 2 too soon after a refusal 1",
        ),
        (
            "fr",
            "Appels qui ont enfreint une règle, et comptent comme les autres: 1 un week-end ou un jour férié (ligne 4); "
            "2 hors des heures d’appel (lignes 2, 5); 1 trop tôt après un refus (ligne 4).",
            "un week-end ou un jour férié 1 hors des heures d’appel 2 trop tôt après un refus 1",
        ),
    ],
)
def test_calls_that_broke_a_rule_are_told_to_whoever_brought_them_to_the_manager_and_to_auditors(
    journey: Journey, site: Flask, tmp_path: Path, language: str, remark: str, rows: str
) -> None:
    caller, marion, auditor = (
        Visitor(site, who, language)
        for who in (give_contact(journey, "S-IMP"), person_named(journey, "Marion Vidal"), person_named(journey, "Yann Kerbrat"))
    )
    lines = [
        "14/10/2026;;DOM-0;refus;09:30",
        "14/10/2026;;DOM-1;joint;10:00",
        "17/10/2026;;DOM-0;joint;11:00",
        "15/10/2026;;DOM-2;joint;20h15",
    ]

    assert bring(caller, "calls", "DATE;CODE_LOT;ID_UNIQUE;RESULTAT;HEURE\r\n" + "\r\n".join(lines)).status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)

    assert remark in caller.words(THEIRS)
    page = marion.words(f"{HERE}/responses")
    assert remark in page
    assert rows in page
    assert rows in auditor.words("/auditor/campaigns/26A/analysis")
    (batch,) = Program(journey, site, "Contact S-IMP").get("campaigns/26A/batches").json["batches"]
    assert (batch["counts"]["outside_hours"], batch["counts"]["new"]) == (2, 4)
    assert batch["broken"][0] == {"line": 2, "rule": "outside_hours"}


@pytest.mark.parametrize(
    ("language", "remark"),
    [
        ("en", "The first line of the file has no title TYPE. It has to read DATE;CODE_LOT;ID_UNIQUE;TYPE, in any order."),
        ("fr", "La première ligne du fichier n’a pas l’intitulé TYPE. Elle doit porter DATE;CODE_LOT;ID_UNIQUE;TYPE"),
    ],
)
def test_a_file_of_other_titles_is_refused_at_once_and_leaves_nothing(journey: Journey, site: Flask, language: str, remark: str) -> None:
    sender = Visitor(site, give_contact(journey, "S-CAG"), language)
    marion = Visitor(site, person_named(journey, "Marion Vidal"), language)

    theirs = bring(sender, "bounces", CALLS)
    ours = marion.send(f"{HERE}/responses/import", {"import-kind": "bounces"}, **{"import-file": (io.BytesIO(CALLS.encode()), "a.csv")})

    assert (theirs.status_code, ours.status_code) == (422, 422)
    assert remark in words(theirs)
    assert remark in words(ours)
    assert Program(journey, site, "Marion Vidal").get("campaigns/26A/batches").json == {"batches": []}


def test_a_kind_that_comes_to_somebody_else_is_refused(caller: Visitor) -> None:
    answer = bring(caller, "bounces", BOUNCES)

    assert answer.status_code == 409
    assert "bounces and calls from who sent or called" in words(answer)


def test_a_program_brings_a_file_once_and_reads_what_became_of_it(journey: Journey, site: Flask, tmp_path: Path) -> None:
    give_contact(journey, "S-CAG")
    give_contact(journey, "S-IMP")
    program, other = Program(journey, site, "Contact S-CAG"), Program(journey, site, "Contact S-IMP")

    def post(kind: str, text: str, **more: str) -> TestResponse:
        path = f"/api/campaigns/26A/batches?kind={kind}&name=nuit.csv"
        return site.test_client().post(path, data=text.encode(), headers={**program.headers, **more}, content_type="text/csv")

    text = BOUNCES + "14/10/2026;;ALZ-0;hard\r\n14/10/2026;;;hard\r\n"
    first, again, repeated = (
        post("bounces", text, **{"Idempotency-Key": "n1"}),
        post("bounces", text, **{"Idempotency-Key": "n1"}),
        post("bounces", text),
    )
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)

    assert (first.status_code, again.status_code, again.json) == (201, 201, first.json)
    assert (repeated.status_code, repeated.json["code"]) == (409, "responses.batch_already_imported")
    (batch,) = program.get("campaigns/26A/batches").json["batches"]
    assert (batch["name"], batch["kind"], batch["state"], batch["brought_by"]) == (
        "nuit.csv",
        "bounces",
        "imported",
        "Centre de Traitement des Dons",
    )
    assert batch["counts"] == {"rows": 2, "new": 1, "repeated": 0, "hard": 1, "unreadable": 1, "undeliverable": 1}
    assert batch["faults"] == [{"line": 3, "fault": "id_missing"}]
    assert other.get("campaigns/26A/batches").json == {"batches": []}, "a supplier reads its own"
    wrong = [post("bounces", "DATE;ID_UNIQUE\r\n"), post("opinions", text), post("calls", CALLS)]
    assert [answer.status_code for answer in wrong] == [422, 422, 409]
    assert "CODE_LOT, TYPE" in wrong[0].json["detail"]


def deduped(folder: Path, **lists: tuple[pl.DataFrame, list[str]]) -> Path:
    """What a merge-purge of these lists left: the keys of people by their places, and the mailboxes and numbers in its nets."""
    for code, (persons, contacts) in lists.items():
        for name in ("contacts", "net"):
            (folder / name).mkdir(parents=True, exist_ok=True)
        persons.write_parquet(folder / f"contacts/{code}.parquet")
        (folder / f"net/{code}.csv").write_text("\r\n".join(["id;email;phone", *contacts, ""]))
    return folder


NOBODY = pl.DataFrame(schema={"place": pl.UInt32, "kind": pl.String, "key": pl.Binary})


def seal_dedupe(journey: Journey, tmp_path: Path, **lists: tuple[pl.DataFrame, list[str]]) -> None:
    """Keep that as the files of the campaign's own merge-purge."""
    seal_run(journey.database, tmp_path, tmp_path / "lots.zip", beside=deduped(tmp_path / "dedupe", **lists))


def kept_keys(journey: Journey, bar: Bar, since: date) -> KeptKeys:
    with journey.database.reading(SYSTEM) as session:
        stored = session.exec(select(StoredFile).where(StoredFile.kind == f"{bar}_keys")).one()
        session.expunge_all()
    return KeptKeys(bar=bar, since=since, file=stored, campaign="26A")


def found(journey: Journey, tmp_path: Path, kept: KeptKeys, channel: str, folder: Path, code: str) -> list[int]:
    """The places in another campaign's net that a channel leaves alone."""
    work = working(journey, tmp_path, kept.file.id)
    places = barred_places(work, [kept], folder, [code], [channel], secret_of(work, kept.file.advertiser_id))
    return sorted(places[code].filter(bar=str(kept.bar), channel=channel)["place"])


def test_who_refused_is_kept_as_keys_by_a_machine_and_known_again_in_another_net(
    journey: Journey, caller: Visitor, site: Flask, tmp_path: Path
) -> None:
    rows = [
        (1, "person", b"zero"),
        (2, "person", b"one"),
        (2, "person", b"one, elsewhere"),
        (2, "household", b"home"),
        (3, "person", b"two"),
    ]
    persons = pl.DataFrame(rows, schema=NOBODY.schema, orient="row")
    seal_dedupe(journey, tmp_path, DOM=(persons, ["S;;"] * 6))
    ends = ["14/10/2026;;DOM-0;accord", "14/10/2026;;DOM-1;refus", "15/10/2026;;DOM-1;refus", "15/10/2026;;DOM-2;opposition"]
    assert bring(caller, "calls", CALLS + "\r\n".join(ends)).status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)

    work_off(journey, tmp_path, "keep_barred", keep_barred)

    kept = kept_keys(journey, Bar.AT_REST, date(2026, 10, 15))
    assert kept.file.purge_on == date(2026, 12, 15)
    assert pl.read_parquet(io.BytesIO(files(tmp_path).read(kept.file))).rows() == [
        ("phone", b"one", date(2026, 10, 15)),
        ("phone", b"one, elsewhere", date(2026, 10, 15)),
        ("phone", b"two", date(2026, 10, 15)),
    ]
    folder = deduped(tmp_path / "next", XYZ=(persons.with_columns(place=pl.col("place") + 6), ["S;;"] * 9), NEW=(NOBODY, ["S;;"]))
    assert found(journey, tmp_path, kept, "phone", folder, "XYZ") == [8, 9]
    assert found(journey, tmp_path, kept, "phone", folder, "NEW") == []
    assert found(journey, tmp_path, replace(kept, since=date(2026, 10, 16)), "phone", folder, "XYZ") == []
    assert "Keys of those who are left alone for a while kept" in Visitor(site, person_named(journey, "Yann Kerbrat")).words(
        "/auditor/campaigns/26A"
    )


def test_where_nothing_reached_anybody_is_kept_as_keys_of_the_address_or_number_for_its_channel_and_a_year(
    journey: Journey, sender: Visitor, caller: Visitor, tmp_path: Path
) -> None:
    mailboxes, numbers = [f"S;anne{n}@poste.example;" for n in range(3)], [f"S;;06 11 22 33 {n:02}" for n in range(6)]
    seal_dedupe(journey, tmp_path, ALZ=(NOBODY, mailboxes), DOM=(NOBODY, numbers))
    assert bring(sender, "bounces", BOUNCES + "14/10/2026;;ALZ-1;dur\r\n14/10/2026;;ALZ-2;mou").status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)
    work_off(journey, tmp_path, "keep_barred", keep_barred)

    bounced = kept_keys(journey, Bar.UNREACHED, date(2026, 10, 14))
    assert bounced.file.purge_on == date(2027, 10, 15)
    assert b"poste.example" not in files(tmp_path).read(bounced.file)
    folder = deduped(
        tmp_path / "next", XYZ=(NOBODY, ["S;ANNE0@poste.example;", "S;Anne1@Poste.Example;", "S;anne2@poste.example;0611223301"])
    )
    assert [found(journey, tmp_path, bounced, channel, folder, "XYZ") for channel in ("email", "sms", "phone")] == [[2], [], []]

    with journey.database.writing(SYSTEM) as session:
        session.delete(session.get_one(StoredFile, bounced.file.id))
    assert bring(caller, "calls", CALLS + "14/10/2026;;DOM-1;faux numéro").status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)
    work_off(journey, tmp_path, "keep_barred", keep_barred)

    wrong = kept_keys(journey, Bar.UNREACHED, date(2026, 10, 14))
    assert [found(journey, tmp_path, wrong, channel, folder, "XYZ") for channel in ("email", "sms", "phone")] == [[], [3], [3]]


def test_a_refusal_that_is_reported_once_the_addresses_are_destroyed_keeps_nothing_and_stops_nothing(
    journey: Journey, caller: Visitor, tmp_path: Path
) -> None:
    assert bring(caller, "calls", CALLS + "14/10/2026;;DOM-1;refus").status_code == 303
    work_off(journey, tmp_path, "attribute_responses", attribute_responses)
    with journey.database.writing(SYSTEM) as session:
        for file in session.exec(select(StoredFile)):
            file.wrapped_key = None

    work_off(journey, tmp_path, "keep_barred", keep_barred)

    with journey.database.reading(SYSTEM) as session:
        assert session.exec(select(StoredFile.id).where(col(StoredFile.kind).endswith("_keys"))).all() == []
