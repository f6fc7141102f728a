"""What a refund claim says: pieces mailed and returned of a list, why they came back, the warranty on its order, and the amount."""

from collections.abc import Iterable

from workflows.campaign.documents import RefundClaim, ReturnRow
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.papers import heads
from workflows.campaign.states import CampaignState
from workflows.campaign.vat import invoiced_rate
from workflows.engine.process import Paper
from workflows.engine.step import Step


def claim_number(facts: CampaignFacts, list_code: str) -> str:
    """The number of the claim of a list: `RG-26A-ALZ`."""
    return heads.number(facts, heads.REFUND_CLAIM, list_code)


def refund_claims(step: Step) -> Iterable[Paper]:
    """The claim that this step makes, for the supplier of its list."""
    facts = heads.gather(step)
    for claim in facts.claims:
        if claim.from_seq != step.seq:
            continue
        row = next(one for one in facts.lists if one.id == claim.list_id)
        supplier = facts.suppliers[claim.supplier_id]
        content = RefundClaim(
            head=heads.head(step, facts, RefundClaim, claim.number, stage=CampaignState.RESPONSES, recipient=supplier),
            list_code=row.code,
            list_name=row.name,
            order_number=claim.order_number,
            drop_on=facts.campaign.drop_day,
            mailed_qty=claim.mailed_qty,
            rows=tuple(ReturnRow(reason=reason, quantity=number) for reason, number in sorted(claim.counts.items())),
            warranty_rate=claim.warranty_rate,
            allowed_qty=claim.allowed_qty,
            cpm=row.cpm,
            refund_amount=claim.amount,
            vat_rate=invoiced_rate(facts, supplier),
            answer_by=claim.due_on,
            claimable_until=claim.claimable_until_on,
        )
        yield heads.paper(content, recipient=supplier, subject_id=claim.id)
