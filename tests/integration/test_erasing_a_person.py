"""A person is erased: name, address and words are found nowhere, every chain is whole, and an older backup does not bring them back."""

import re
import shutil
import subprocess
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from dataclasses import replace
from functools import cache
from hashlib import sha256
from io import BytesIO
from pathlib import Path
from uuid import UUID
from zipfile import ZipFile

import pypdf
import pytest
from click.testing import CliRunner
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session, col, select

from app import cli
from app.adapters.mail import Mail, send
from app.backup import back_up, restore
from app.database import Database
from app.embedded import EmbeddedPostgres
from app.erasure import PersonUnknown, erase, erase_again, find
from app.evidence import check_chain, export_campaign
from app.evidence.notes import Signer
from app.evidence.sealer import seal
from app.outbox.relay import due_messages
from app.settings import Settings
from tasks import jobs
from tests.databases import EMPTY, copied
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played, copy_of_played, played, played_once
from workflows.campaign.budget.asking import AnswerQuestion, AskAboutBudget
from workflows.campaign.model import Campaign
from workflows.campaign.records import BudgetQuestion
from workflows.engine.checkpoints import Checkpoint, ErasableText
from workflows.engine.documents import Document, DocumentPdf
from workflows.engine.rendering import Drawn, DrawnAlready, DrawnFromOtherWords, RecordRendering
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder, DeclineOrder, OrderContentDiffers
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Erasure, Membership, Person

__all__ = ["played"]

SIGNER = Signer(bytes(range(32)))
SAID = "Je refuse tant que le fichier n’est pas nettoyé."


@pytest.fixture
def campaign(played: Callable[[str], Played], tmp_path: Path) -> tuple[Played, Settings]:
    """Orders are out; one supplier refused in words of its own, and named the project manager."""
    found = played("order")
    refuse(found)
    return found, settings_of(found, tmp_path / "data")


@pytest.fixture(scope="module")
def drawn_once(
    postgres: EmbeddedPostgres, migrated_template: str, server_folder: Path, tmp_path_factory: pytest.TempPathFactory
) -> tuple[Played, Path]:
    """The same with every paper drawn and mailed, and the folder of its files: to be copied, for drawing takes long."""
    folder = tmp_path_factory.mktemp("drawn")

    def refuse_and_draw(found: Played) -> None:
        refuse(found)
        draw(found, settings_of(found, folder))

    return played_once(postgres, migrated_template, server_folder, "order", refuse_and_draw), folder


@pytest.fixture
def drawn(drawn_once: tuple[Played, Path], postgres: EmbeddedPostgres, tmp_path: Path) -> Iterator[tuple[Played, Settings]]:
    """A copy of it that is the test's own."""
    campaign, files = drawn_once
    shutil.copytree(files, tmp_path / "data")
    with copy_of_played(postgres, campaign) as found:
        yield found, settings_of(found, tmp_path / "data")


def refuse(found: Played) -> None:
    order = next(one for one in found.rows(PurchaseOrder) if one.list_code == "DOM")
    by = next(actor for actor in found.actors.values() if order.supplier_id in actor.supplier_ids)
    found.ask(DeclineOrder(subject_id=order.id, reason=f"Vu avec {found.manager.name.upper()} au téléphone."), by=by)
    seal(found.database, SIGNER, now=found.now)


def settings_of(found: Played, folder: Path) -> Settings:
    return Settings.from_env({"DATABASE_URL": found.urls.app, "DATABASE_OWNER_URL": found.urls.owner, "JALON_DATA_DIR": str(folder)})


def draw(found: Played, settings: Settings) -> None:
    """Let the machines do what waits for them."""
    machine = jobs.Machine(replace(settings, redis_url=None))
    with closing(machine.database):
        while due := due_messages(machine.database):
            for message_id, _attempts in due:
                jobs.run(machine, message_id)


