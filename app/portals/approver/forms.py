"""The approver's answers as forms. Shape only: whether an answer may be given is the stage's to say."""

from flask_babel import lazy_gettext as _l
from wtforms import HiddenField, RadioField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, Optional

from app.portals.shared.fields import AmountField, ChecksField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.seen import SeenForm


class AnswerForm(SeenForm):
    """Agree to what is shown."""

    comment = TextAreaField(_l("A word with your answer"), [Optional(), Length(max=LONGEST_WORDS)])


class AcceptForm(AnswerForm):
    """Accept or support the budget with this hash, under conditions where there are any."""

    budget_sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    cap_amount = AmountField(_l("At most, without VAT, in all"), [Optional()])
    excluded_lists = ChecksField(_l("Lists not to order"), [Optional()])

    @property
    def sets_conditions(self) -> bool:
        """Whether there is anything in the part of the form that is folded."""
        return bool(self.cap_amount.raw_data and self.cap_amount.raw_data[0]) or bool(self.excluded_lists.data)


class AskForm(SeenForm):
    """Ask the project managers something, before deciding."""

    words = TextAreaField(_l("Your question"), [DataRequired(_l("Write what you want to know.")), Length(max=LONGEST_WORDS)])


class RefuseForm(SeenForm):
    """Send the budget back, and say why."""

    back_to = RadioField(
        _l("What has to change?"),
        [InputRequired(_l("Say what has to change."))],
        choices=[
            SelectChoice("negotiation", _l("The prices: it is negotiated again")),
            SelectChoice("plan", _l("The lists or quantities: the plan is opened again")),
        ],
        default="negotiation",
    )
    reason = TextAreaField(
        _l("Why"), [DataRequired(_l("Write why: whoever prepares the next version works from it.")), Length(max=LONGEST_WORDS)]
    )


class ReasonForm(SeenForm):
    """Refuse an overrun or a cancellation, and say why."""

    reason = TextAreaField(_l("Why"), [DataRequired(_l("Write the reason: it is kept with the decision.")), Length(max=LONGEST_WORDS)])
