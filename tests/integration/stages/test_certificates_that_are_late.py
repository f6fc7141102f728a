"""Certificates of destruction that do not come: reminded of, chased by the manager, let be with a reason, and holding up the end."""

from collections.abc import Callable
from datetime import time, timedelta
from uuid import uuid4

import pytest
from sqlmodel import col

from tasks.certificates import chase_certificates
from tasks.registry import Work
from tests.integration.stages.played import Played
from tests.integration.stages.test_certificates import certify, entry, give_up, owed, task
from workflows.campaign.any_stage.holding import HoldCampaign, ResumeCampaign
from workflows.campaign.data_protection.certificates import NoteLateCertificates, WaiveCertificate
from workflows.campaign.rules import ReasonMissing
from workflows.campaign.stages.analysis import CloseCampaign
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import add_working_days, instant_at
from workflows.user_task.process import ClaimTask
from workflows.user_task.ticking import TickPoint

Campaigns = Callable[[str], Played]


def timers(campaign: Played, name: str) -> list[OutboxMessage]:
    found = campaign.rows(OutboxMessage, col(OutboxMessage.name) == name, col(OutboxMessage.state) == "pending")
    return sorted(found, key=lambda one: one.not_before)


def chase(campaign: Played) -> None:
    """What a machine does when its time has come."""
    work = Work(
        database=campaign.database,
        files=None,  # type: ignore[arg-type]
        settings=None,  # type: ignore[arg-type]
        message_id=uuid4(),
        campaign_id=campaign.campaign_id,
        now=campaign.now,
        progress=lambda _step, _done, _total: None,
    )
    for command in chase_certificates(work, {}):
        campaign.ask(command, by=SYSTEM)


def after_its_day(campaign: Played) -> None:
    campaign.now = instant_at(add_working_days(owed(campaign).due_on, 1), time(9))


# --- reminded, chased, let be -----------------------------------------------------------------------------------------------------------


def test_suppliers_are_told_at_once_and_reminded_before_the_day_and_lateness_is_looked_for_after_it(played: Campaigns) -> None:
    campaign = played("responses")
    due_on = owed(campaign).due_on

    told, reminded = timers(campaign, "mail_certificates")
    (chased,) = timers(campaign, "chase_certificates")

    assert (told.payload, reminded.payload) == ({"reminder": False}, {"reminder": True, "due_on": due_on.isoformat()})
    assert reminded.not_before == instant_at(add_working_days(due_on, -5), time(8))
    assert chased.not_before == instant_at(add_working_days(due_on, 1), time(8))


def test_the_manager_is_asked_once_to_get_a_late_one_and_no_more_when_it_comes(played: Campaigns) -> None:
    campaign = played("responses")
    campaign.now = instant_at(owed(campaign).due_on, time(17))
    chase(campaign)
    assert campaign.rows(UserTask, col(UserTask.name) == "chase_certificate") == []

    after_its_day(campaign)
    chase(campaign)
    chase(campaign)

    assert task(campaign, "chase_certificate").candidate_role == "project_manager"
    (control,) = entry(campaign, "campaign.certificates.missed")["checks"]
    assert (control["expected"], control["actual"], control["verdict"]) == (owed(campaign).due_on.isoformat(), None, "warning")
    certify(campaign)
    assert task(campaign, "chase_certificate", "done")
    assert entry(campaign, "campaign.certificates.certified")["checks"][0]["verdict"] == "warning"


def test_a_late_one_of_a_campaign_given_up_is_chased_too(played: Campaigns) -> None:
    campaign = played("responses")
    give_up(campaign)
    after_its_day(campaign)

    chase(campaign)

    assert task(campaign, "chase_certificate").state == "open"


