"""Somebody stands in for somebody who is away: under their right and limit, never past four eyes, and both are named."""

from collections.abc import Callable
from datetime import date, timedelta
from decimal import Decimal
from typing import Any
from uuid import UUID, uuid4

import pytest
from sqlmodel import select

from app.clock import FixedClock
from app.queries.entries import recent_entries
from app.queries.history import get_history
from app.queries.inbox import get_inbox
from app.security.people import PeopleInDatabase
from app.substitution import (
    AbsenceDaysWrong,
    RoleNotHeld,
    SubstituteIsOneself,
    SubstituteUnknown,
    arrange,
    end,
    list_absences,
    list_substitutes,
)
from tests.integration.papers.journey import BEGINNING
from tests.integration.stages.played import Played, played
from workflows.campaign.any_stage.cancelling import ApproveCancellation, AskerMayNotDecide, RequestCancellation
from workflows.campaign.budget.deciding import ApproverLimitExceeded, PreparerMayNotDecide
from workflows.campaign.records import BudgetDecision, Cancellation
from workflows.campaign.stages.budget import ApproveBudget
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import NotFound, NotYourMove
from workflows.parties.actor import SYSTEM, Actor
from workflows.parties.model import Membership, Person
from workflows.parties.roles import Role
from workflows.trade.working_days import local_day

__all__ = ["played"]

Campaigns = Callable[[str], Played]


def colleague(campaign: Played, role: Role = Role.PROJECT_MANAGER, limit: Decimal | None = None) -> UUID:
    """Somebody else on the advertiser's staff."""
    with campaign.database.writing(SYSTEM) as session:
        person = Person(email=f"{uuid4().hex}@example.org", name="Nadia Perrot", created_at=BEGINNING)
        session.add(person)
        session.flush()
        session.add(Membership(person_id=person.id, advertiser_id=campaign.advertiser_id, role=role.value, approval_limit_amount=limit))
        return person.id


def away(campaign: Played, absent: Actor, substitute_id: UUID, role: Role, **days: date) -> UUID:
    """Somebody is away, by default today and tomorrow."""
    today = local_day(campaign.now)
    assert absent.person_id is not None
    with campaign.database.writing(SYSTEM) as session:
        return arrange(
            session,
            absent_id=absent.person_id,
            substitute_id=substitute_id,
            advertiser_id=campaign.advertiser_id,
            role=role,
            from_on=days.get("from_on", today),
            to_on=days.get("to_on", today + timedelta(days=1)),
            by=absent.person_id,
            now=campaign.now,
            today=today,
        ).id


def signed_in(campaign: Played, person_id: UUID) -> Actor:
    """Somebody as they sign in at the campaign's present."""
    found = PeopleInDatabase(campaign.database, FixedClock(campaign.now)).by_id(person_id)
    assert found is not None
    return found.actor


def approval(campaign: Played) -> ApproveBudget:
    with campaign.reading() as session:
        return ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=campaign.facts(session).budget.sha256)


def last_actor(campaign: Played, event: str) -> dict[str, Any]:
    entry = max((one for one in campaign.rows(Checkpoint) if one.event == event), key=lambda one: one.seq)
    actor: dict[str, Any] = read_json(entry.body)["actor"]
    return actor


def test_a_substitute_approves_under_the_absent_approvers_limit_and_both_are_named(played: Campaigns) -> None:
    campaign = played("budget")
    nadia = colleague(campaign, Role.AUDITOR)
    with pytest.raises(NotYourMove):
        campaign.ask(approval(campaign), by=signed_in(campaign, nadia))
    away(campaign, campaign.president, nadia, Role.BUDGET_APPROVER)

    campaign.ask(approval(campaign), by=signed_in(campaign, nadia))

    actor = last_actor(campaign, "campaign.budget.approved")
    assert (actor["id"], actor["stands_in_for"]) == (str(nadia), str(campaign.president.person_id))
    (decision,) = campaign.rows(BudgetDecision)
    assert decision.limit_amount == campaign.president.approval_limit_amount(campaign.advertiser_id)
    with campaign.reading() as session:
        entry = next(one for one in get_history(session, campaign.campaign) if one.event == "campaign.budget.approved")
        assert (entry.person, entry.stood_in_for) == ("Nadia Perrot", campaign.president.name)
        assert "substitution" in entry.marks
        shown = next(one for one in recent_entries(session, campaign.campaign_id, most=40) if one.event == "campaign.budget.approved")
        assert (shown.who, shown.stood_in_for) == ("Nadia Perrot", campaign.president.name)


def test_the_limit_is_that_of_the_person_stood_in_for(played: Campaigns) -> None:
    campaign = played("budget")
    nadia = colleague(campaign, Role.AUDITOR)
    away(campaign, campaign.deputy, nadia, Role.BUDGET_APPROVER)

    with pytest.raises(ApproverLimitExceeded) as refusal:
        campaign.ask(approval(campaign), by=signed_in(campaign, nadia))

    assert refusal.value.params["limit"] == campaign.deputy.approval_limit_amount(campaign.advertiser_id)


def test_an_approver_stands_in_for_another_only_where_their_own_limit_ends(played: Campaigns) -> None:
    campaign = played("budget")
    assert campaign.deputy.person_id is not None
    away(campaign, campaign.president, campaign.deputy.person_id, Role.BUDGET_APPROVER)
    deputy = signed_in(campaign, campaign.deputy.person_id)
    advertiser = campaign.advertiser_id

    own = campaign.deputy.approval_limit_amount(advertiser)
    assert deputy.stands_in_for((Role.BUDGET_APPROVER,), advertiser, limit_amount=own) is None
    campaign.ask(approval(campaign), by=deputy)

    assert last_actor(campaign, "campaign.budget.approved")["stands_in_for"] == str(campaign.president.person_id)