def everything(found: Played, settings: Settings, folder: Path) -> Iterator[tuple[str, str]]:
    """All that is kept and can be read, as (where, words): every column of every table, the PDFs, the files, the e-mails, the evidence."""
    with found.behind_the_engine() as connection:
        tables = [name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
        for table in tables:
            columns = connection.execute(
                "select column_name, data_type from information_schema.columns where table_schema = 'public' and table_name = %s", [table]
            ).fetchall()
            for column, kind in columns:
                if (table, column) == ("document_pdf", "pdf"):
                    continue
                cast = f"encode({column}, 'escape')" if kind == "bytea" else f"{column}::text"
                readable = f"convert_from({column}, 'UTF8')" if column in ("body", "content") and kind == "bytea" else cast
                for (words,) in connection.execute(f'select {readable} from "{table}" where {column} is not null'):
                    yield f"{table}.{column}", words
    with found.database.reading(SYSTEM) as session:
        for pdf in session.exec(select(DocumentPdf.pdf)):
            yield "pdf", printed(pdf)
    for path in [*settings.outbox_dir.glob("*"), *settings.blob_dir.rglob("*")]:
        if path.is_file():
            yield path.name, path.read_bytes().decode("utf-8", "replace").replace("=\n", "")
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    export_campaign(found.database, found.campaign.code, folder / "evidence.zip", signer=SIGNER, now=found.now)
    with ZipFile(folder / "evidence.zip") as bundle:
        bundle.extractall(folder)
    for path in folder.rglob("*"):
        if path.suffix in (".json", ".jsonl", ".txt"):
            yield path.name, path.read_text(encoding="utf-8")


@cache
def printed(pdf: bytes) -> str:
    return "\n".join(page.extract_text() for page in pypdf.PdfReader(BytesIO(pdf)).pages)


def where(words: str, found: Played, settings: Settings, folder: Path, *more: str) -> set[str]:
    """Where one of several things still stands, whatever its capitals and line breaks."""
    wanted = [" ".join(one.casefold().split()) for one in (words, *more)]
    said = ((place, " ".join(text.casefold().split())) for place, text in everything(found, settings, folder))
    return {place for place, text in said if any(one in text for one in wanted)}


def whole(session: Session, campaign_id: UUID, folder: Path) -> str:
    """What the verifier says of a campaign; nothing when all is as it was written."""
    return check_chain(session, session.get_one(Campaign, campaign_id), folder).fault


def test_who_was_erased_is_found_nowhere_and_every_entry_still_verifies(drawn: tuple[Played, Settings], tmp_path: Path) -> None:
    found, settings = drawn
    name, email = found.manager.name, found.manager.email
    bundle = tmp_path / "bundle"
    with found.database.reading(SYSTEM) as session:
        kept = {row.seq: row.body for row in session.exec(select(Checkpoint))}
    assert {"person.name", "document.content", "pdf", "erasable_text.text", "texts.jsonl"} <= where(name, found, settings, bundle)
    assert where(email, found, settings, bundle)

    done = erase(found.door, settings, found.manager.person_id, asked_by_id=found.president.person_id)
    assert where(name, found, settings, bundle, email) == set(), "before anything is drawn anew"
    draw(found, settings)

    assert done.left == ()
    assert done.documents > 0
    assert where(name, found, settings, bundle, email) == set()
    run = subprocess.run([sys.executable, bundle / "verify.py", bundle], capture_output=True, text=True, check=False)
    assert run.returncode == 0, run.stdout
    assert "(a person was taken out of " in run.stdout
    assert "not drawn anew yet" not in run.stdout
    with found.database.reading(SYSTEM) as session:
        after = {row.seq: row.body for row in session.exec(select(Checkpoint))}
    assert kept.items() <= after.items(), "no entry was touched"
    assert len(list((bundle / "documents").iterdir())) == 2 * len(list((bundle / "contents").iterdir())), "every paper was drawn anew"


def test_what_somebody_wrote_goes_with_them_and_what_others_wrote_stays(campaign: tuple[Played, Settings], tmp_path: Path) -> None:
    found, settings = campaign
    order = next(one for one in found.rows(PurchaseOrder) if one.list_code == "ECL")
    by = next(actor for actor in found.actors.values() if order.supplier_id in actor.supplier_ids)
    found.ask(DeclineOrder(subject_id=order.id, reason=SAID), by=by)
    theirs = "Vu avec"
    assert where(SAID, found, settings, tmp_path / "bundle") == {"erasable_text.text", "purchase_order.refusal_reason", "texts.jsonl"}

    erase(found.door, settings, by.person_id, asked_by_id=None)

    assert where(SAID, found, settings, tmp_path / "bundle") == set()
    assert "texts.jsonl" in where(theirs, found, settings, tmp_path / "bundle")


def test_a_question_about_a_budget_goes_with_whoever_asked_it_and_its_answer_stays(played: Callable[[str], Played], tmp_path: Path) -> None:
    found = played("budget")
    settings = Settings.from_env({"DATABASE_URL": found.urls.app, "JALON_DATA_DIR": str(tmp_path / "data")})
    found.ask(AskAboutBudget(subject_id=found.campaign_id, words=SAID), by=found.president)
    (question,) = found.rows(BudgetQuestion)
    found.ask(AnswerQuestion(subject_id=found.campaign_id, question_id=question.id, words="Il le sera."))
    seal(found.database, SIGNER, now=found.now)
    assert "budget_question.words" in where(SAID, found, settings, tmp_path / "bundle")

    erase(found.door, settings, found.president.person_id, asked_by_id=None)

    assert where(SAID, found, settings, tmp_path / "bundle") == set()
    assert "budget_question.answer" in where("Il le sera.", found, settings, tmp_path / "bundle")
    with found.database.reading(SYSTEM) as session:
        assert whole(session, found.campaign_id, tmp_path) == ""


def test_the_erasure_stands_in_the_chain_by_opaque_ids_alone_and_in_the_register(campaign: tuple[Played, Settings], tmp_path: Path) -> None:
    found, settings = campaign

    erase(found.door, settings, found.manager.person_id, asked_by_id=found.president.person_id)

    with found.database.reading(SYSTEM) as session:
        entry = session.exec(select(Checkpoint.body).where(Checkpoint.event == "campaign.person.erased")).one().decode()
        registered = session.exec(select(Erasure)).one()
        person = session.get_one(Person, found.manager.person_id)
        assert session.exec(select(Membership).where(Membership.person_id == person.id)).all() == []
        assert (registered.person_id, registered.campaigns) == (found.manager.person_id, 1)
        assert (person.name, person.password_hash) == (f"[… {person.id.hex[:8]}]", None)
        assert whole(session, found.campaign_id, tmp_path) == ""
    assert str(found.manager.person_id) in entry
    assert str(found.president.person_id) in entry


def test_an_order_that_waits_follows_its_document_and_is_accepted_by_what_can_be_read(
    drawn: tuple[Played, Settings], tmp_path: Path
) -> None:
    found, settings = drawn
    waiting = {one.id: one.content_sha256 for one in found.rows(PurchaseOrder) if one.state == "issued"}
    erase(found.door, settings, found.manager.person_id, asked_by_id=None)
    draw(found, settings)
    with found.database.reading(SYSTEM) as session:
        papers = {row.subject_id: row for row in session.exec(select(Document).where(Document.kind == "purchase_order"))}
        orders = {row.id: row for row in session.exec(select(PurchaseOrder))}
    changed = [one for one in waiting if papers[one].content_sha256 != waiting[one]]
    assert changed, "the project manager signs the orders"
    assert {one: orders[one].content_sha256 for one in waiting} == {one: papers[one].content_sha256 for one in waiting}
    refused = next(row for row in orders.values() if row.state == "refused")
    assert refused.content_sha256 != papers[refused.id].content_sha256, "it was answered as it was"

    order = orders[changed[0]]
    by = next(actor for actor in found.actors.values() if order.supplier_id in actor.supplier_ids)
    with pytest.raises(OrderContentDiffers):
        found.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=waiting[order.id]), by=by)
    found.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256), by=by)

    with found.database.reading(SYSTEM) as session:
        assert whole(session, found.campaign_id, tmp_path) == ""
        pdf = session.exec(select(DocumentPdf.pdf).where(DocumentPdf.document_id == papers[order.id].id)).first()
    assert order.content_sha256 in re.sub(r"\s+", "", printed(pdf))


