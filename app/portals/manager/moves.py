"""A campaign's moves that take no more than a press or a reason: their words, their forms, and the one view that sends them.

Moves that need more (terms, files, quantities) have their form in their stage's room. Whether a move is open is never decided here.
"""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any
from uuid import UUID

from flask import abort, url_for
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response
from wtforms import HiddenField, SelectChoice, SelectField, TextAreaField
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, PressForm, ReasonForm, ShortfallForm
from app.portals.manager.rooms import Here, act, campaign_of, closed_by
from app.portals.shared.fields import AmountField, ChecksField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.words import STAGES
from app.security.audience import audience
from workflows.campaign.any_stage.cancelling import CancelCampaign, RequestCancellation, StateOwed
from workflows.campaign.any_stage.holding import HoldCampaign, ResumeCampaign
from workflows.campaign.any_stage.reworking import ReturnToStage
from workflows.campaign.contacted.recounting import RecountBarred
from workflows.campaign.data_protection.objections import HandOverObjections
from workflows.campaign.dedupe.settings import RedoDedupe
from workflows.campaign.stages.analysis import CloseCampaign, PublishResults
from workflows.campaign.stages.dedupe import ApproveDedupe
from workflows.campaign.stages.delivery import StartDedupe
from workflows.campaign.stages.lots import FreezeLots, RemakeLots
from workflows.campaign.stages.negotiation import CloseNegotiation, ReturnToPlan
from workflows.campaign.stages.order import ConfirmOrders, IssueOrders, ReturnToNegotiation
from workflows.campaign.stages.plan import SubmitPlan
from workflows.campaign.stages.responses import CloseResponses
from workflows.campaign.stages.send import ConfirmDrop, OrderMailing
from workflows.campaign.states import CampaignState
from workflows.engine.command import Command
from workflows.parties.roles import Role


class ReturnForm(ReasonForm):
    """Where to go back to, and why."""

    stage = SelectField(_l("Back to"), choices=[SelectChoice(stage, word) for stage, word in STAGES.items()])


class RedoForm(ReasonForm):
    """How the dedupe is to be done this time, and why again; `redo_view` offers the choices."""

    allocation = SelectField(_l("Who keeps a person of several lists"), [InputRequired()], choices=[], validate_choice=False)
    level = SelectField(_l("One piece for each"), [InputRequired()], choices=[], validate_choice=False)
    protected = ChecksField(
        _l("Protected lists"),
        [Optional()],
        choices=[],
        validate_choice=False,
        description=_l("No other list takes their people, whatever the rule: for tests whose size must not melt away."),
    )


class FreezeForm(Form):
    """Freeze the very lot plan that was shown; the reason is asked for where policy refuses a test that is too small."""

    lot_plan_sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    weak_test_reason = TextAreaField(_l("Why a test that cannot show anything is mailed"), [Optional(), Length(max=LONGEST_WORDS)])


class OrderMailingForm(Form):
    """Order the mailing; the reason is asked for where a lot has people whom its channel leaves alone and somebody may let that pass."""

    barred_reason = TextAreaField(_l("Why people are sent to whom the channel leaves alone"), [Optional(), Length(max=LONGEST_WORDS)])


class IssueForm(Form):
    """Send the orders; the reason is asked for where a processor has no contract and somebody may let that pass."""

    contract_reason = TextAreaField(_l("Why orders go out without a contract"), [Optional(), Length(max=LONGEST_WORDS)])


class CloseForm(Form):
    """Close the answers; the reason is asked for while many are still to come."""

    early_reason = TextAreaField(_l("Why the answers are closed while many are still to come"), [Optional(), Length(max=LONGEST_WORDS)])


class OwedForm(ReasonForm):
    """What an order for services would owe, and by what that is justified; the room offers the orders."""

    order_number = SelectField(_l("Order"), [InputRequired()], choices=[], validate_choice=False)
    amount = AmountField(_l("Amount owed, without VAT"), [InputRequired(), NumberRange(min=0)])
    reason = TextAreaField(
        _l("Justification"),
        [InputRequired(_l("Write the justification: it is kept with the amount.")), Length(max=LONGEST_WORDS)],
        description=_l("What was done, and what was bought for it and serves nothing else: statement, delivery note or quote."),
    )


@dataclass(frozen=True, kw_only=True)
class MoveWord:
    """A move's form, command and words. `room` is where it stands; its sender goes on to that of the stage, unless it `stays`."""

    form: type[Form]
    command: Callable[..., Command]
    room: str
    label: LazyString
    done: LazyString
    consequence: LazyString | str = ""
    danger: bool = False
    fields: tuple[str, ...] = ()
    stays: bool = False