def test_whoever_stands_in_for_the_preparer_does_not_approve_what_they_prepared(played: Campaigns) -> None:
    campaign = played("budget")
    nadia = colleague(campaign, Role.BUDGET_APPROVER, Decimal("9000000.00"))
    away(campaign, campaign.manager, nadia, Role.PROJECT_MANAGER)

    with pytest.raises(PreparerMayNotDecide):
        campaign.ask(approval(campaign), by=signed_in(campaign, nadia))


def test_whoever_was_stood_in_for_when_something_was_asked_does_not_decide_about_it(played: Campaigns) -> None:
    campaign = played("order")
    # The president also leads campaigns; Nadia asks for a cancellation in the president's place.
    nadia = colleague(campaign, Role.AUDITOR)
    with campaign.database.writing(SYSTEM) as session:
        session.add(
            Membership(person_id=campaign.president.person_id, advertiser_id=campaign.advertiser_id, role=Role.PROJECT_MANAGER.value)
        )
    away(campaign, campaign.president, nadia, Role.PROJECT_MANAGER)
    campaign.ask(RequestCancellation(subject_id=campaign.campaign_id, reason="Le don a baissé."), by=signed_in(campaign, nadia))
    (row,) = campaign.rows(Cancellation)

    with pytest.raises(AskerMayNotDecide):
        campaign.ask(
            ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=row.owed_amount),
            by=signed_in(campaign, campaign.president.person_id),  # type: ignore[arg-type]
        )


def test_a_substitute_acts_from_the_first_day_to_the_last_and_sees_the_absent_person_s_tasks_as_theirs(played: Campaigns) -> None:
    campaign = played("order")
    nadia = colleague(campaign, Role.AUDITOR)
    today = local_day(campaign.now)
    away(campaign, campaign.manager, nadia, Role.PROJECT_MANAGER, from_on=today + timedelta(days=1), to_on=today + timedelta(days=2))

    for days, holds in ((0, False), (1, True), (2, True), (3, False)):
        people = PeopleInDatabase(campaign.database, FixedClock(campaign.now + timedelta(days=days)))
        found = people.by_id(nadia)
        assert found is not None
        assert found.actor.has_role(Role.PROJECT_MANAGER, campaign.advertiser_id) is holds, days
        inbox = get_inbox(campaign.database, found.actor, now=campaign.now)
        assert (inbox.mine_count > 0) is holds


def test_what_the_absent_person_no_longer_holds_nobody_holds_in_their_place(played: Campaigns) -> None:
    campaign = played("budget")
    nadia = colleague(campaign, Role.AUDITOR)
    away(campaign, campaign.president, nadia, Role.BUDGET_APPROVER)
    with campaign.database.writing(SYSTEM) as session:
        session.delete(session.exec(select(Membership).where(Membership.person_id == campaign.president.person_id)).one())

    assert signed_in(campaign, nadia).roles == {Role.AUDITOR}


@pytest.mark.parametrize(
    ("change", "refusal"),
    [
        ({"substitute": "oneself"}, SubstituteIsOneself),
        ({"substitute": "stranger"}, SubstituteUnknown),
        ({"role": Role.BUDGET_APPROVER}, RoleNotHeld),
        ({"role": Role.ADMINISTRATOR}, RoleNotHeld),
        ({"to_on": date(2020, 1, 1)}, AbsenceDaysWrong),
        ({"from_on": date(2099, 1, 1)}, AbsenceDaysWrong),
    ],
)
def test_an_absence_is_arranged_whole_or_not_at_all(played: Campaigns, change: dict[str, Any], refusal: type[Exception]) -> None:
    campaign = played("plan")
    nadia = colleague(campaign)
    with campaign.database.writing(SYSTEM) as session:
        stranger = Person(email="stranger@example.org", name="Inconnu", created_at=BEGINNING)
        session.add(stranger)
        session.flush()
        stranger_id = stranger.id
    assert campaign.manager.person_id is not None
    substitute = {"oneself": campaign.manager.person_id, "stranger": stranger_id}.get(change.pop("substitute", ""), nadia)
    role = change.pop("role", Role.PROJECT_MANAGER)

    with pytest.raises(refusal):
        away(campaign, campaign.manager, substitute, role, **change)


def test_both_see_what_is_arranged_and_either_ends_it(played: Campaigns) -> None:
    campaign = played("plan")
    nadia = colleague(campaign)
    row = away(campaign, campaign.manager, nadia, Role.PROJECT_MANAGER)
    today = local_day(campaign.now)

    with campaign.database.writing(SYSTEM) as session:
        for person_id in (nadia, campaign.manager.person_id):
            (one,) = list_absences(session, person_id, today=today)  # type: ignore[arg-type]
            assert (one.absent, one.substitute) == ("Marion Vidal", "Nadia Perrot")
        assert ("Nadia Perrot") in dict(list_substitutes(session, campaign.manager.person_id, (campaign.advertiser_id,))).values()  # type: ignore[arg-type]
        with pytest.raises(NotFound):
            end(session, row, person_id=uuid4())
        end(session, row, person_id=nadia)
        assert list_absences(session, nadia, today=today) == ()
