"""Sample mail pieces: attached version by version, approved by the owners who saw them, asked about again when they change."""

from collections.abc import Callable
from dataclasses import replace

import pytest
from sqlmodel import col

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from tests.integration.stages.sampled import agree, asked, attach, consent, keep, refuse, request
from workflows.campaign.any_stage.overriding import OverrideNotAllowed
from workflows.campaign.model import CampaignList
from workflows.campaign.records import Override, StoredFile
from workflows.campaign.rules import NotOfThisCampaign, ReasonMissing
from workflows.campaign.samples import showing as rules
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.campaign.stages.negotiation import CloseNegotiation, RefuseTerms, ReopenTerms, ReturnToPlan, TermsNotAgreed
from workflows.campaign.stages.plan import SubmitPlan
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotFound, NotYourMove
from workflows.engine.user_tasks import UserTask
from workflows.plan_line.model import PlanLine

Campaigns = Callable[[str], Played]


def states(campaign: Played, code: str) -> set[str]:
    return {line.state for line in campaign.rows(PlanLine, col(PlanLine.list_code) == code, col(PlanLine.to_seq).is_(None))}


def letters(campaign: Played) -> list[list[str]]:
    """The lists whose owners were written to, letter by letter."""
    codes = {str(row.id): row.code for row in campaign.rows(CampaignList)}
    rows = campaign.rows(OutboxMessage, col(OutboxMessage.name) == "mail_samples", order=col(OutboxMessage.requested_seq))
    return [sorted(codes[one] for one in row.payload["lists"]) for row in rows]


def unapproved(campaign: Played) -> list[str]:
    """The lists whose samples keep the negotiation open."""
    found: list[str] = campaign.unmet("close_negotiation").get("samples.unapproved", {}).get("lists", [])
    return found


# --- attaching ------------------------------------------------------------------------------------------------------------------------


