"""Whoever asks under some of their roles has the rights of these alone."""

from decimal import Decimal
from uuid import uuid4

from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.roles import Role

HOUSE, OTHER, SUPPLIER = uuid4(), uuid4(), uuid4()
WHOLE = Actor(
    person_id=uuid4(),
    name="Hugo",
    grants=(
        Grant(advertiser_id=HOUSE, role=Role.BUDGET_APPROVER, approval_limit_amount=Decimal(9000)),
        Grant(advertiser_id=HOUSE, role=Role.AUDITOR),
        Grant(advertiser_id=OTHER, role=Role.SUPPLIER, supplier_id=SUPPLIER),
    ),
)


def test_a_contact_alone_sees_no_advertiser_whole() -> None:
    contact = WHOLE.only(Role.SUPPLIER)

    assert (contact.supplier_ids, contact.staff_advertiser_ids, contact.roles) == ((SUPPLIER,), (), {Role.SUPPLIER})
    assert (contact.person_id, contact.name) == (WHOLE.person_id, WHOLE.name)


def test_a_reader_alone_approves_nothing_and_speaks_for_nobody() -> None:
    reader = WHOLE.only(Role.AUDITOR, Role.DPO)

    assert (reader.approval_limit_amount(HOUSE), reader.supplier_ids, reader.staff_advertiser_ids) == (Decimal(0), (), (HOUSE,))
    assert WHOLE.approval_limit_amount(HOUSE) == Decimal(9000)


def test_the_machine_stays_the_machine() -> None:
    assert SYSTEM.only(Role.AUDITOR).is_system
