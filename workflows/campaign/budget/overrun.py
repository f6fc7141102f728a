"""The overrun rule: before the mailing is ordered, what the campaign is going to cost is compared with what was approved of it. Beyond the
tolerance it has to be approved again, for that amount and by those who may, as a budget is; what went before stays as it is.

The forecast is made of the budget's own formulas, on what there really is once lots are frozen: what lists are billed at, pieces, addresses
delivered, answers expected of these pieces, what withdrawn orders still cost. The contingency is part of what was approved and of no
forecast. Redone lots may cost as much as was accepted before without another signature. An invoice that is accepted above what is due is
part of the forecast from then on: where that goes beyond the tolerance, it waits for an approver too. Not for how invoices are controlled.
"""

from collections.abc import Iterable
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from typing import Any

from workflows.campaign.budget.conditions import signed_amount
from workflows.campaign.budget.deciding import keep_decision, refuse_above_limit, refuse_own
from workflows.campaign.budget.forecast import forecast_budget
from workflows.campaign.budget.signing import overrun_signatures
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.invoices.billed import billed_amount
from workflows.campaign.invoices.expected import ABOVE_BUDGET, ACCEPTED, RECEIVED, invoices_to_decide
from workflows.campaign.invoices.records import Invoice
from workflows.campaign.records import BudgetOverrun
from workflows.campaign.rules import reason_is_given
from workflows.campaign.states import CampaignState
from workflows.engine.canonical import canonical_json, read_json
from workflows.engine.command import Command, free_text, plain
from workflows.engine.process import Move, ServiceTaskRef, Target, UserTaskSpec, WorkingDays
from workflows.engine.refusals import Refused, Unmet
from workflows.engine.step import Step
from workflows.parties.roles import Role
from workflows.trade.money import Cents
from workflows.trade.overrun import CostLine, Difference, compare, tolerated_amount


class OverrunDiffers(Refused):
    """The hash or the amount that was signed is not that of the forecast as it stands."""

    code = "overrun.differs"


@dataclass(frozen=True, kw_only=True)
class ApproveOverrun(Command):
    """Accept that the campaign costs what is forecast, in euros without VAT, exactly as it was shown, and let the mailing be ordered."""

    overrun_sha256: str
    forecast_amount: Cents
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class EndorseOverrun(Command):
    """Sign the forecast exactly as it was shown, beside others; somebody with a sufficient limit still has to approve it."""

    overrun_sha256: str
    forecast_amount: Cents
    comment: str = free_text("")


@dataclass(frozen=True, kw_only=True)
class RefuseOverrun(Command):
    """Let the mailing not be ordered at what is forecast; its lots are to be made anew for less."""

    reason: str = free_text()


def tolerated(facts: CampaignFacts) -> Decimal:
    """What the campaign may come to under its budget's approval, policy's tolerance included."""
    policy = facts.campaign.policy
    most = policy.share("tolerances", "budget_overrun_amount")
    return tolerated_amount(signed_amount(facts), policy.share("tolerances", "budget_overrun_share"), most)


def approved_amount(facts: CampaignFacts) -> Decimal:
    """What was approved of the campaign: its budget, or the most that was approved above it."""
    return max((signed_amount(facts), *(one.forecast_amount for one in facts.overruns if one.approved_at)))


def accepted_amount(facts: CampaignFacts) -> Decimal:
    """What the campaign may come to: what was approved, or what is tolerated."""
    return max(tolerated(facts), approved_amount(facts))


def differences(facts: CampaignFacts) -> tuple[Difference, ...]:
    """The budget as it was approved and the forecast, line by line."""
    assert facts.budget is not None, "lots are made under an approved budget"
    approved = (
        CostLine(
            nature=one["nature"],
            list_code=one["list"],
            supplier=one["supplier"],
            basis=one["basis"],
            quantity=Decimal(one["quantity"]),
            amount=Decimal(one["net_amount"]),
        )
        for one in read_json(facts.budget.body)["lines"]
    )
    forecast = (
        CostLine(
            nature=line.nature,
            list_code=line.list_code,
            supplier=line.supplier,
            basis=str(line.basis) if line.basis else None,
            quantity=Decimal(line.quantity),
            amount=line.amount.net_amount,
        )
        for line in forecast_budget(facts).lines
    )
    return compare(approved, forecast)