def test_work_that_is_left_in_a_campaign_given_up_is_taken_in_hand_and_ticked(played: Campaigns) -> None:
    campaign = played("responses")
    point = {"code": "shredder", "required": True, "fr": "Broyeur vérifié", "en": "Shredder checked"}
    campaign.tune_policy({"checklists": {"certify_destruction": [point]}})
    give_up(campaign)
    asked = task(campaign, "certify_destruction")
    with pytest.raises(ConditionsUnmet):
        certify(campaign)

    campaign.ask(ClaimTask(subject_id=asked.id), by=campaign.actors["S-ROU"])
    campaign.ask(TickPoint(subject_id=asked.id, point="shredder"), by=campaign.actors["S-ROU"])
    certify(campaign)

    assert owed(campaign).state == "certified"


def test_only_what_is_late_is_noted(played: Campaigns) -> None:
    campaign = played("responses")

    campaign.ask(NoteLateCertificates(subject_id=campaign.campaign_id, certificate_ids=(owed(campaign).id,)), by=SYSTEM)

    assert owed(campaign).overdue_seq is None
    assert campaign.rows(UserTask, col(UserTask.name) == "chase_certificate") == []


def test_a_manager_lets_one_be_with_a_reason_and_the_entry_is_an_override(played: Campaigns) -> None:
    campaign = played("responses")
    about = {"subject_id": campaign.campaign_id, "certificate_id": owed(campaign).id}
    with pytest.raises(ReasonMissing):
        campaign.ask(WaiveCertificate(**about, reason=" "))
    with pytest.raises(NotYourMove):
        campaign.ask(WaiveCertificate(**about, reason="Non."), by=campaign.actors["S-ROU"])

    campaign.ask(WaiveCertificate(**about, reason="Société liquidée."))

    assert (owed(campaign).state, owed(campaign).waived_reason) == ("waived", "Société liquidée.")
    assert entry(campaign, "campaign.certificates.waived")["checks"][0]["verdict"] == "overridden"
    assert campaign.rows(UserTask, col(UserTask.name) == "certify_destruction", col(UserTask.state) == "open") == []


# --- closing ----------------------------------------------------------------------------------------------------------------------------


def test_a_campaign_is_closed_once_all_are_in_and_until_then_the_condition_names_who_blocks_and_by_when(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.tune_policy({"analysis": {"invoices_required": False, "service_invoices_required": False}})
    campaign.publish()
    close = CloseCampaign(subject_id=campaign.campaign_id)
    with pytest.raises(ConditionsUnmet):
        campaign.ask(close)

    (unmet,) = campaign.move("close_campaign").unmet
    with campaign.reading() as session:
        name = campaign.facts(session).suppliers[campaign.supplier_id("S-ROU")].name
    assert (unmet.code, unmet.params) == ("certificates.missing", {"suppliers": [name], "due_on": owed(campaign).due_on})
    certify(campaign)
    campaign.ask(close)
    assert campaign.state == "closed"


def test_a_campaign_whose_policy_does_not_want_them_is_closed_without_and_still_asks(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.tune_policy({"analysis": {"certificates_required": False, "invoices_required": False, "service_invoices_required": False}})
    campaign.publish()

    campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))

    certify(campaign)
    assert owed(campaign).state == "certified"


def test_a_waived_one_holds_up_no_closing(played: Campaigns) -> None:
    campaign = played("analysis")
    campaign.tune_policy({"analysis": {"invoices_required": False, "service_invoices_required": False}})
    campaign.publish()
    campaign.ask(WaiveCertificate(subject_id=campaign.campaign_id, certificate_id=owed(campaign).id, reason="Société liquidée."))

    campaign.ask(CloseCampaign(subject_id=campaign.campaign_id))

    assert campaign.state == "closed"


def test_a_campaign_on_hold_asks_again_with_the_days_that_were_left(played: Campaigns) -> None:
    campaign = played("responses")
    due_at = task(campaign, "certify_destruction").due_at
    campaign.ask(HoldCampaign(subject_id=campaign.campaign_id, reason="Congés."))
    campaign.now += timedelta(days=7)
    campaign.ask(ResumeCampaign(subject_id=campaign.campaign_id))

    assert task(campaign, "certify_destruction").due_at > due_at
    assert owed(campaign).due_on == due_at.date()
