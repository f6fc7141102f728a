"""What the papers of production say: the plan of lots as it is frozen, and what the mailer is ordered to post."""

from collections.abc import Iterable, Mapping
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from workflows.campaign.contacted.bringing import BOUNCES, CALLS, REPORTED_BY
from workflows.campaign.documents import (
    CallingRow,
    ComponentRow,
    FileReference,
    LotPlan,
    LotRow,
    MailingOrder,
    MessageRow,
    ProofRow,
    SendingRow,
    ServiceRow,
    TestPair,
    UnsentRow,
    content_from_json,
)
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Message
from workflows.campaign.papers import heads
from workflows.campaign.papers.budgeting import BASES
from workflows.campaign.papers.described import as_described, spoilt
from workflows.campaign.papers.tracked import TRACKED_BY, tracked_order, tracked_plan
from workflows.campaign.planning import cost_items
from workflows.campaign.policy import Policy
from workflows.campaign.records import Lot
from workflows.campaign.results.trials import Pair, Trial, expected_rates, planned_trials, reach
from workflows.campaign.send.not_sending import left_unsent
from workflows.campaign.send.proofs import SIGNED
from workflows.campaign.send.senders import senders
from workflows.campaign.states import CampaignState
from workflows.engine.documents import Document
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.parties.model import Supplier
from workflows.parties.roles import SupplierKind
from workflows.trade.calling import COUNTED_DAYS, CallRules, written_hours
from workflows.trade.channels import goes_by_post
from workflows.trade.costs import CostQuantities, plan_budget
from workflows.trade.working_days import local_day


def lot_plan(step: Step) -> Iterable[Paper]:
    """The partition of the net that is frozen now."""
    facts = heads.gather(step)
    campaign, run, plan = facts.campaign, facts.run, facts.lot_plan
    assert run is not None, "lots are made of a run"
    assert run.report is not None, "lots are made of a finished run"
    assert plan is not None, "a lot plan is frozen once it is made"
    rates, split = expected_rates(facts), plan.summary.get("split", {})
    content = LotPlan(
        head=heads.head(step, facts, LotPlan, _plan_number(facts), stage=CampaignState.LOTS),
        drop_on=campaign.drop_on,
        run_number=run.number,
        net_qty=sum(counts["net"] for counts in run.report["lists"].values()),
        split_seed=str(split.get("seed", campaign.seed)),
        split_rule=str(split.get("rule", "")),
        lots=tuple(_lot_row(lot, rates) for lot in facts.lots),
        messages=tuple(
            MessageRow(code=one.code, label=one.label, offer=one.offer, tracked_by=TRACKED_BY)
            for one in facts.messages
            if any(lot.message == one.code for lot in facts.lots)
        ),
        files=_files(facts),
        tests=tuple(_tests(facts, rates)),
        checks=heads.checks(plan.summary.get("checks", ())),
        monitor_seeds=len(facts.seeds),
    )
    yield heads.paper(tracked_plan(facts, content), subject_id=plan.id)


def mailing_orders(step: Step) -> Iterable[Paper]:
    """One order for each channel, and for each mailer where there are several; internal where there is none."""
    facts = heads.gather(step)
    sent = {lot.channel for lot in facts.lots if lot.is_sent}
    for channel in dict.fromkeys(lot.channel for lot in facts.lots if lot.is_sent or lot.not_sent_reason):
        mailers: list[Supplier | None] = [*senders(facts, channel)]
        for mailer in mailers or [None]:
            parts = (channel.upper(), mailer.code) if mailer and len(mailers) > 1 else (channel.upper(),)
            number = heads.number(facts, heads.MAILING_ORDER, *parts)
            # a channel of which nothing is mailed any more has an order that says so, where there is one that says otherwise
            if channel in sent or heads.last_reference(facts, number):
                yield heads.paper(_mailing_order(step, facts, number, mailer, channel), recipient=mailer, subject_id=facts.campaign.id)