def figures(facts: CampaignFacts, invoice: Invoice | None = None) -> dict[str, Any]:
    """What an approver of an overrun signs: the budget, the lots and the invoice concerned, what was approved and tolerated, and each line
    of both.
    """
    policy, budget, plan = facts.campaign.policy, facts.budget, facts.lot_plan
    assert budget is not None, "lots are made under an approved budget"
    assert plan is not None, "they are frozen with their plan"
    data: dict[str, Any] = plain(
        {
            "v": 1,
            "campaign": facts.campaign.code,
            "currency": facts.campaign.currency,
            "budget": {"number": budget.number, "sha256": budget.sha256},
            "lot_plan_sha256": plan.sha256,
            "approved_amount": signed_amount(facts),
            "tolerance": {
                "share": policy.share("tolerances", "budget_overrun_share"),
                "amount": policy.share("tolerances", "budget_overrun_amount"),
            },
            "tolerated_amount": tolerated(facts),
            "forecast_amount": forecast_budget(facts).total_amount,
            "lines": [
                {
                    "nature": one.line.nature,
                    "list": one.line.list_code,
                    "supplier": one.line.supplier,
                    "basis": one.line.basis,
                    **{
                        f"{name}_{what}": None if side is None else str(getattr(side, what))
                        for name, side in (("approved", one.approved), ("forecast", one.forecast))
                        for what in ("quantity", "amount")
                    },
                }
                for one in differences(facts)
            ],
            **({"invoice": _signed_invoice(facts, invoice)} if invoice else {}),
        }
    )
    return data


def _signed_invoice(facts: CampaignFacts, invoice: Invoice) -> dict[str, Any]:
    return {
        "number": invoice.number,
        "supplier": facts.suppliers[invoice.supplier_id].code,
        "order": invoice.order_number,
        "net_amount": billed_amount(facts, invoice),
        "due_amount": invoice.due_amount,
    }


def note_overrun(step: Step, invoice: Invoice | None = None) -> None:
    """Compare the forecast with what may be spent, and keep it where it has to be approved: of the lots just frozen, or of an invoice.

    Invoices that were accepted wait for the approval too, or no more.

    :param invoice: the one just accepted.
    """
    facts: CampaignFacts = step.facts
    forecast, accepted = forecast_budget(facts).total_amount, accepted_amount(facts)
    facts.campaign.forecast_amount = forecast
    share = step.policy.share("tolerances", "budget_overrun_share")
    over = forecast > accepted
    assert facts.budget is not None, "lots are made under an approved budget"
    step.control("overrun", expected=str(accepted), actual=str(forecast), tolerance=str(share), verdict="warning" if over else "ok")
    if over:
        body = canonical_json(figures(facts, invoice))
        step.session.add(
            BudgetOverrun(
                **step.from_now_on(),
                budget_id=facts.budget.id,
                body=body,
                sha256=sha256(body).hexdigest(),
                forecast_amount=forecast,
                prepared_by_id=step.actor.person_id,
                prepared_at=step.now,
                invoice_id=invoice.id if invoice else None,
            )
        )
    if invoice is not None and over:
        invoice.state = ABOVE_BUDGET
    elif not over:
        _let_invoices(step, ACCEPTED)


def end_overrun_of_invoice(step: Step) -> None:
    """Ask an approver no more for what an invoice costs that waited for one."""
    overrun = step.facts.overrun
    if overrun is not None and overrun.approved_at is None and overrun.invoice_id is not None:
        overrun.to_seq = step.seq
        step.drop_task("reapprove_budget", step.subject.id)


def note_waiting(step: Step) -> None:
    """Compare anew where invoices wait for an approver, once another of them bills less or waits no more."""
    step.session.flush()
    step.forget_facts()
    waiting = [one for one in step.facts.invoices if one.state == ABOVE_BUDGET]
    if waiting:
        end_overrun_of_invoice(step)
        step.session.flush()
        step.forget_facts()
        note_overrun(step, waiting[-1])
        step.session.flush()


def _let_invoices(step: Step, state: str) -> None:
    """What becomes of the invoices that wait with an overrun."""
    for one in step.facts.invoices:
        if one.state == ABOVE_BUDGET:
            one.state = state
    step.session.flush()


def is_waiting(facts: CampaignFacts) -> bool:
    """Whether an overrun has to be approved, of lots before they are sent: a policy followed meanwhile may tolerate it."""
    overrun = facts.overrun
    if overrun is None or overrun.approved_at is not None:
        return False
    if facts.campaign.state != CampaignState.SEND and overrun.invoice_id is None:
        return False
    return overrun.forecast_amount > accepted_amount(facts)


def within_approved(facts: CampaignFacts) -> Unmet | None:
    """What the campaign is going to cost was approved, or is within the tolerance."""
    overrun = facts.overrun
    if overrun is None or not is_waiting(facts):
        return None
    params = {"amount": overrun.forecast_amount, "approved_amount": signed_amount(facts), "limit": accepted_amount(facts)}
    return Unmet(code="overrun.above_approved", lifted_by=Role.BUDGET_APPROVER, since=overrun.prepared_at, params=params)


def an_overrun_waits(facts: CampaignFacts) -> Unmet | None:
    """There is something to decide."""
    return None if is_waiting(facts) else Unmet(code="overrun.none_waits", lifted_by=Role.PROJECT_MANAGER)


def overrun_may_be_approved(facts: CampaignFacts) -> Unmet | None:
    """Policy lets somebody approve the forecast: it is not above the last ceiling."""
    return overrun_signatures(facts).above_tiers()


def others_have_signed_overrun(facts: CampaignFacts) -> Unmet | None:
    """With the approval that would close, as many different approvers have signed as the tier of the forecast asks for."""
    return overrun_signatures(facts).missing()