def _reason(command: Callable[..., Command], room: str, label: LazyString, done: LazyString, consequence: LazyString) -> MoveWord:
    return MoveWord(
        form=ReasonForm, command=command, room=room, label=label, done=done, consequence=consequence, danger=True, fields=("reason",)
    )


MOVES: dict[str, MoveWord] = {
    "hold_campaign": _reason(
        HoldCampaign,
        "campaign",
        _l("Put on hold"),
        _l("The campaign is on hold."),
        _l("Nothing moves until it is resumed, suppliers neither. What is due keeps the working days it has left."),
    ),
    "resume_campaign": MoveWord(
        form=PressForm,
        command=ResumeCampaign,
        room="campaign",
        label=_l("Resume the campaign"),
        done=_l("The campaign goes on where it stood."),
        consequence=_l("What was open is open again, due after the working days that were left."),
    ),
    "return_to_stage": MoveWord(
        form=ReturnForm,
        command=ReturnToStage,
        room="campaign",
        label=_l("Go back"),
        done=_l("The campaign is back in an earlier stage."),
        consequence=_l("What later stages left is kept and counts no more. Orders stay as they are; a changed budget is approved anew."),
        danger=True,
        fields=("stage", "reason"),
    ),
    "cancel_campaign": _reason(
        CancelCampaign,
        "cancellation",
        _l("Cancel the campaign"),
        _l("The campaign is cancelled."),
        _l("It ends here for good: what is open is closed and its address files are purged. Its history stays."),
    ),
    "request_cancellation": _reason(
        RequestCancellation,
        "cancellation",
        _l("Ask for the cancellation"),
        _l("The cancellation waits for an approver."),
        _l("An approver decides. Until then the campaign goes on."),
    ),
    "state_owed": MoveWord(
        form=OwedForm,
        command=StateOwed,
        room="cancellation",
        label=_l("State this amount"),
        done=_l("The amount is stated. Whoever approves the cancellation sees it with its justification."),
        consequence=_l("It takes the place of what is known to be done, and its supplier’s invoice is held against it."),
        fields=("order_number", "amount", "reason"),
        stays=True,
    ),
    "submit_plan": MoveWord(
        form=PressForm,
        command=SubmitPlan,
        room="plan",
        label=_l("Submit the plan"),
        done=_l("The plan is submitted: the lists can be negotiated."),
        consequence=_l("The projection is frozen, the media plan is issued, and each rented or exchanged list is to be settled."),
    ),
    "close_negotiation": MoveWord(
        form=PressForm,
        command=CloseNegotiation,
        room="negotiation",
        label=_l("Close the negotiation"),
        done=_l("The negotiation is closed: the budget waits for its approver."),
        consequence=_l("What was agreed becomes a budget with a hash. An approver decides about it; you cannot, since you prepared it."),
    ),
    "return_to_plan": _reason(
        ReturnToPlan,
        "negotiation",
        _l("Go back to the plan"),
        _l("The plan is open again."),
        _l("The lists can be changed again. What was agreed stays written."),
    ),
    "issue_orders": MoveWord(
        form=IssueForm,
        command=IssueOrders,
        room="order",
        label=_l("Send the orders"),
        done=_l("The orders are on their way to the suppliers."),
        consequence=_l("Each supplier gets its order. Those whose lists were left out before they were ordered are told that none comes."),
        fields=("contract_reason",),
    ),
    "confirm_orders": MoveWord(
        form=PressForm,
        command=ConfirmOrders,
        room="order",
        label=_l("Confirm the orders"),
        done=_l("The orders are confirmed: the files are expected."),
        consequence=_l("All suppliers have accepted. From here the files are waited for."),
    ),
    "return_to_negotiation": _reason(
        ReturnToNegotiation,
        "order",
        _l("Negotiate again"),
        _l("The negotiation is open again."),
        _l("Lists whose orders were refused can be settled anew. The budget has to be approved again."),
    ),
    "start_dedupe": MoveWord(
        form=ShortfallForm,
        command=StartDedupe,
        room="delivery",
        label=_l("Start the dedupe"),
        done=_l("The dedupe has started. Its report comes here."),
        consequence=_l("The accepted files are merged and purged. No file can be added after this."),
        fields=("shortfall_reason",),
    ),
    "approve_dedupe": MoveWord(
        form=ShortfallForm,
        command=ApproveDedupe,
        room="dedupe",
        label=_l("Approve the report"),
        done=_l("The report is approved: the lots are being made."),
        consequence=_l("The net quantities count from here: each owner gets its net statement, which its invoice will follow."),
        fields=("shortfall_reason",),
    ),
    "redo_dedupe": MoveWord(
        form=RedoForm,
        command=RedoDedupe,
        room="dedupe",
        label=_l("Have it done again"),
        done=_l("The dedupe runs again."),
        consequence=_l("This run counts no more, and neither does what was made of it."),
        danger=True,
        fields=("allocation", "level", "protected", "reason"),
    ),
    "freeze_lots": MoveWord(
        form=FreezeForm,
        command=FreezeLots,
        room="lots",
        label=_l("Freeze the lot plan"),
        done=_l("The lot plan is frozen: its files go to the mailer as they are."),
        consequence=_l("From here the lots and their files never change again."),
        fields=("lot_plan_sha256", "weak_test_reason"),
    ),
    "recount_barred": MoveWord(
        form=PressForm,
        command=RecountBarred,
        room="lots",
        label=_l("Count again"),
        done=_l("A machine counts: what it finds is shown here."),
        consequence=_l("Lots, files and papers stay as they are."),
    ),
    "remake_lots": _reason(
        RemakeLots,
        "lots",
        _l("Make the lots again"),
        _l("The lots are being made again."),
        _l("The same net is split again. These lots and their files count no more, and the new ones have other codes."),
    ),
    "order_mailing": MoveWord(
        form=OrderMailingForm,
        command=OrderMailing,
        room="send",
        label=_l("Order the sending"),
        done=_l("The sending is ordered."),
        consequence=_l("Whoever sends gets the lots, the dates and the proofs, and is asked to prove what went out."),
        fields=("barred_reason",),
    ),
    "confirm_drop": MoveWord(
        form=PressForm,
        command=ConfirmDrop,
        room="send",
        label=_l("Confirm the drop"),
        done=_l("The campaign has gone out. Now the answers are waited for."),
        consequence=_l("The first day on which something went out becomes the date of the drop; answers count from there."),
    ),
    "close_responses": MoveWord(
        form=CloseForm,
        command=CloseResponses,
        room="responses",
        label=_l("Close the responses"),
        done=_l("The responses are closed: the results are being computed."),
        consequence=_l("No more files are imported. The figures are computed once from what is in."),
        fields=("early_reason",),
    ),
    "hand_over_objections": MoveWord(
        form=PressForm,
        command=HandOverObjections,
        room="responses",
        label=_l("Hand over"),
        done=_l("The files are handed over: each supplier is told and takes its own."),
        consequence=_l(
            "Each supplier of a list is told by e-mail and can take its own ids, the reason and the day, and nothing else. "
            "Take the house’s file for your next campaign."
        ),
    ),
    "publish_results": MoveWord(
        form=PressForm,
        command=PublishResults,
        room="analysis",
        label=_l("Publish the results"),
        done=_l("The results are published: the next plan sees them."),
        consequence=_l("The figures become history for the next plans, and the report is issued."),
    ),
    "close_campaign": MoveWord(
        form=PressForm,
        command=CloseCampaign,
        room="analysis",
        label=_l("Close the campaign"),
        done=_l("The campaign is closed."),
        consequence=_l("A closed campaign moves no more. Everything about it can still be read and proved."),
    ),
}

