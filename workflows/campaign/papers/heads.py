"""What every paper has in common: who issues it, to whom, under which number, who answers for it, and how a control is printed.

Not for what a single kind says; the modules beside do that.
"""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.documents import (
    Check,
    DocumentContent,
    DocumentHead,
    MarginUsed,
    Measure,
    Party,
    Wording,
    canonical_content,
    count,
    share,
    words,
)
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.records import StoredFile
from workflows.campaign.states import CampaignState
from workflows.engine.documents import next_revision
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.parties.model import Advertiser, Membership, Person, Supplier
from workflows.parties.roles import Role, SupplierKind
from workflows.trade.kpis import WHOLE, Margin
from workflows.trade.working_days import local_day

MEDIA_PLAN, COUNT_REQUEST, TERMS_SHEET, BUDGET_FILE, NON_CONFORMITY = "PM", "DC", "FC", "DB", "NC"
DEDUPE_BRIEF, DEDUPE_REPORT = "BD", "RD"
NET_STATEMENT, LOT_PLAN, MAILING_ORDER, RESULTS_REPORT = "EN", "PL", "OR", "BI"
DESTRUCTION_CERTIFICATE, PURGE_CERTIFICATE, INVOICE_DISPUTE, REFUND_CLAIM = "CD", "CP", "CF", "RG"
"""What a number begins with; orders have theirs, BC, from the order itself."""


def gather(step: Step) -> CampaignFacts:
    """The campaign's facts, whichever of its machines moves."""
    facts = step.facts
    return facts if isinstance(facts, CampaignFacts) else CampaignFacts(step.session, step.chain)


def number(facts: CampaignFacts, prefix: str, *parts: str) -> str:
    """A paper's number: `PM-26A`, `EN-26A-ALZ`."""
    return "-".join((prefix, facts.campaign.code, *parts))


def last_reference(facts: CampaignFacts, paper_number: str) -> str:
    """Number and newest revision of a paper that was issued, as another cites it: `DB-26A/2`; empty when there is none."""
    revision = next_revision(facts.session, facts.campaign.id, paper_number) - 1
    return f"{paper_number}/{revision}" if revision else ""


def head(
    step: Step,
    facts: CampaignFacts,
    content: type[DocumentContent],
    paper_number: str,
    *,
    stage: CampaignState,
    recipient: Supplier | None = None,
    revision: int | None = None,
) -> DocumentHead:
    """The letterhead of a paper issued now, followed up by whoever answers for `stage`."""
    campaign = facts.campaign
    person = answerable(facts, stage)
    revision = revision or next_revision(facts.session, campaign.id, paper_number)
    return DocumentHead(
        kind=content.kind_name(),
        number=paper_number,
        revision=revision,
        issued_on=local_day(step.now),
        campaign_code=campaign.code,
        campaign_title=campaign.title,
        advertiser=advertiser_party(facts, stage),
        recipient=supplier_party(recipient) if recipient else None,
        supersedes=f"{paper_number}/{revision - 1}" if revision > 1 else None,
        currency=campaign.currency,
        contact_name=person.name if person else "",
        contact_email=person.email if person else "",
    )


def paper(content: DocumentContent, *, recipient: Supplier | None = None, subject_id: UUID | None = None) -> Paper:
    """A content ready to be issued to a supplier, or to nobody outside."""
    return Paper(
        number=content.head.number,
        revision=content.head.revision,
        content=canonical_content(content),
        supplier_id=recipient.id if recipient else None,
        subject_id=subject_id,
    )


def advertiser_party(facts: CampaignFacts, stage: CampaignState) -> Party:
    """The advertiser; its e-mail is that of whoever answers for `stage`."""
    person = answerable(facts, stage)
    return _party(facts.advertiser, person.email if person else "")


def supplier_party(one: Supplier) -> Party:
    """A supplier as it stands on a paper."""
    return _party(one, one.email)


def _party(one: Advertiser | Supplier, email: str) -> Party:
    return Party(
        name=one.name,
        siren=one.siren,
        vat_number=one.vat_number,
        address=one.address,
        postcode=one.postcode,
        town=one.town,
        email=email,
    )


def answerable(facts: CampaignFacts, stage: str) -> Person | None:
    """Whoever is answerable for a stage, else whoever opened the campaign."""
    named = next((row.person_id for row in facts.responsibilities if row.stage == stage), facts.campaign.opened_by_id)
    return person(facts, named)


def person(facts: CampaignFacts, person_id: UUID | None) -> Person | None:
    """One person, by id."""
    return facts.session.get(Person, person_id) if person_id else None


def members(facts: CampaignFacts, role: Role) -> list[tuple[Person, Membership]]:
    """The people who hold a role for the advertiser itself, by name."""
    statement = (
        select(Person, Membership)
        .join(Membership, col(Membership.person_id) == col(Person.id))
        .where(Membership.advertiser_id == facts.campaign.advertiser_id, col(Membership.supplier_id).is_(None))
        .where(Membership.role == role.value)
    )
    return list(facts.session.exec(statement.order_by(col(Person.name), col(Person.email))))


def service_supplier(facts: CampaignFacts, kind: SupplierKind) -> Supplier | None:
    """The campaign's supplier of a kind of service, the first by code."""
    return next((one for one in facts.service_suppliers() if one.kind == kind), None)


def stored_files(facts: CampaignFacts, ids: Iterable[UUID]) -> dict[UUID, StoredFile]:
    """Rows of stored files, by id."""
    statement = select(StoredFile).where(col(StoredFile.id).in_(list(ids)))
    return {row.id: row for row in facts.session.exec(statement)}


def margin_used(margin: Margin) -> MarginUsed | None:
    """The margin that a paper names; none where all stays of what people give."""
    return None if margin == WHOLE else MarginUsed(rate=margin.rate, handling_amount=margin.handling_amount)


def checks(controls: Iterable[Mapping[str, Any]]) -> tuple[Check, ...]:
    """Controls as a checkpoint has them, as they are printed; `accounting:ALZ` is about `ALZ`, whose `words` come along."""
    return tuple(_check(control) for control in controls)


def _check(control: Mapping[str, Any]) -> Check:
    code, _, about = str(control["code"]).partition(":")
    overridden = control["verdict"] == "overridden"
    return Check(
        code=code,
        about=about,
        verdict="warning" if overridden else str(control["verdict"]),
        expected=_measure(control.get("expected")),
        actual=_measure(control.get("actual")),
        tolerance=_tolerance(control.get("tolerance")),
        override=str(control.get("override") or ""),
        about_words=tuple(Wording(language=language, text=text) for language, text in sorted(control.get("words", {}).items())),
    )


def _measure(value: Any) -> Measure | None:
    if value is None or value == "":
        return None
    if isinstance(value, int) and not isinstance(value, bool):
        return count(value)
    return words(", ".join(str(item) for item in value) if isinstance(value, list) else str(value))


def _tolerance(value: Any) -> Measure | None:
    """A tolerance in records is a whole number, one in shares a decimal as text; none at all is not printed."""
    if value in (None, "", 0):
        return None
    return count(value) if isinstance(value, int) else share(Decimal(str(value)))
