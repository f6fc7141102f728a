"""How a list stands with the sample mail pieces of its messages: what its owner is shown, what it approved, whether that still holds."""

from collections.abc import Mapping
from typing import Any
from uuid import UUID

from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import CampaignList
from workflows.campaign.records import Override
from workflows.campaign.samples.records import SampleApproval, SamplePiece
from workflows.engine.refusals import Unmet
from workflows.parties.roles import Role
from workflows.plan_line.model import LineState

SAMPLE_APPROVED = "sample_approved"
"""The control that compares what an owner approved with the newest samples; policy says who may pass over it."""
NONE_SHOWN = "–"
"""What stands for an approval of no sample."""

Samples = Mapping[str, Mapping[str, Any]]
"""Samples by message: `version` and `sha256` of each."""


def messages_of(facts: CampaignFacts, list_id: UUID) -> list[str]:
    """The messages that a list's lines send, in the plan's order."""
    return list(dict.fromkeys(line.message for line in facts.live_lines if line.list_id == list_id))


def pieces_of(facts: CampaignFacts, list_id: UUID) -> dict[str, SamplePiece]:
    """The newest sample of each of a list's messages that has one."""
    newest = {one.message: one for one in facts.samples}
    return {message: newest[message] for message in messages_of(facts, list_id) if message in newest}


def samples_of(facts: CampaignFacts, list_id: UUID) -> dict[str, dict[str, Any]]:
    """The same, as an approval names them."""
    return {code: {"version": one.version, "sha256": one.sha256} for code, one in sorted(pieces_of(facts, list_id).items())}


def figures(samples: Samples) -> str:
    """Samples as a control and an override tell them: message, version, hash."""
    return ", ".join(f"{code} v{one['version']} {one['sha256']}" for code, one in sorted(samples.items())) or NONE_SHOWN


def covers(approval: SampleApproval, samples: Samples) -> bool:
    """Whether it is about all of these, and just these versions of them."""
    return all(approval.samples.get(code) == one for code, one in samples.items())


def request_of(facts: CampaignFacts, list_id: UUID) -> SampleApproval | None:
    """What a list's owner is asked now, answered or not."""
    return next((one for one in facts.sample_approvals if one.list_id == list_id), None)


def approved_of(facts: CampaignFacts, list_id: UUID) -> SampleApproval | None:
    """What a list's owner approved last since its terms were agreed, whether that still holds or not."""
    request = request_of(facts, list_id)
    if request is None or request.approved_at is not None:
        return request
    return facts.session.get_one(SampleApproval, request.before_id) if request.before_id else None


def let_pass(facts: CampaignFacts, row: CampaignList) -> Override | None:
    """The decision that these very samples do not touch what the owner approved, if somebody took it; the newest."""
    approved = approved_of(facts, row.id)
    compared = (row.code, figures(approved.samples if approved else {}), figures(samples_of(facts, row.id)))
    passed = (one for one in reversed(facts.overrides) if one.control == SAMPLE_APPROVED and not one.is_grant)
    return next((one for one in passed if (one.about, one.expected, one.actual) == compared), None)


def is_approved(facts: CampaignFacts, row: CampaignList) -> bool:
    """Whether the owner approved the newest samples of the list's messages; where there is none, there is nothing to approve."""
    samples, request = samples_of(facts, row.id), request_of(facts, row.id)
    return not samples or (request is not None and request.approved_at is not None and covers(request, samples))


def holds(facts: CampaignFacts, row: CampaignList) -> bool:
    """Whether the owner approved them, or somebody let the change pass."""
    return is_approved(facts, row) or let_pass(facts, row) is not None


def is_consented(facts: CampaignFacts, row: CampaignList) -> bool:
    """Whether the list's terms are agreed and its owner consented, whatever came after."""
    lines = [line for line in facts.lines_of(row.id) if line.is_alive]
    return bool(lines) and not row.is_house and not any(line.state in (LineState.CANDIDATE, LineState.AGREED) for line in lines)


def samples_are_approved(facts: CampaignFacts) -> Unmet | None:
    """No owner's consent is of other samples than the newest, unless somebody let that pass."""
    changed = [row.code for row in facts.live_lists if is_consented(facts, row) and not holds(facts, row)]
    return Unmet(code="samples.unapproved", lifted_by=Role.SUPPLIER, params={"lists": changed}) if changed else None