OTHERS = {"approve_budget": _l("Approve the budget")}
"""Moves forward that somebody else makes."""


def move_view(here: Here, name: str, **data: Any) -> dict[str, Any] | None:
    """A move as the page shows it: its form where it is open, else what closes it; None where the present stage has no such move.

    :param data: what its form is to hold.
    """
    state = here.head.moves.get(name)
    if state is None:
        return None
    word = MOVES.get(name)
    view: dict[str, Any] = {
        "name": name,
        "label": word.label if word else OTHERS.get(name, name.replace("_", " ")),
        "is_open": state.is_open and word is not None,
        "blockers": closed_by(state, here.campaign.code),
        "consequence": word.consequence if word else "",
        "danger": word.danger if word else False,
        "fields": word.fields if word else (),
        "form": None,
        "url": "",
        "room_url": url_for(f"manager.{word.room if word else here.campaign.state}", code=here.campaign.code, _anchor="next"),
    }
    if word:
        view["form"] = here.form(word.form, name, **data)
        view["url"] = url_for("manager.move", code=here.campaign.code, name=name)
    return view


@blueprint.post("/campaigns/<code>/moves/<name>")
@audience(Role.PROJECT_MANAGER)
def move(code: str, name: str) -> Response:
    """Make one of these moves."""
    word = MOVES.get(name) or abort(404)
    campaign = campaign_of(code)
    form = word.form.received(name)
    stands_in = campaign.state if (campaign.state, name) == (CampaignState.LOTS, "redo_dedupe") else word.room
    return act(stands_in, code, form, lambda: _command(word, campaign.id, form), done=str(word.done), follow=not word.stays)


def _command(word: MoveWord, campaign_id: UUID, form: Form) -> Command:
    values = {name: _value(form[name].data) for name in word.fields}
    return word.command(subject_id=campaign_id, seen_version=form.version, **values)


def _value(data: Any) -> Any:
    return tuple(data) if isinstance(data, list) else "" if data is None else data