def files_in_order(facts: CampaignFacts) -> Iterable[tuple[UUID, FileReference]]:
    """Each file of people that a mailer was ordered to post from, for the lots that count, with that mailer."""
    assert facts.lot_plan is not None, "mail is posted by a lot plan"
    orders = select(Document).where(
        Document.campaign_id == facts.campaign.id,
        Document.kind == MailingOrder.kind_name(),
        col(Document.supplier_id).is_not(None),
        col(Document.requested_seq) > facts.lot_plan.from_seq,
    )
    for row in facts.session.exec(orders.order_by(col(Document.requested_seq), col(Document.number))):
        content = content_from_json(row.kind, row.content)
        if isinstance(content, MailingOrder) and row.supplier_id is not None:
            yield from ((row.supplier_id, file) for file in content.files)


def _mailing_order(step: Step, facts: CampaignFacts, number: str, mailer: Supplier | None, channel: str) -> MailingOrder:
    campaign = facts.campaign
    lots = tuple(_lot_row(lot, {}) for lot in facts.lots if lot.is_sent and lot.channel == channel)
    messages = [one for one in facts.used_messages if any(lot.message == one.code for lot in lots)]
    order = next((one for one in facts.live_orders if mailer and one.supplier_id == mailer.id and one.list_id is None), None)
    by_post = goes_by_post(channel)
    printer = heads.service_supplier(facts, SupplierKind.PRINTER) if by_post else None
    spoilage = campaign.policy.share("lots", "spoilage_share")
    content = MailingOrder(
        head=heads.head(step, facts, MailingOrder, number, stage=CampaignState.SEND, recipient=mailer),
        order_number=order.number if order else "",
        lot_plan_number=heads.last_reference(facts, _plan_number(facts)),
        channel=channel,
        drop_on=campaign.drop_on,
        postal_product="",
        deposit_site="",
        undeliverable_to=heads.advertiser_party(facts, CampaignState.SEND),
        lots=lots,
        files=_files(facts, channel),
        proofs=tuple(_proof(facts, one) for one in messages if one.proof_signed_at is not None),
        left_unsent=tuple(
            UnsentRow(code=lot.code, pieces=lot.pieces, reason=lot.not_sent_reason) for lot in left_unsent(facts) if lot.channel == channel
        ),
        components=tuple(_component(one.code, one.label, lots, spoilage) for one in messages) if by_post else (),
        services=tuple(_services(facts, mailer, channel, sum(lot.pieces for lot in lots))) if mailer else (),
        file_received_on=local_day(step.now),
        printer_name=printer.name if printer else "",
        monitor_seeds=len(facts.seeds),
        tolerance_rate=campaign.policy.share("tolerances", "deposit_share"),
        purge_on=facts.campaign.purge_on,
        calling=_calling(campaign.policy.call_rules) if channel in REPORTED_BY[CALLS] else None,
        sending=_sending(campaign.policy) if channel in REPORTED_BY[BOUNCES] else None,
    )
    return tracked_order(facts, as_described(facts, content))


def _calling(rules: CallRules) -> CallingRow:
    return CallingRow(
        hours=written_hours(rules.hours),
        region=str(rules.region),
        most=rules.most,
        counted_days=COUNTED_DAYS,
        rest_days=rules.rest_days,
    )


def _sending(policy: Policy) -> SendingRow:
    return SendingRow(hours=policy.message_hours, region=str(policy.region), complaint_rate=policy.share("thresholds", "complaint_share"))


def _proof(facts: CampaignFacts, message: Message) -> ProofRow:
    """What was signed off of a message: the version of its file, or its notice alone."""
    assert message.proof_signed_at is not None, "only what was signed is ordered"
    signed = next((proof for proof in facts.proofs if proof.message == message.code and proof.state == SIGNED), None)
    signer = heads.person(facts, message.proof_signed_by_id)
    return ProofRow(
        message=message.code,
        version=signed.version if signed else 0,
        sha256=signed.sha256 if signed else "",
        signed_by=signer.name if signer else "",
        signed_on=local_day(message.proof_signed_at),
        notice_sha256=sha256(message.notice.encode()).hexdigest(),
    )