def test_each_sample_is_a_numbered_version_with_its_hash_and_a_replaced_one_stays(played: Campaigns) -> None:
    campaign = played("negotiation")
    first = attach(campaign, "A", "lettre_1.pdf")
    second = attach(campaign, "A", "lettre_2.pdf")
    other = attach(campaign, "B", "lettre_1.pdf")

    assert [(one.message, one.version, one.sha256) for one in (first, second, other)] == [
        ("A", 1, kept("lettre_1.pdf").sha256),
        ("A", 2, kept("lettre_2.pdf").sha256),
        ("B", 1, kept("lettre_1.pdf").sha256),
    ]
    assert {one.version: one.to_seq is None for one in campaign.rows(SamplePiece, col(SamplePiece.message) == "A")} == {1: False, 2: True}
    files = {one.id: one for one in campaign.rows(StoredFile, col(StoredFile.kind) == "sample")}
    assert {files[one.file_id].to_seq for one in (first, second, other)} == {None}, "the bytes of each stay readable"
    entry = read_json(campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.samples.attached", order=col(Checkpoint.seq))[-1].body)
    assert [(one["kind"], one["sha256"]) for one in entry["files"]] == [("sample", other.sha256)]


@pytest.mark.parametrize(
    ("media_type", "changes", "refusal"),
    [
        ("", {}, rules.SampleUnreadable),
        ("text/html", {}, rules.SampleUnreadable),
        ("application/pdf", {"size": 0}, rules.SampleUnreadable),
        ("application/pdf", {"size": 25 * 1024 * 1024 + 1}, rules.SampleTooLarge),
    ],
    ids=["nothing known", "a page", "empty", "too large"],
)
def test_what_nobody_could_look_at_is_no_sample(
    played: Campaigns, media_type: str, changes: dict[str, int], refusal: type[Exception]
) -> None:
    campaign = played("negotiation")
    with pytest.raises(refusal):
        attach(campaign, "A", media_type=media_type, file=replace(kept("lettre.pdf"), **changes))
    assert campaign.rows(SamplePiece) == []


def test_the_very_file_of_the_newest_version_is_no_version(played: Campaigns) -> None:
    campaign = played("negotiation")
    attach(campaign, "A", "lettre_1.pdf")
    with pytest.raises(rules.SampleUnchanged):
        attach(campaign, "A", "lettre_1.pdf")
    attach(campaign, "A", "lettre_2.pdf")
    assert attach(campaign, "A", "lettre_1.pdf").version == 3, "what was before the newest may come again"


def test_samples_are_attached_in_the_negotiation_alone(played: Campaigns) -> None:
    campaign = played("budget")
    with pytest.raises(MoveNotOpen):
        attach(campaign)


# --- asking -------------------------------------------------------------------------------------------------------------------------


def test_an_owner_is_asked_once_the_terms_are_agreed_and_a_sample_is_there_whichever_comes_first(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    assert (asked(campaign), letters(campaign)) == ([], [])

    piece = attach(campaign, "A")
    assert (asked(campaign), letters(campaign)) == (["CDR"], [["CDR"]])

    agree(campaign, "ALZ")
    assert (asked(campaign), letters(campaign)) == (["ALZ", "CDR"], [["CDR"], ["ALZ"]])
    tasks = {task.label: task for task in campaign.rows(UserTask, col(UserTask.name) == "approve_sample")}
    assert tasks["ALZ"].supplier_id == campaign.supplier_id("S-CRT"), "its broker is asked"
    assert request(campaign, "CDR").samples == {"A": {"version": 1, "sha256": piece.sha256}}


def test_a_sample_of_another_message_asks_nobody_whose_list_does_not_send_it(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR", "ALZ")
    attach(campaign, "B")
    assert asked(campaign) == ["ALZ"]


def test_without_a_sample_consent_is_recorded_as_ever_and_nobody_is_asked(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    consent(campaign, "CDR")
    assert states(campaign, "CDR") == {"owner_approved"}
    assert (campaign.rows(SampleApproval), asked(campaign), letters(campaign), unapproved(campaign)) == ([], [], [], [])


def test_what_waits_for_an_owner_is_lifted_by_its_supplier_and_the_rest_by_the_manager(played: Campaigns) -> None:
    campaign = played("negotiation")
    piece = attach(campaign, "A")
    agree(campaign, "CDR", "ECL")
    open_now = campaign.unmet("close_negotiation")
    assert open_now["negotiation.owners_asked"] == {"lists": ["CDR", "ECL"]}
    assert {"CDR", "ECL"}.isdisjoint(open_now["negotiation.lists_open"]["lists"])

    refuse(campaign, "ECL", piece, by=campaign.actors["S-ECL"])
    open_now = campaign.unmet("close_negotiation")
    assert open_now["negotiation.owners_asked"] == {"lists": ["CDR"]}
    assert "ECL" in open_now["negotiation.lists_open"]["lists"], "its owner said no: somebody settles it"

    consent(campaign, "CDR", piece, by=campaign.actors["S-CDR"])
    assert "negotiation.owners_asked" not in campaign.unmet("close_negotiation")


# --- approving ----------------------------------------------------------------------------------------------------------------------


def test_an_owner_approves_exactly_the_version_it_saw(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    piece = attach(campaign, "A")
    consent(campaign, "CDR", piece, by=campaign.actors["S-CDR"])

    assert states(campaign, "CDR") == {"owner_approved"}
    approval = request(campaign, "CDR")
    assert approval.approved_by_id == campaign.actors["S-CDR"].person_id
    assert (approval.on_behalf, approval.approved_at is not None) == (False, True)
    named = f"A v1 {piece.sha256}"
    assert campaign.controls("campaign.negotiation.consent_recorded") == {"sample_approved:CDR": (named, named, "ok")}
    entry = read_json(
        campaign.rows(Checkpoint, col(Checkpoint.event) == "campaign.negotiation.consent_recorded", order=col(Checkpoint.seq))[-1].body
    )
    assert [one["sha256"] for one in entry["files"]] == [piece.sha256]
    assert entry["command"]["samples"] == {"A": piece.sha256}
    open_now = campaign.tasks()
    assert ("settle_list", "CDR") not in open_now
    assert ("approve_sample", "CDR") not in open_now


def test_an_owner_who_agreed_by_telephone_is_noted_as_such(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ")
    pieces = (attach(campaign, "A"), attach(campaign, "B"))
    consent(campaign, "ALZ", *pieces)
    approval = request(campaign, "ALZ")
    assert (approval.on_behalf, sorted(approval.samples), asked(campaign)) == (True, ["A", "B"], [])


@pytest.mark.parametrize("seen", [(), ("A1",), ("A1", "B1"), ("A2",)], ids=["none", "one, and an old one", "an old one", "one of two"])
def test_a_consent_to_other_samples_than_the_newest_is_refused_and_leaves_no_trace(played: Campaigns, seen: tuple[str, ...]) -> None:
    campaign = played("negotiation")
    agree(campaign, "ALZ")
    shown = {"A1": attach(campaign, "A", "1.pdf"), "B1": attach(campaign, "B"), "A2": attach(campaign, "A", "2.pdf")}
    before = campaign.trace()
    with pytest.raises(rules.SampleOutdated):
        consent(campaign, "ALZ", *(shown[one] for one in seen), by=campaign.actors["S-CRT"])
    assert campaign.trace() == before


def test_nobody_approves_for_another_supplier_or_unasked(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR", "ALZ", "BTN")
    with pytest.raises(NotFound):
        consent(campaign, "CDR", by=campaign.actors["S-CDR"])
    pieces = (attach(campaign, "A"), attach(campaign, "B"))
    with pytest.raises(NotOfThisCampaign):
        consent(campaign, "ALZ", *pieces, by=campaign.actors["S-CDR"])
    with pytest.raises((NotFound, NotYourMove)):
        consent(campaign, "CDR", pieces[0], by=campaign.actors["S-IMP"])
    assert states(campaign, "CDR") == states(campaign, "ALZ") == {"agreed"}


def test_what_was_approved_is_approved_once(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    piece = attach(campaign, "A")
    consent(campaign, "CDR", piece)
    with pytest.raises(TermsNotAgreed):
        consent(campaign, "CDR", piece)


# --- a later version ----------------------------------------------------------------------------------------------------------------


def test_a_later_version_asks_the_owner_again_and_keeps_the_negotiation_open(played: Campaigns) -> None:
    campaign = played("negotiation")
    campaign.settle_lists()
    first = attach(campaign, "A", "1.pdf")
    consent(campaign, "CDR", first, by=campaign.actors["S-CDR"])
    assert "CDR" not in asked(campaign)

    second = attach(campaign, "A", "2.pdf")

    assert "CDR" in asked(campaign)
    assert "CDR" in letters(campaign)[-1]
    assert "CDR" in unapproved(campaign)
    was, now = f"A v1 {first.sha256}", f"A v2 {second.sha256}"
    assert campaign.controls("campaign.samples.attached")["sample_approved:CDR"] == (was, now, "warning")
    with pytest.raises(ConditionsUnmet):
        campaign.ask(CloseNegotiation(subject_id=campaign.campaign_id))

    consent(campaign, "CDR", second, by=campaign.actors["S-CDR"])
    assert "CDR" not in unapproved(campaign)
    old, new = campaign.rows(SampleApproval, col(SampleApproval.list_id) == campaign.list_id("CDR"), order=col(SampleApproval.from_seq))[
        -2:
    ]
    assert (old.samples["A"]["version"], old.approved_at is not None, old.to_seq is not None) == (1, True, True), "it stays on record"
    assert (new.samples["A"]["version"], new.before_id) == (2, old.id)


def test_a_consent_to_no_sample_is_asked_for_again_once_there_is_one(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    consent(campaign, "CDR")
    piece = attach(campaign, "A")
    assert (asked(campaign), unapproved(campaign)) == (["CDR"], ["CDR"])
    assert campaign.controls("campaign.samples.attached")["sample_approved:CDR"] == ("–", f"A v1 {piece.sha256}", "warning")
    consent(campaign, "CDR", piece, by=campaign.actors["S-CDR"])
    assert unapproved(campaign) == []


def test_a_change_that_touches_nothing_may_be_let_pass_with_a_reason_and_is_reviewed(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    first = attach(campaign, "A", "1.pdf")
    consent(campaign, "CDR", first)
    second = attach(campaign, "A", "2.pdf")
    with pytest.raises(ReasonMissing):
        keep(campaign, "CDR", reason="  ")

    keep(campaign, "CDR")

    (passed,) = campaign.rows(Override)
    assert (passed.control, passed.about) == ("sample_approved", "CDR")
    assert (passed.expected, passed.actual) == (f"A v1 {first.sha256}", f"A v2 {second.sha256}")
    assert ("review_override", "sample_approved") in campaign.tasks()
    assert (asked(campaign), unapproved(campaign)) == ([], [])
    with pytest.raises(rules.NothingToKeep):
        keep(campaign, "CDR")

    attach(campaign, "A", "3.pdf")
    assert (asked(campaign), unapproved(campaign)) == (["CDR"], ["CDR"]), "another change is another question"


def test_policy_may_leave_a_change_to_owners_alone(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    consent(campaign, "CDR", attach(campaign, "A", "1.pdf"))
    attach(campaign, "A", "2.pdf")
    campaign.tune_policy({"overrides": {"sample_approved": "nobody"}})
    with pytest.raises(OverrideNotAllowed):
        keep(campaign, "CDR")


def test_there_is_nothing_to_keep_where_nobody_consented(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    attach(campaign, "A")
    with pytest.raises(rules.NothingToKeep):
        keep(campaign, "CDR")


# --- an objection -------------------------------------------------------------------------------------------------------------------


def test_an_owner_who_does_not_agree_says_why_and_the_list_is_to_be_settled(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    first = attach(campaign, "A", "1.pdf")
    consent(campaign, "CDR", first)
    second = attach(campaign, "A", "2.pdf")
    with pytest.raises(ReasonMissing):
        refuse(campaign, "CDR", second, by=campaign.actors["S-CDR"], reason=" ")
    with pytest.raises(rules.SampleOutdated):
        refuse(campaign, "CDR", first, by=campaign.actors["S-CDR"])

    refuse(campaign, "CDR", second, by=campaign.actors["S-CDR"])

    assert request(campaign, "CDR").objection == "Le logo imite le nôtre."
    assert ("settle_list", "CDR") in campaign.tasks()
    assert (asked(campaign), unapproved(campaign)) == ([], ["CDR"])
    with pytest.raises(rules.OwnerObjected):
        keep(campaign, "CDR")

    third = attach(campaign, "A", "3.pdf")
    assert asked(campaign) == ["CDR"], "another version is another question"
    consent(campaign, "CDR", third, by=campaign.actors["S-CDR"])
    assert ("settle_list", "CDR") not in campaign.tasks()


def test_a_list_that_is_done_without_waits_for_no_owner(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    piece = attach(campaign, "A")
    refuse(campaign, "CDR", piece, by=campaign.actors["S-CDR"])
    campaign.ask(RefuseTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("CDR"), reason="Le propriétaire refuse."))
    assert (asked(campaign), unapproved(campaign)) == ([], [])
    with pytest.raises(NotYourMove):
        refuse(campaign, "CDR", piece, by=campaign.actors["S-CDR"])


def test_what_an_owner_approved_it_does_not_refuse_any_more(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    piece = attach(campaign, "A")
    consent(campaign, "CDR", piece, by=campaign.actors["S-CDR"])
    with pytest.raises(rules.AlreadyApproved):
        refuse(campaign, "CDR", piece, by=campaign.actors["S-CDR"])


# --- negotiated again ---------------------------------------------------------------------------------------------------------------


def test_a_list_negotiated_again_is_approved_again(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR")
    piece = attach(campaign, "A")
    consent(campaign, "CDR", piece)
    campaign.ask(ReopenTerms(subject_id=campaign.campaign_id, list_id=campaign.list_id("CDR"), reason="Autre prix."))
    assert asked(campaign) == []

    agree(campaign, "CDR")

    assert asked(campaign) == ["CDR"]
    assert (request(campaign, "CDR").approved_at, request(campaign, "CDR").before_id) == (None, None)


def test_who_has_not_answered_when_the_plan_is_made_anew_is_asked_again_after_it_and_nobody_else(played: Campaigns) -> None:
    campaign = played("negotiation")
    agree(campaign, "CDR", "BTN")
    piece = attach(campaign, "A")
    consent(campaign, "CDR", piece)
    assert asked(campaign) == ["BTN"]

    campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason="Un segment de plus."))
    assert asked(campaign) == []
    with pytest.raises((MoveNotOpen, NotYourMove)):
        consent(campaign, "BTN", piece)
    campaign.ask(SubmitPlan(subject_id=campaign.campaign_id))

    assert asked(campaign) == ["BTN"]
    assert letters(campaign)[-1] == ["BTN"]
    assert states(campaign, "CDR") == {"owner_approved"}
