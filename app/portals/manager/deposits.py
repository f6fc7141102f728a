"""In the sending's room: the forms of a deposit, and what is done with one that stands: it is corrected, or refused."""

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
from app.queries.deposits import DepositLine
from app.queries.lots import LotRow
from app.queries.send import SendPage
from app.security.audience import audience
from workflows.campaign.keeping import KeptFile
from workflows.campaign.send.correcting import CorrectDeposit, RefuseDeposit
from workflows.campaign.send.proving import RecordDeposit
from workflows.engine.refusals import NotFound
from workflows.parties.roles import Role


class DepositForm(Form):
    """A postal deposit, with its pieces of lots that are still to be proved; the lots' fields are added for each campaign."""

    deposited_on = DayField(_l("Day of the deposit"), [InputRequired()])
    slip_number = StringField(_l("Number of the deposit slip"), [InputRequired(), Length(max=80)])
    rest_follows = BooleanField(_l("The rest of lots posted in part follows with another deposit"))
    explanation = TextAreaField(_l("Why, if a quantity or the day differs"), [Optional(), Length(max=LONGEST_WORDS)])
    slip = FileField(_l("The slip itself"), [Optional()])


class CorrectionForm(DepositForm):
    """A deposit as it really was, and what was wrong with it."""

    reason = TextAreaField(_l("What was wrong"), [InputRequired(_l("Write what was wrong.")), Length(max=LONGEST_WORDS)])


def deposit_form(lots: Iterable[LotRow], kind: type[DepositForm] = DepositForm) -> type[DepositForm]:
    """The form for these lots: a quantity each, seeds included; one left empty is not in this deposit."""
    fields = {lot_field(lot): CountField(lot.code, [Optional()]) for lot in lots}
    return type("DepositFormOfLots", (kind,), fields)


def lot_field(lot: LotRow) -> str:
    """The name of a lot's field."""
    return f"lot_{lot.code}"


def asking_deposit(form: DepositForm, lots: Iterable[LotRow], make: Callable[..., RecordDeposit]) -> Callable[..., RecordDeposit]:
    """How to make the command that a form of these lots asks for."""

    def command(kept: KeptFile | None = None) -> RecordDeposit:
        return make(
            seen_version=form.version,
            deposited_on=needed(form.deposited_on.data),
            slip_number=form.slip_number.data.strip(),
            quantities={lot.code: int(pieces) for lot in lots if (pieces := form[lot_field(lot)].data)},
            rest_follows=form.rest_follows.data,
            slip=kept,
            explanation=form.explanation.data or "",
        )

    return command


def standing_views(here: Here, page: SendPage) -> list[dict[str, Any]]:
    """Each deposit that counts, with the forms that correct and refuse it; none once the posting is confirmed."""
    if not here.head.is_open("correct_deposit"):
        return []
    return [
        {
            "deposit": one,
            "correct": _correction(here, page, one),
            "refuse": here.form(ReasonForm, f"refuse-{one.id}"),
            "lots": [lot_field(lot) for lot in page.lots],
        }
        for one in page.deposits
        if not one.is_over
    ]


def _correction(here: Here, page: SendPage, deposit: DepositLine) -> Form:
    pieces = {lot_field(lot): deposit.quantities.get(lot.code) for lot in page.lots}
    return here.form(
        deposit_form(page.lots, CorrectionForm),
        f"correct-{deposit.id}",
        deposited_on=deposit.deposited_on,
        slip_number=deposit.slip_number,
        rest_follows=deposit.rest_follows,
        explanation=deposit.explanation,
        **pieces,
    )


@blueprint.post("/campaigns/<code>/send/deposits/<uuid:deposit_id>/correct")
@audience(Role.PROJECT_MANAGER)
def correct_deposit(code: str, deposit_id: UUID) -> AnyResponse:
    """Put a deposit as it really was in the place of what was proved."""
    campaign_id, page = page_of(code)
    _one_of(page, deposit_id)
    form = deposit_form(page.lots, CorrectionForm).received(f"correct-{deposit_id}")
    assert isinstance(form, CorrectionForm)
    make = partial(CorrectDeposit, subject_id=campaign_id, deposit_id=deposit_id, reason=form.reason.data or "")
    done = _("The deposit is corrected.")
    return act("send", code, form, asking_deposit(form, page.lots, make), done=done, key="slips", upload=form.slip.data or None)


@blueprint.post("/campaigns/<code>/send/deposits/<uuid:deposit_id>/refuse")
@audience(Role.PROJECT_MANAGER)
def refuse_deposit(code: str, deposit_id: UUID) -> AnyResponse:
    """Let a deposit count for nothing, and ask its mailer for another."""
    campaign_id, page = page_of(code)
    _one_of(page, deposit_id)
    form = ReasonForm.received(f"refuse-{deposit_id}")
    command = form.asking(RefuseDeposit, campaign_id, deposit_id=deposit_id)
    done = _("The deposit is refused: it counts for nothing, and its mailer is asked to prove it again.")
    return act("send", code, form, command, done=done, key="slips")


def _one_of(page: SendPage, deposit_id: UUID) -> None:
    if all(one.id != deposit_id for one in page.deposits):
        raise NotFound(subject="deposit")