def test_a_text_that_was_deleted_beside_an_erasure_is_missed(
    campaign: tuple[Played, Settings], postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    found, settings = campaign
    order = next(one for one in found.rows(PurchaseOrder) if one.list_code == "ECL")
    by = next(actor for actor in found.actors.values() if order.supplier_id in actor.supplier_ids)
    found.ask(DeclineOrder(subject_id=order.id, reason=SAID), by=by)
    erase(found.door, settings, found.manager.person_id, asked_by_id=None)
    with found.database.reading(SYSTEM) as session:
        assert whole(session, found.campaign_id, tmp_path) == ""
        kept = session.exec(select(ErasableText).order_by(col(ErasableText.seq))).first()
    assert kept is not None
    with found.behind_the_engine() as connection:
        connection.execute("delete from erasable_text where id = %s", [kept.id])

    with found.database.reading(SYSTEM) as session:
        assert f"the text '{kept.field}' of entry {kept.seq} is missing; no entry erased it" in whole(session, found.campaign_id, tmp_path)


def test_another_spelling_goes_with_a_second_erasure(campaign: tuple[Played, Settings], tmp_path: Path) -> None:
    found, settings = campaign
    by = found.president
    erase(found.door, settings, found.manager.person_id, asked_by_id=None)
    first = found.campaign.chain_seq
    with found.database.writing(SYSTEM) as session:
        order = session.exec(select(PurchaseOrder).where(col(PurchaseOrder.list_code) == "ECL")).one()
        order.refusal_reason = "Demandé par Zouzou."

    again = erase(found.door, settings, found.manager.person_id, asked_by_id=by.person_id, also=("Zouzou",))

    assert (again.rows, again.left) == (1, ())
    assert where("zouzou", found, settings, tmp_path / "bundle") == set()
    assert found.campaign.chain_seq == first, "no chain held anything of it"


def test_a_pdf_drawn_before_the_erasure_is_not_kept_after_it(drawn: tuple[Played, Settings], tmp_path: Path) -> None:
    found, settings = drawn
    with found.database.reading(SYSTEM) as session:
        document_id, before = session.exec(select(Document.id, Document.content_sha256).where(Document.kind == "purchase_order")).first()
    pdfs = (Drawn(locale="fr", pdf=b"old", sha256=sha256(b"old").hexdigest()),)
    late = RecordRendering(subject_id=document_id, pdfs=pdfs, content_sha256=before)
    with pytest.raises(DrawnAlready):
        found.ask(late, by=SYSTEM)

    erase(found.door, settings, found.manager.person_id, asked_by_id=None)

    with pytest.raises(DrawnFromOtherWords):
        found.ask(late, by=SYSTEM)


@pytest.mark.parametrize(
    "statement",
    ["delete from document_pdf", "update document set content = ''", "select jalon_redact_document(gen_random_uuid(), '', '')"],
)
def test_nobody_but_the_engine_changes_what_a_document_says(statement: str, campaign: tuple[Played, Settings]) -> None:
    found, _settings = campaign
    with pytest.raises(DBAPIError, match=r"permission denied|only the engine"), found.database.writing(found.manager) as session:
        session.connection().execute(text(statement))


def test_an_e_mail_that_waits_as_a_file_goes_when_it_names_the_person_or_carries_their_paper(
    drawn: tuple[Played, Settings],
) -> None:
    found, settings = drawn
    other = Mail(key="1", to="other@exemple.fr", subject="Budget", text="Rien.", at=BEGINNING)
    send(settings, other)
    send(settings, replace(other, key="2", text=f"Demandez à {found.manager.name}."))
    assert [path for path in settings.outbox_dir.glob("*.eml") if b"application/pdf" in path.read_bytes()]

    erase(found.door, settings, found.manager.person_id, asked_by_id=None)

    left = list(settings.outbox_dir.glob("*.eml"))
    assert [path for path in left if path.name.endswith("-1.eml")]
    assert not [path for path in left if path.name.endswith("-2.eml") or b"application/pdf" in path.read_bytes()]


def test_an_older_backup_does_not_bring_the_person_back(
    campaign: tuple[Played, Settings], postgres: EmbeddedPostgres, tmp_path: Path
) -> None:
    found, settings = campaign
    back_up(settings, tmp_path / "older.tar", now=BEGINNING)
    erase(found.door, settings, found.manager.person_id, asked_by_id=None)
    empty = tmp_path / "elsewhere"
    with copied(postgres, EMPTY) as urls:
        elsewhere = replace(settings, database_url=urls.app, database_owner_url=urls.owner, data_dir=empty, blob_dir=empty / "blobs")
        restored = restore(elsewhere, tmp_path / "older.tar", settings.data_dir / "erased.jsonl")

        assert restored.erased == 1
        with closing(Database(elsewhere)) as database, database.reading(SYSTEM) as session:
            assert session.get_one(Person, found.manager.person_id).name.startswith("[…")
            assert [row for row in session.exec(select(Document.content)) if found.manager.name.encode() in row] == []
            assert whole(session, found.campaign_id, elsewhere.work_dir) == ""
        assert (empty / "erased.jsonl").read_text() == (settings.data_dir / "erased.jsonl").read_text()


def test_whoever_was_never_erased_is_not_erased_again(campaign: tuple[Played, Settings]) -> None:
    found, settings = campaign
    assert erase_again(found.door, settings, settings.data_dir / "none.jsonl") == 0
    erase(found.door, settings, found.manager.person_id, asked_by_id=None)
    assert erase_again(found.door, settings, settings.data_dir / "erased.jsonl") == 0


def test_nobody_is_found_by_an_address_that_nobody_has(campaign: tuple[Played, Settings]) -> None:
    found, _settings = campaign
    with found.database.reading(SYSTEM) as session, pytest.raises(PersonUnknown):
        find(session, "nobody@exemple.fr")


def test_the_command_asks_first_and_says_what_it_erased(
    campaign: tuple[Played, Settings], monkeypatch: pytest.MonkeyPatch, redis_url: str
) -> None:
    found, settings = campaign
    values = {"DATABASE_URL": found.urls.app, "REDIS_URL": redis_url, "JALON_DATA_DIR": str(settings.data_dir)}
    for name, value in values.items():
        monkeypatch.setenv(name, value)

    refused = CliRunner().invoke(cli.main, ["person", "erase", found.manager.email], input="n\n")
    with found.database.reading(SYSTEM) as session:
        assert session.get_one(Person, found.manager.person_id).name == found.manager.name
    done = CliRunner().invoke(cli.main, ["person", "erase", found.manager.email, "--yes"])

    assert refused.exit_code == 1
    assert done.exit_code == 0, done.output
    assert "Erased:" in done.output
    assert CliRunner().invoke(cli.main, ["person", "erase", found.manager.email, "--yes"]).exit_code == 1
