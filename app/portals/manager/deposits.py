"""In the sending's room: the forms of a deposit, and what is done with one that stands: it is corrected, or refused.

Each is of one way of going out, and in its words: pieces are posted, messages sent, people called.
"""

from collections.abc import Callable, Iterable
from functools import partial
from typing import Any
from uuid import UUID

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileField
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, StringField, TextAreaField
from wtforms.validators import InputRequired, Length, Optional

from app.portals.manager.blueprint import blueprint
from app.portals.manager.forms import Form, ReasonForm, needed
from app.portals.manager.proofs import page_of
from app.portals.manager.rooms import Here, act
from app.portals.shared.fields import CountField, DayField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.proof_fields import ended_on, proof_fields
from app.portals.shared.sending_words import SENDING
from app.queries.deposits import DepositLine
from app.queries.lots import LotRow
from app.queries.send import SendPage
from app.security.audience import audience
from workflows.campaign.keeping import KeptFile
from workflows.campaign.send.correcting import CorrectDeposit, RefuseDeposit
from workflows.campaign.send.correcting_confirmed import CorrectConfirmedDeposit
from workflows.campaign.send.proving import RecordDeposit
from workflows.engine.refusals import NotFound
from workflows.parties.roles import Role
from workflows.trade.channels import Way, way_of


class DepositForm(Form):
    """A deposit, with its pieces of lots that are still to be proved; days, number and file are added in the words of its way, and the
    lots' fields for each campaign.
    """

    deposited_on: DayField
    ended_on: DayField | None = None
    slip_number: StringField
    slip: FileField
    rest_follows = BooleanField(_l("The rest of these lots follows later"))
    explanation = TextAreaField(_l("Why, if a quantity or the day differs"), [Optional(), Length(max=LONGEST_WORDS)])


class CorrectionForm(DepositForm):
    """A deposit as it really was, and what was wrong with it."""

    reason = TextAreaField(_l("What was wrong"), [InputRequired(_l("Write what was wrong.")), Length(max=LONGEST_WORDS)])


def deposit_form(way: Way, lots: Iterable[LotRow], kind: type[DepositForm] = DepositForm) -> type[DepositForm]:
    """The form for these lots of one way: a quantity each, seeds included; one left empty is not in this deposit."""
    fields = {lot_field(lot): CountField(lot.code, [Optional()]) for lot in lots}
    return type("DepositFormOfLots", (kind,), proof_fields(SENDING[way]) | fields)


def lot_field(lot: LotRow) -> str:
    """The name of a lot's field."""
    return f"lot_{lot.code}"


def asking_deposit(form: DepositForm, lots: Iterable[LotRow], make: Callable[..., RecordDeposit]) -> Callable[..., RecordDeposit]:
    """How to make the command that a form of these lots asks for."""

    def command(kept: KeptFile | None = None) -> RecordDeposit:
        return make(
            seen_version=form.version,
            deposited_on=needed(form.deposited_on.data),
            ended_on=ended_on(form),
            slip_number=form.slip_number.data.strip(),
            quantities={lot.code: int(pieces) for lot in lots if (pieces := form[lot_field(lot)].data)},
            rest_follows=form.rest_follows.data,
            slip=kept,
            explanation=form.explanation.data or "",
        )

    return command


def lots_of(way: Way, lots: Iterable[LotRow]) -> list[LotRow]:
    """Those of the lots that go out in a way."""
    return [lot for lot in lots if way_of(lot.channel) is way]


def waiting_views(here: Here, page: SendPage) -> list[dict[str, Any]]:
    """What is still to be proved, way by way: the form of a deposit of its lots."""
    views = []
    for way in page.ways:
        lots = lots_of(way, page.waiting)
        known = {lot_field(lot): page.missing[lot.code] for lot in lots}
        form = here.form(deposit_form(way, lots), f"record-{way}", deposited_on=here.head.today, **known)
        views.append({"way": way.value, "words": SENDING[way], "form": form, "lots": list(known)})
    return [view for view in views if view["lots"]]


def standing_views(here: Here, page: SendPage) -> list[dict[str, Any]]:
    """Each deposit that counts, with the forms that correct and refuse it; once what went out is confirmed, to correct alone."""
    if not here.head.is_open("correct_confirmed_deposit" if page.is_confirmed else "correct_deposit"):
        return []
    return [
        {
            "deposit": one,
            "words": SENDING[one.way],
            "correct": _correction(here, page, one),
            "refuse": None if page.is_confirmed else here.form(ReasonForm, f"refuse-{one.id}"),
            "lots": [lot_field(lot) for lot in lots_of(one.way, page.lots)],
        }
        for one in page.deposits
        if not one.is_over
    ]


def _correction(here: Here, page: SendPage, deposit: DepositLine) -> Form:
    lots = lots_of(deposit.way, page.lots)
    pieces = {lot_field(lot): deposit.quantities.get(lot.code) for lot in lots}
    known = {"ended_on": deposit.ended_on} if deposit.way is Way.CALLS else {}
    return here.form(
        deposit_form(deposit.way, lots, CorrectionForm),
        f"correct-{deposit.id}",
        deposited_on=deposit.deposited_on,
        slip_number=deposit.slip_number,
        rest_follows=deposit.rest_follows,
        explanation=deposit.explanation,
        **known,
        **pieces,
    )


@blueprint.post("/campaigns/<code>/send/deposits/<uuid:deposit_id>/correct")
@audience(Role.PROJECT_MANAGER)
def correct_deposit(code: str, deposit_id: UUID) -> AnyResponse:
    """Put a deposit as it really was in the place of what was proved."""
    campaign_id, page = page_of(code)
    way = _one_of(page, deposit_id).way
    lots = lots_of(way, page.lots)
    form = deposit_form(way, lots, CorrectionForm).received(f"correct-{deposit_id}")
    assert isinstance(form, CorrectionForm)
    make = partial(
        CorrectConfirmedDeposit if page.is_confirmed else CorrectDeposit,
        subject_id=campaign_id,
        deposit_id=deposit_id,
        reason=form.reason.data or "",
    )
    done = _("The proof of sending is corrected.")
    return act("send", code, form, asking_deposit(form, lots, make), done=done, key="slips", upload=form.slip.data or None)


@blueprint.post("/campaigns/<code>/send/deposits/<uuid:deposit_id>/refuse")
@audience(Role.PROJECT_MANAGER)
def refuse_deposit(code: str, deposit_id: UUID) -> AnyResponse:
    """Let a deposit count for nothing, and ask its mailer for another."""
    campaign_id, page = page_of(code)
    _one_of(page, deposit_id)
    form = ReasonForm.received(f"refuse-{deposit_id}")
    command = form.asking(RefuseDeposit, campaign_id, deposit_id=deposit_id)
    done = _("The proof of sending is refused: it counts for nothing, and whoever gave it is asked for another.")
    return act("send", code, form, command, done=done, key="slips")


def _one_of(page: SendPage, deposit_id: UUID) -> DepositLine:
    found = next((one for one in page.deposits if one.id == deposit_id), None)
    if found is None:
        raise NotFound(subject="deposit")
    return found
