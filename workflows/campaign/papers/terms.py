"""What a terms sheet says: all that was agreed about a list when its negotiation was closed. One for each list of others, to its supplier.

Issued anew where it says something else than the one before; the prices on record are what counts, the budget and the orders are made of
them. Not for what only the house knows: reasons, remarks, other campaigns, balances of the exchange ledger.
"""

from collections.abc import Iterable
from typing import Any

from sqlmodel import col, select

from workflows.campaign.counts.counted import count_of, is_answered, let_pass, request_of, shortage_of
from workflows.campaign.documents import BasisTerms, SampleRow, TermsRow, TermsSheet, content_from_json
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign, CampaignList
from workflows.campaign.papers import heads
from workflows.campaign.planning import mailing_window
from workflows.campaign.samples.approved import approved_of, samples_of
from workflows.campaign.states import CampaignState
from workflows.campaign.terms.basis import stated_of
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.trade.billing import ListKind, LossReason
from workflows.trade.exchange import basis_of
from workflows.trade.working_days import local_day


def terms_sheets(step: Step) -> Iterable[Paper]:
    """One for each list of others that counts, unless its supplier has one that says the same."""
    facts = heads.gather(step)
    for row in facts.live_lists:
        supplier = facts.supplier(row.supplier_id)
        if row.is_house or supplier is None:
            continue
        content, before = _terms_sheet(step, facts, row, supplier), sheet_of(facts, row)
        if before is None or before.supplier_id != supplier.id or not content.says_the_same_as(said_on(before)):
            yield heads.paper(content, recipient=supplier, subject_id=row.id)


def stated_sheet(step: Step) -> Iterable[Paper]:
    """That of the list whose legal basis is stated, where its supplier has one that says something else."""
    before = sheet_of(step.facts, next(row for row in step.facts.lists if row.id == step.command.list_id))
    return (paper for paper in terms_sheets(step) if before is not None and paper.subject_id == step.command.list_id)


def sheet_of(facts: CampaignFacts, row: CampaignList) -> Document | None:
    """The newest terms sheet of a list."""
    statement = select(Document).where(
        Document.campaign_id == facts.campaign.id, Document.kind == TermsSheet.kind_name(), Document.subject_id == row.id
    )
    return facts.session.exec(statement.order_by(col(Document.revision).desc())).first()


def deductible_reasons(campaign: Campaign, row: CampaignList) -> tuple[str, ...]:
    """For which reasons a record is taken off a list's invoice, down to its floor, in the order of the dedupe.

    Suppression files are named one by one; reasons for which a record is never billed are not among them.
    """
    files = (str(name).removesuffix(".csv") for name in campaign.dedupe.get("suppressions", []))
    names = {LossReason.SUPPRESSED.value: tuple(files)}
    return tuple(name for one in LossReason if one not in row.unbilled_reasons for name in names.get(one, (one.value,)))


def tolerance(campaign: Campaign) -> Any:
    """The share by which a delivery may differ from what is ordered."""
    return campaign.policy.share("tolerances", "delivered_share")


def approved_samples(facts: CampaignFacts, row: CampaignList) -> Iterable[SampleRow]:
    """What the owner of a list approved of the newest samples of its messages, one for each that has one."""
    approved = approved_of(facts, row.id)
    for message, newest in samples_of(facts, row.id).items():
        seen = approved.samples.get(message) if approved else None
        yield SampleRow(
            message=message,
            version=seen["version"] if seen else 0,
            sha256=seen["sha256"] if seen else "",
            approved_on=local_day(approved.approved_at) if approved and seen and approved.approved_at else None,
            **({} if newest == seen else {"newest_version": newest["version"], "newest_sha256": newest["sha256"]}),
        )


def said_on(document: Document) -> TermsSheet:
    """What an issued terms sheet says."""
    said = content_from_json(document.kind, document.content)
    assert isinstance(said, TermsSheet), "it is read as its kind"
    return said


