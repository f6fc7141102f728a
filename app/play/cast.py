"""Who plays: the people and suppliers of a kit, registered once, and asked for by what they do."""

from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal
from uuid import UUID

from sqlmodel import select

from app.clock import SystemClock
from app.database import Database
from app.intake.kit import Kit
from app.parties import grant, register_advertiser, register_person, register_supplier
from app.saved_policy import save_policy
from app.security.people import PeopleInDatabase
from workflows.campaign.policy import PolicyVersion, newest_policy
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Supplier
from workflows.parties.roles import Role


class NobodyToAct(RuntimeError):
    """The kit names nobody who could take a step."""


class Stuck(RuntimeError):
    """A machine gave up, or a step that a person should take is closed; says which and why."""


@dataclass(frozen=True, kw_only=True)
class Cast:
    """The advertiser and its actors; approvers by rising limit, suppliers' contacts by supplier."""

    advertiser_id: UUID
    manager: Actor
    approvers: tuple[Actor, ...]
    contacts: dict[UUID, Actor]

    def supplier(self, supplier_id: UUID | None) -> Actor:
        """Whoever speaks for a supplier; the manager where it has nobody."""
        return self.contacts.get(supplier_id, self.manager) if supplier_id else self.manager

    def signers(self, amount: Decimal, needed: int) -> list[Actor]:
        """Who signs an amount, in the order of their limits; the last one approves, the others endorse before.

        :param needed: how many have to; 0 where policy lets nobody approve.
        :raises NobodyToAct: when they are too few or their limits too low.
        """
        # Whoever prepared a budget does not decide about it.
        approvers = [one for one in self.approvers if one.person_id != self.manager.person_id]
        if not needed:
            raise NobodyToAct(f"policy lets nobody approve {amount}")
        if len(approvers) < needed:
            raise NobodyToAct(f"{amount} takes {needed} signatures, and the kit has {len(approvers)} approvers who may sign")
        for signed, approver in enumerate(approvers, start=1):
            if signed >= needed and approver.approval_limit_amount(self.advertiser_id) >= amount:
                return approvers[:signed]
        raise NobodyToAct(f"no approver may accept {amount}")


def register(database: Database, kit: Kit, *, now: datetime) -> Cast:
    """Register the kit's advertiser, people and suppliers, leaving those that are there as they are, and return them as actors.

    The kit's checklists and approval tiers become policy where nobody changed that yet.

    :raises NobodyToAct: when the kit has no project manager.
    """
    with database.writing(SYSTEM) as session:
        advertiser = register_advertiser(session, **vars(kit.advertiser))
        emails: list[tuple[str, Role]] = []
        for entry in kit.people:
            person = register_person(session, email=entry.email, name=entry.name, locale="fr", password=None, now=now)
            grant(session, person.id, advertiser.id, entry.role, approval_limit_amount=entry.approval_limit_amount)
            emails.append((entry.email, entry.role))
        for row in kit.suppliers:
            supplier = register_supplier(session, advertiser.id, **vars(row))
            person = register_person(session, email=row.email, name=row.name, locale="fr", password=None, now=now)
            grant(session, person.id, advertiser.id, Role.SUPPLIER, supplier_id=supplier.id)
        advertiser_id = advertiser.id
        policy = newest_policy(session, advertiser_id, now=now)
        tuned = {**policy.body, "checklists": {**policy.body["checklists"], **kit.checklists}}
        if kit.approval_tiers:
            tuned["approval_tiers"] = kit.approval_tiers
        if policy.number == 1 and tuned != policy.body:
            save_policy(session, advertiser_id, tuned, seen_number=1, by=None, now=now)
    return find(database, advertiser_id, kit)


def tolerate(database: Database, advertiser_id: UUID, share: Decimal, *, now: datetime) -> PolicyVersion:
    """Save a policy under which a campaign may cost that share more than was approved, whatever that comes to in euros."""
    with database.writing(SYSTEM) as session:
        newest = newest_policy(session, advertiser_id, now=now)
        more = {"budget_overrun_share": str(share), "budget_overrun_amount": "0"}
        body = {**newest.body, "tolerances": {**newest.body["tolerances"], **more}}
        return save_policy(session, advertiser_id, body, seen_number=newest.number, by=None, now=now)


def find(database: Database, advertiser_id: UUID, kit: Kit) -> Cast:
    """The kit's people as actors with their rights in the database."""
    people = PeopleInDatabase(database, SystemClock())

    def actor(email: str) -> Actor:
        found = people.by_email(email)
        if found is None:
            raise NobodyToAct(email)
        return found.actor

    managers = [entry for entry in kit.people if entry.role is Role.PROJECT_MANAGER]
    if not managers:
        raise NobodyToAct(Role.PROJECT_MANAGER)
    approvers = [actor(entry.email) for entry in kit.people if entry.role is Role.BUDGET_APPROVER]
    with database.reading(SYSTEM) as session:
        suppliers = {row.code: row.id for row in session.exec(select(Supplier).where(Supplier.advertiser_id == advertiser_id))}
    return Cast(
        advertiser_id=advertiser_id,
        manager=actor(managers[0].email),
        approvers=tuple(sorted(approvers, key=lambda one: (one.approval_limit_amount(advertiser_id), one.email))),
        contacts={suppliers[row.code]: actor(row.email) for row in kit.suppliers},
    )