def signs_forecast_shown(step: Step) -> None:
    """Refuse a signature under any other forecast.

    :raises OverrunDiffers: when hash or amount differ.
    """
    overrun, command = step.facts.overrun, step.command
    if (command.overrun_sha256, command.forecast_amount) != (overrun.sha256, overrun.forecast_amount):
        raise OverrunDiffers(amount=overrun.forecast_amount)


def not_own_overrun(step: Step) -> None:
    """Two pairs of eyes: neither who prepared the budget nor who froze the lots decides.

    :raises PreparerMayNotDecide: when the asker did either.
    """
    refuse_own(step, step.facts.budget, step.facts.overrun)


def forecast_within_limit(step: Step) -> None:
    """Refuse a forecast above what this approver may accept.

    :raises ApproverLimitExceeded: when it is.
    """
    refuse_above_limit(step, step.facts.overrun.forecast_amount)


def counts_as_another_signature(step: Step) -> None:
    """Count the asker's own signature with the others.

    :raises ConditionsUnmet: when it is still one too few.
    """
    overrun_signatures(step.facts).count_another(step.actor)


def approve(step: Step) -> None:
    """Write the approval under the forecast's hash."""
    _decide(step, "approved", step.command.comment)
    overrun_signatures(step.facts).note(step)
    step.facts.overrun.approved_at = step.now
    _let_invoices(step, ACCEPTED)


def endorse(step: Step) -> None:
    """Write the endorsement under the forecast's hash."""
    _decide(step, "endorsed", step.command.comment)


def refuse(step: Step) -> None:
    """Write the refusal. The mailing stays closed; the project manager goes back, or an approver thinks better of it.

    An invoice is not accepted then: it is to be decided anew, and nothing else waits for it.
    """
    _decide(step, "refused", step.command.reason)
    overrun = step.facts.overrun
    if overrun.invoice_id is not None:
        overrun.to_seq = step.seq
        _let_invoices(step, RECEIVED)


def _decide(step: Step, decision: str, words: str) -> None:
    facts: CampaignFacts = step.facts
    overrun = facts.overrun
    assert overrun is not None, "one waits"
    keep_decision(step, decision, words, overrun=overrun)
    step.control("overrun_hash", expected=overrun.sha256, actual=overrun.sha256, verdict="ok")


def waiting_overrun(facts: CampaignFacts) -> Iterable[Target]:
    """The campaign, where its mailing has to wait for an approver."""
    if is_waiting(facts):
        yield Target(kind="campaign", id=facts.campaign.id)


def told_overrun(step: Step) -> dict[str, Any]:
    """Which overrun waits with this step, and nothing where none does."""
    facts: CampaignFacts = step.facts
    return {"overrun_id": str(facts.overrun.id) if facts.overrun and is_waiting(facts) else "", "seq": step.seq}


REAPPROVE_BUDGET = UserTaskSpec(
    "reapprove_budget", candidates=Role.BUDGET_APPROVER, due=WorkingDays("reapprove_budget"), each=waiting_overrun
)
REAPPROVE_OF_INVOICE = replace(REAPPROVE_BUDGET, filed_under="invoice")
"""Where an invoice waits: it outlives the stage."""
DECIDE_INVOICE = UserTaskSpec(
    "decide_invoice", candidates=Role.PROJECT_MANAGER, due=WorkingDays("decide_invoice"), filed_under="invoice", each=invoices_to_decide
)
MAIL_OVERRUN = ServiceTaskRef("mail_overrun", payload=told_overrun)
OVERRUN = (
    Move(
        ApproveOverrun,
        by=Role.BUDGET_APPROVER,
        event="campaign.send.overrun_approved",
        requires=(an_overrun_waits, overrun_may_be_approved, others_have_signed_overrun),
        checks=(signs_forecast_shown, not_own_overrun, forecast_within_limit, counts_as_another_signature),
        do=approve,
        closes=("reapprove_budget",),
    ),
    Move(
        EndorseOverrun,
        by=Role.BUDGET_APPROVER,
        event="campaign.send.overrun_endorsed",
        requires=(an_overrun_waits, overrun_may_be_approved),
        checks=(signs_forecast_shown, not_own_overrun),
        do=endorse,
        requests=(ServiceTaskRef("mail_signatures", payload=told_overrun),),
    ),
    Move(
        RefuseOverrun,
        by=Role.BUDGET_APPROVER,
        event="campaign.send.overrun_refused",
        requires=(an_overrun_waits,),
        checks=(reason_is_given, not_own_overrun),
        do=refuse,
        closes=("reapprove_budget",),
        declines=True,
        opens=(DECIDE_INVOICE,),
    ),
)
"""What an approver may answer, while the lots are to be sent."""
OVERRUN_OF_INVOICE = tuple(replace(move, event=move.event.replace(".send.", ".invoice.")) for move in OVERRUN)
"""The same once they are: then only an invoice can cost more."""
