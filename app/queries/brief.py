"""A campaign as a brief again: to be copied, or taken home as tables. Not for what its plan promises: `plan` reads that."""

from uuid import UUID

from workflows.campaign.as_written import cost_rows, mailing_row, message_rows, seed_rows, supplier_codes
from workflows.campaign.brief import Brief, ListRow, PlanRow
from workflows.campaign.dedupe.settings import dedupe_as_done
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.terms.basis import basis_row


def brief_of(facts: CampaignFacts) -> Brief:
    """The campaign's brief as it stands, without history: what it was opened with and what changed since."""
    campaign = facts.campaign
    codes = supplier_codes(facts)
    bases = {stated.list_id: basis_row(stated) for stated in facts.list_bases}
    segments: dict[UUID, list[tuple[str, int]]] = {}
    for segment in facts.segments:
        segments.setdefault(segment.list_id, []).append((segment.code, segment.universe))
    return Brief(
        code=campaign.code,
        title=campaign.title,
        drop_on=campaign.drop_on,
        envelope_amount=campaign.envelope_amount,
        currency=campaign.currency,
        vat_rate=campaign.vat_rate,
        offer_ends_on=campaign.offer_ends_on,
        target_responses=campaign.target_responses,
        target_roi=campaign.target_roi,
        minimum_net_quantity=campaign.minimum_net_quantity,
        margin_rate=campaign.margin_rate,
        handling_amount=campaign.handling_amount,
        dedupe=dedupe_as_done(facts),
        lists=tuple(
            ListRow(
                code=row.code,
                name=row.name,
                nature=row.nature,
                owner=codes.get(row.owner_id) if row.owner_id else None,
                broker=codes.get(row.broker_id) if row.broker_id else None,
                cpm=row.cpm,
                selection_cpm=row.selection_cpm,
                run_charge_cpm=row.run_charge_cpm,
                min_billing_rate=row.min_billing_rate,
                min_invoice_amount=row.min_invoice_amount,
                technical_fee=row.technical_fee,
                billing_basis=row.billing_basis,
                unbilled_reasons=tuple(row.unbilled_reasons),
                undeliverable_guarantee=row.undeliverable_guarantee,
                lead_days=row.lead_days,
                basis=bases.get(row.id),
                segments=tuple(segments.get(row.id, ())),
            )
            for row in facts.lists
        ),
        plan=tuple(
            PlanRow(
                list_code=line.list_code,
                segment=line.segment,
                channel=line.channel,
                role=line.role,
                message=line.message,
                offer=line.offer,
                gross_qty=line.gross_qty,
                rank=line.rank,
                expected_rate=line.expected_rate,
            )
            for line in facts.lines
        ),
        messages=message_rows(facts),
        costs=cost_rows(facts),
        seeds=seed_rows(facts),
        mailing=mailing_row(facts),
    )