def _terms_sheet(step: Step, facts: CampaignFacts, row: CampaignList, supplier: Supplier) -> TermsSheet:
    campaign = facts.campaign
    lines = [line for line in facts.live_lines if line.list_id == row.id]
    used = {line.message for line in lines}
    mailing_from, mailing_until = mailing_window(campaign)
    return TermsSheet(
        head=heads.head(
            step,
            facts,
            TermsSheet,
            heads.number(facts, heads.TERMS_SHEET, row.code),
            stage=CampaignState.NEGOTIATION,
            recipient=supplier,
        ),
        list_code=row.code,
        list_name=row.name,
        owner=heads.supplier_party(facts.supplier(row.owner_id) or supplier),
        rows=tuple(_rows(facts, row)),
        channels=tuple(dict.fromkeys(line.channel for line in lines)),
        offers=tuple(f"{message.code} – {message.label}" for message in facts.messages if message.code in used),
        mailing_from=mailing_from,
        mailing_until=mailing_until,
        cpm=row.cpm,
        selection_cpm=row.selection_cpm,
        run_charge_cpm=row.run_charge_cpm,
        technical_fee=row.technical_fee,
        min_billing_rate=row.min_billing_rate,
        min_invoice_amount=row.min_invoice_amount,
        deductible_reasons=deductible_reasons(campaign, row),
        billing_basis=row.billing_basis,
        unbilled_reasons=tuple(row.unbilled_reasons),
        quantity_tolerance_rate=tolerance(campaign),
        payment_days=supplier.payment_days,
        terms_agreed_on=local_day(row.terms_agreed_at) if row.terms_agreed_at else None,
        consent_on=local_day(row.consent_at) if row.consent_at else None,
        exchange_basis=basis_of(row.min_billing_rate, row.unbilled_reasons).value if row.nature == ListKind.EXCHANGE else "",
        # What a broker is paid beside the price of the list is a cost of the campaign.
        commission_included=bool(row.broker_id) and row.broker_id not in {item.supplier_id for item in facts.costs},
        undeliverable_warranty_rate=row.undeliverable_guarantee,
        lead_days=row.lead_days,
        offer_until=row.offer_until_on,
        protected_from=row.protected_from_on,
        protected_until=row.protected_until_on,
        use="follow_up" if row.is_brought_over else "single",
        extraction="all" if row.is_brought_over else "random",
        reuse_cpm=row.reuse_cpm,
        reuse_until=row.reuse_until_on,
        reuse_seconds=row.reuse_seconds,
        basis=basis_terms(facts, row),
        samples=tuple(approved_samples(facts, row)),
        **_counted(facts, row),
    )


def basis_terms(facts: CampaignFacts, row: CampaignList) -> BasisTerms | None:
    """What is stated of a list's legal basis."""
    stated = stated_of(facts, row.id)
    if stated is None:
        return None
    return BasisTerms(
        legal_basis=stated.legal_basis,
        objections_purged_on=stated.objections_purged_on,
        stated_on=local_day(stated.stated_at),
        data_role=stated.data_role,
        collected_from=stated.collected_from_on,
        collected_until=stated.collected_until_on,
        collected_through=stated.collected_through,
        partners_named=stated.partners_named,
        on_behalf=stated.on_behalf,
    )


def _rows(facts: CampaignFacts, row: CampaignList) -> Iterable[TermsRow]:
    count = count_of(facts, row.id)
    available = count.available if count else {}
    lines = [line for line in facts.live_lines if line.list_id == row.id]
    for segment in dict.fromkeys(line.segment for line in lines):
        mine = [line for line in lines if line.segment == segment]
        yield TermsRow(
            segment=segment,
            quantity=sum(line.gross_qty for line in mine),
            roles=tuple(dict.fromkeys(line.role for line in mine)),
            messages=tuple(dict.fromkeys(line.message for line in mine)),
            counted_qty=available.get(segment),
        )


def left_out_of_count(facts: CampaignFacts, row: CampaignList) -> str:
    """Whom the owner left out of its count, as it was asked to, in words; empty where it was asked for nothing or has not answered."""
    request = request_of(facts, row.id)
    return request.exclusions if request and is_answered(facts, request) else ""


def _counted(facts: CampaignFacts, row: CampaignList) -> dict[str, Any]:
    """What the counts add, by the names of the sheet: when, until when addresses are kept, what was left out, what was let pass."""
    count, short = count_of(facts, row.id), shortage_of(facts, row)
    passed = let_pass(facts, row, short) if short else None
    return {
        "counted_on": local_day(count.counted_at) if count else None,
        "held_until": count.held_until_on if count else None,
        "exclusions": left_out_of_count(facts, row),
        "short_accepted_on": local_day(passed.overridden_at) if passed else None,
    }
