"""A campaign in whatever stage a test asks for, with suppliers who speak for themselves, and ways to look behind the engine."""

from collections.abc import Callable, Collection, Iterator
from contextlib import ExitStack, closing, contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from psycopg import Connection
from sqlmodel import Session, col, select

from app.database import Database
from app.embedded import EmbeddedPostgres
from app.settings import Settings
from tests.databases import DatabaseUrls, copied, copy_of
from tests.integration.papers.brought import an_invoice
from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.standing import standing
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.stages.negotiation import RecordConsent
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.dispatch import AvailableMove, available_moves
from workflows.engine.user_tasks import UserTask
from workflows.order.model import PurchaseOrder
from workflows.order.process import AcknowledgeOrder
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.model import Membership, Person, Supplier
from workflows.parties.roles import Role
from workflows.processes import REGISTRY


class Played(Journey):
    """A journey whose suppliers speak for themselves, on a database that may be copied."""

    urls: DatabaseUrls

    def __init__(self, database: Database) -> None:
        super().__init__(database)
        with database.writing(SYSTEM) as session:
            for supplier in session.exec(select(Supplier).where(Supplier.advertiser_id == self.advertiser_id)):
                person = Person(email=supplier.email, name=f"Contact {supplier.code}", created_at=BEGINNING)
                session.add(person)
                session.flush()
                session.add(
                    Membership(person_id=person.id, advertiser_id=self.advertiser_id, role=Role.SUPPLIER.value, supplier_id=supplier.id)
                )
                grant = Grant(advertiser_id=self.advertiser_id, role=Role.SUPPLIER, supplier_id=supplier.id)
                self.actors[supplier.code] = Actor(person_id=person.id, name=person.name, email=person.email, grants=(grant,))

    # --- who asks ---------------------------------------------------------------------------------------------------------------

    @property
    def president(self) -> Actor:
        """An approver whose limit is enough."""
        return self.actors["presidence"]

    @property
    def deputy(self) -> Actor:
        """An approver whose limit is not."""
        return self.actors["dga"]

    def as_role(self, role: Role, **rights: Any) -> Actor:
        """Somebody of the advertiser's who holds one role."""
        return Actor(person_id=self.manager.person_id, grants=(Grant(advertiser_id=self.advertiser_id, role=role, **rights),))

    # --- moves that many tests need ----------------------------------------------------------------------------------------------

    def accept_orders(self, *, but: Collection[str] = ()) -> None:
        """Every supplier accepts its order; `but` names the lists whose orders stay as they are."""
        for order in self.rows(PurchaseOrder, col(PurchaseOrder.state) == "issued", col(PurchaseOrder.to_seq).is_(None)):
            if order.list_code not in but:
                self.ask(AcknowledgeOrder(subject_id=order.id, content_sha256=order.content_sha256))

    def close_consent(self, code: str) -> None:
        """A list's owner consents."""
        self.ask(RecordConsent(subject_id=self.campaign_id, list_id=self.list_id(code)))

    def send_invoice(self, code: str, *, by: Actor | None = None, **other: Any) -> Invoice:
        """Send an invoice of a list, or of a supplier's services: of what is due, but for `other`; by the manager where nobody is named."""
        with self.reading() as session:
            asked = an_invoice(self.facts(session), code, self.now, **other)
        self.ask(asked, by=by)
        return next(one for one in self.rows(Invoice) if one.number == asked.number)

    # --- what is there ----------------------------------------------------------------------------------------------------------

    @property
    def campaign(self) -> Campaign:
        with self.reading() as session:
            return session.get_one(Campaign, self.campaign_id)

    def rows(self, table: type[Any], *where: Any, order: Any = None) -> list[Any]:
        """The campaign's rows of a table, as a machine sees them."""
        statement = select(table).where(table.campaign_id == self.campaign_id, *where)
        with self.database.reading(SYSTEM) as session:
            found = list(session.exec(statement.order_by(order) if order is not None else statement))
            session.expunge_all()
        return found

    def controls(self, event: str) -> dict[str, tuple[Any, Any, str]]:
        """What the newest entry of that event controlled: expected, actual and verdict by code."""
        entry = max((one for one in self.rows(Checkpoint) if one.event == event), key=lambda one: one.seq)
        return {one["code"]: (one["expected"], one["actual"], one["verdict"]) for one in read_json(entry.body)["checks"]}

    def list_id(self, code: str) -> UUID:
        (row,) = self.rows(CampaignList, col(CampaignList.code) == code, col(CampaignList.to_seq).is_(None))
        found: UUID = row.id
        return found

    def tasks(self, state: str = "open", *, but: str = "") -> list[tuple[str, str]]:
        """User tasks in a state, as (name, label); `but` leaves those of one name out, which wait through several stages."""
        return sorted((task.name, task.label) for task in self.rows(UserTask, col(UserTask.state) == state) if task.name != but)

    def move(self, name: str, *, by: Actor | None = None, process: str = "campaign", subject_id: UUID | None = None) -> AvailableMove:
        """One move as it stands open or closed to somebody."""
        declared = REGISTRY.process(process)
        with self.database.reading(SYSTEM) as session:
            subject = session.get_one(declared.subject, subject_id or self.campaign_id)
            moves = available_moves(session, declared, subject, actor=by or self.manager, now=self.now)
        return next(move for move in moves if move.name == name)

    def unmet(self, name: str) -> dict[str, Any]:
        """What closes a move: parameters by code."""
        return {unmet.code: unmet.params for unmet in self.move(name).unmet}

    # --- what no command may do, and a test must ---------------------------------------------------------------------------------

    @contextmanager
    def behind_the_engine(self) -> Iterator[Connection]:
        """The database as its superuser, past every rule."""
        with self.urls.superuser() as connection:
            yield connection

    def trace(self) -> dict[str, str]:
        """A fingerprint of every row of every table."""
        with self.behind_the_engine() as connection:
            tables = [name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")]
            return {
                name: connection.execute(f"select coalesce(md5(string_agg(t::text, '|' order by t::text)), '') from {name} t").fetchone()[0]
                for name in tables
            }


@pytest.fixture
def played(postgres: EmbeddedPostgres, migrated_template: str, server_folder: Path) -> Iterator[Callable[[str], Played]]:
    """Gives a campaign that has just entered a stage, in a database that is this test's own."""
    templates = standing(postgres, migrated_template, server_folder / "played", Played)
    with ExitStack() as kept:

        def at(stage: str) -> Played:
            template, campaign = templates.at(stage)
            urls = kept.enter_context(copied(postgres, template))
            there = campaign.on(kept.enter_context(closing(templates.open(urls))))
            there.urls = urls
            return there

        yield at


def played_once(
    postgres: EmbeddedPostgres, migrated_template: str, server_folder: Path, stage: str, prepare: Callable[[Played], object]
) -> Played:
    """A campaign that went on from a stage by what tests need of it and takes long: each copies it, nobody moves it."""
    templates = standing(postgres, migrated_template, server_folder / "played", Played)
    template, campaign = templates.at(stage)
    urls = copy_of(postgres, template)
    with closing(templates.open(urls)) as database:
        there = campaign.on(database)
        there.urls = urls
        prepare(there)
    return there


@contextmanager
def copy_of_played(postgres: EmbeddedPostgres, campaign: Played) -> Iterator[Played]:
    """The same campaign in a database of its own."""
    with copied(postgres, campaign.urls.name) as urls, closing(Database(Settings.from_env({"DATABASE_URL": urls.app}))) as database:
        there = campaign.on(database)
        there.urls = urls
        yield there


def one_of(session: Session, table: type[Any], **wanted: Any) -> Any:
    """The only row with these values."""
    return session.exec(select(table).filter_by(**wanted)).one()