def _component(message: str, label: str, lots: Iterable[LotRow], spoilage: Decimal) -> ComponentRow:
    """The mail piece of a message: as many as its lots have pieces, and what the printer adds for waste."""
    pieces = sum(lot.pieces for lot in lots if lot.message == message)
    return ComponentRow(message=message, fold_rank=1, label=label, quantity=pieces, spoilage_qty=spoilt(pieces, spoilage))


def _services(facts: CampaignFacts, mailer: Supplier, channel: str, pieces: int) -> Iterable[ServiceRow]:
    """What the mailer is paid for each piece, on the pieces that there really are."""
    items = [item for item in cost_items(facts) if item.supplier == mailer.code and item.basis.counts(channel)]
    quantities = CostQuantities(pieces={channel: pieces}, gross=0, responses=0)
    for line in plan_budget([], items, quantities, facts.campaign.vat_rate).lines:
        if line.basis is not None and line.unit_amount is not None:
            yield ServiceRow(
                nature=line.nature,
                unit=BASES[line.basis],
                quantity=pieces,
                unit_price=line.unit_amount,
                amount=line.amount.net_amount,
            )


def _lot_row(lot: Lot, rates: Mapping[tuple[str, str, str, str], Decimal]) -> LotRow:
    rate = rates.get((lot.list_code, lot.segment, lot.channel, lot.message)) if lot.is_sent else None
    return LotRow(
        code=lot.code,
        list_code=lot.list_code,
        segment=lot.segment,
        offer=lot.offer,
        message=lot.message,
        channel=lot.channel,
        role=lot.role,
        quantity=lot.quantity,
        seeds=lot.seeds,
        expected_rate=rate,
        in_several=lot.in_several,
    )


def _tests(facts: CampaignFacts, rates: Mapping[tuple[str, str, str, str], Decimal]) -> Iterable[TestPair]:
    """Each test over all its places with what it can show, and its places below where there are several."""
    for trial in planned_trials(facts.lots, rates, facts.campaign.policy):
        if len(trial.pairs) > 1:
            yield _whole_test(trial, trial.about, "", "")
            yield from (_test_pair(facts, pair, rates) for pair in trial.pairs)
        else:
            (pair,) = trial.pairs
            yield _whole_test(trial, pair.hypothesis, pair.control.code, pair.variant.code)


def _whole_test(trial: Trial, hypothesis: str, control_lot: str, variant_lot: str) -> TestPair:
    return TestPair(
        hypothesis=hypothesis,
        variable="MESSAGE",
        control_lot=control_lot,
        variant_lot=variant_lot,
        control_qty=trial.control_qty,
        variant_qty=trial.variant_qty,
        needed_qty=trial.reach.needed,
        power=trial.reach.power,
        detectable_rate=trial.reach.detectable,
        verdict="conclusive" if trial.conclusive else "inconclusive",
        least_responses=trial.reach.least_responses if trial.reach.too_few else None,
    )


def _test_pair(facts: CampaignFacts, pair: Pair, rates: Mapping[tuple[str, str, str, str], Decimal]) -> TestPair:
    control = pair.control
    rate = rates.get((control.list_code, control.segment, control.channel, control.message))
    return TestPair(
        hypothesis=pair.hypothesis,
        variable="MESSAGE",
        control_lot=control.code,
        variant_lot=pair.variant.code,
        control_qty=control.quantity,
        variant_qty=pair.variant.quantity,
        needed_qty=reach(control.quantity, pair.variant.quantity, rate, facts.campaign.policy).needed,
    )


def _files(facts: CampaignFacts, channel: str | None = None) -> tuple[FileReference, ...]:
    """The files that the lot plan freezes, as their maker names them: all, or those of one channel."""
    assert facts.lot_plan is not None, "files are frozen with the lot plan"
    named: Mapping[str, Mapping[str, Any]] = facts.lot_plan.summary.get("files", {})
    return tuple(
        FileReference(name=name, sha256=one["sha256"], quantity=one["rows"], layout=one.get("layout", ""), encoding=one.get("encoding", ""))
        for name, one in sorted(named.items())
        if channel is None or one["channel"] == channel
    )


def _plan_number(facts: CampaignFacts) -> str:
    return heads.number(facts, heads.LOT_PLAN)
