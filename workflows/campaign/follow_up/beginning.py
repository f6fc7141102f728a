"""A follow-up as it begins: a campaign of its own, with the lists brought over and what the one before was made with.

Its lists have the price of their second use and nothing else to pay: nobody selects or delivers anything. Terms that were agreed then are
agreed; their owners have still to see the mail piece. Messages, costs, seeds, suppression files and policy's rules are those that any
campaign has: the house may change them in its plan.
"""

from dataclasses import dataclass, replace
from datetime import date
from decimal import Decimal
from uuid import UUID

from workflows.campaign.as_written import cost_rows, mailing_row, message_rows, seed_rows, supplier_codes
from workflows.campaign.birth import bare_campaign, begin, entrust
from workflows.campaign.brief import BasisRow, ListRow, PlanRow
from workflows.campaign.dedupe.settings import dedupe_as_done
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.follow_up.sources import Source, sources_of
from workflows.campaign.model import Campaign
from workflows.campaign.states import CampaignState
from workflows.campaign.terms.basis import basis_row
from workflows.campaign.writing import write_costs, write_lists, write_mailing, write_messages, write_plan, write_seeds
from workflows.engine.command import Command
from workflows.engine.process import Move
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.lot_codes import LotRole
from workflows.trade.money import Cents

NOTHING = Decimal(0)


@dataclass(frozen=True, kw_only=True)
class BeginFollowUp(Command):
    """Begin the follow-up of a campaign, by id and code, with these of its lists. `subject_id` is the advertiser."""

    campaign_code: str
    title: str
    drop_on: date
    envelope_amount: Cents
    lists: tuple[str, ...]
    followed_id: UUID
    followed_code: str
    opened_by_id: UUID | None


def make_follow_up(step: Step) -> Campaign:
    """Make the follow-up's bare row: it lives on the calendar of the campaign that it follows up."""
    command: BeginFollowUp = step.command
    followed = step.session.get_one(Campaign, command.followed_id)
    dedupe = dedupe_as_done(CampaignFacts(step.session, followed))
    return bare_campaign(
        step,
        title=command.title,
        currency=followed.currency,
        vat_rate=followed.vat_rate,
        margin_rate=followed.margin_rate,
        handling_amount=followed.handling_amount,
        drop_on=command.drop_on,
        envelope_amount=command.envelope_amount,
        dedupe={**dedupe, "protected": [code for code in dedupe["protected"] if code in command.lists]},
        opened_by_id=command.opened_by_id,
        follow_up_of_id=followed.id,
        calendar_at=followed.calendar_at,
    )


def fill_follow_up(step: Step) -> Campaign:
    """Write the lists that are brought over, each with the one that it comes from, and everything else as it was."""
    command: BeginFollowUp = step.command
    facts = CampaignFacts(step.session, step.session.get_one(Campaign, command.followed_id))
    sources = {one.list.code: one for one in sources_of(facts, command.drop_on) if one.list.code in command.lists}
    campaign = begin(step)
    codes = supplier_codes(facts)
    bases = {stated.list_id: basis_row(stated) for stated in facts.list_bases}
    write_lists(step, [_list(source, codes, bases.get(source.list.id)) for source in sources.values()])
    for row in step.facts.lists:
        source = sources[row.code]
        row.source_list_id = source.list.id
        row.terms_agreed_at = None if row.is_house else step.now
        step.control(f"brought_over:{row.code}", expected=source.mailed, actual=source.available, verdict="ok")
    used = {line.message for source in sources.values() for line in source.lines}
    write_messages(step, [row for row in message_rows(facts) if row.code in used])
    write_plan(step, [row for source in sources.values() for row in _plan(source)])
    write_costs(step, cost_rows(facts))
    write_seeds(step, seed_rows(facts))
    if (mailing := mailing_row(facts)) is not None:
        write_mailing(step, replace(mailing, pieces=tuple(piece for piece in mailing.pieces if piece.message in used)))
    entrust(step, command.opened_by_id)
    return campaign


def _list(source: Source, codes: dict[UUID, str], basis: BasisRow | None) -> ListRow:
    row = source.list
    segments: dict[str, int] = {}
    for line in source.lines:
        segments[line.segment] = segments.get(line.segment, 0) + line.quantity
    return ListRow(
        code=row.code,
        name=row.name,
        nature=row.nature,
        owner=codes.get(row.owner_id) if row.owner_id else None,
        broker=codes.get(row.broker_id) if row.broker_id else None,
        cpm=source.cpm,
        selection_cpm=NOTHING,
        run_charge_cpm=NOTHING,
        min_billing_rate=NOTHING,
        min_invoice_amount=NOTHING,
        technical_fee=NOTHING,
        undeliverable_guarantee=row.undeliverable_guarantee,
        basis=basis,
        segments=tuple(segments.items()),
    )


def _plan(source: Source) -> list[PlanRow]:
    """A follow-up tests nothing that was tested: each line goes out to all who are left."""
    return [
        PlanRow(
            list_code=source.list.code,
            segment=line.segment,
            channel=line.channel,
            role=LotRole.ROLLOUT.value,
            message=line.message,
            offer=line.offer,
            gross_qty=line.quantity,
            rank=line.rank,
        )
        for line in source.lines
    ]


BEGIN_FOLLOW_UP = Move(BeginFollowUp, to=CampaignState.PLAN, by=Role.SYSTEM, event="campaign.follow_up.begun", do=fill_follow_up)
