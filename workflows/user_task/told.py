"""Who is told of a user task: whoever has it in hand or could do it, or holds the role it is escalated to. And who sees it on a page.

Not for what they are told.
"""

from datetime import date
from typing import Any
from uuid import UUID

from sqlmodel import Session, col, select

from workflows.parties.model import Membership, Person, Substitution, Supplier
from workflows.parties.roles import Role
from workflows.user_task.mentions import Colleague


def who_is_told(session: Session, task: Any, escalates_to: Role | None, *, today: date) -> tuple[UUID, ...]:
    """The people, and who stands in for them today in that role, by e-mail address.

    :param escalates_to: a role whose holders are told; without one it is who has the task in hand, else all who could do it.
    """
    role = str(escalates_to or task.candidate_role)
    if escalates_to is None and task.assignee_id is not None:
        told = {task.assignee_id}
    else:
        held = select(Membership.person_id).where(Membership.advertiser_id == task.advertiser_id, Membership.role == role)
        if escalates_to is None and task.supplier_id is not None:
            held = held.where(Membership.supplier_id == task.supplier_id)
        told = set(session.exec(held))
    standing_in = select(Substitution.substitute_id).where(
        Substitution.advertiser_id == task.advertiser_id,
        Substitution.role == role,
        col(Substitution.person_id).in_(told),
        Substitution.from_on <= today,
        Substitution.to_on >= today,
    )
    everybody = {*told, *session.exec(standing_in)} if told else told
    return tuple(session.exec(select(Person.id).where(col(Person.id).in_(everybody)).order_by(Person.email)))


def company_address(session: Session, task: Any, escalates_to: Role | None) -> str:
    """Where a supplier's task is told when nobody speaks for the supplier: the company's own address, empty where there is none."""
    supplier = session.get(Supplier, task.supplier_id) if escalates_to is None and task.supplier_id is not None else None
    return supplier.email if supplier else ""


def list_colleagues(session: Session, task: Any, *, today: date) -> tuple[Colleague, ...]:
    """Everybody with a role for the task's advertiser, and who stands in for one of them that day; with the role in which they see it."""
    held = select(Membership.person_id, Membership.role).where(Membership.advertiser_id == task.advertiser_id)
    standing_in = select(Substitution.substitute_id, Substitution.role).where(
        Substitution.advertiser_id == task.advertiser_id, col(Substitution.from_on) <= today, col(Substitution.to_on) >= today
    )
    roles: dict[UUID, set[str]] = {}
    for person_id, role in (*session.exec(held), *session.exec(standing_in)):
        roles.setdefault(person_id, set()).add(role)
    people = session.exec(select(Person).where(col(Person.id).in_(roles)).order_by(Person.name, Person.email))
    return tuple(
        Colleague(
            id=one.id, name=one.name, email=one.email, sees_as=next((role for role in seeing_roles(task) if role in roles[one.id]), None)
        )
        for one in people
    )


def seeing_roles(task: Any) -> list[Role]:
    """In which roles people see the task: managers see all, approvers what waits for one of them, administrators what was escalated."""
    sees = {
        Role.PROJECT_MANAGER: True,
        Role.BUDGET_APPROVER: task.candidate_role == Role.BUDGET_APPROVER,
        Role.ADMINISTRATOR: task.escalated_at is not None,
    }
    return [role for role, does in sees.items() if does]
