"""What a supplier fills in. Shape only: whether an order may be answered or a file taken, the workflows say."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from flask_wtf.file import FileRequired, FileSize
from wtforms import BooleanField, FileField, HiddenField, IntegerField, RadioField, SelectField, StringField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, InputRequired, Length, NumberRange, Optional, Regexp

from app.portals.shared.certificates import CertificateFields
from app.portals.shared.fields import AmountField, ChecksField, CountField, DayField, PriceField, RateField
from app.portals.shared.kept_text import LONGEST_WORDS, KeptTextForm
from app.portals.shared.proof_fields import proof_fields
from app.portals.shared.proposal_words import BASIS_WORDS, LOSS_WORDS, TERM_WORDS
from app.portals.shared.returned_form import ReturnedFileForm
from app.portals.shared.samples import SeenSamplesField
from app.portals.shared.seen import SeenForm
from app.portals.shared.sending_words import SENDING
from workflows.campaign.contacted.bringing import BOUNCES, CALLS, RESPONSES, UNDELIVERABLES
from workflows.campaign.documents import LotRow
from workflows.campaign.invoices.invoicing import LONGEST_NUMBER
from workflows.trade.channels import Way

LARGEST_LAYOUT_BYTES = 64 * 1024
ENCODINGS = {"utf-8": "UTF-8", "cp1252": "Windows-1252", "latin-1": "ISO 8859-1", "xlsx": "Excel"}


class AcceptOrderForm(SeenForm):
    """Accept exactly the order that was shown."""

    content_sha256 = HiddenField(validators=[InputRequired(), Length(min=64, max=64)])
    comment = TextAreaField(_l("A word for the advertiser"), [Optional(), Length(max=LONGEST_WORDS)])


class DeclineOrderForm(SeenForm):
    """Refuse the order."""

    reason = TextAreaField(
        _l("What cannot be done as ordered?"),
        [DataRequired(_l("Write why, so that the order can be changed.")), Length(max=LONGEST_WORDS)],
    )


class ContestClaimForm(KeptTextForm):
    """Contest a refund claim."""

    reason = TextAreaField(
        _l("What is wrong with it?"),
        [DataRequired(_l("Write why, so that the advertiser can look at it.")), Length(max=LONGEST_WORDS)],
    )


class ApproveSampleForm(KeptTextForm):
    """Consent to the samples that were shown."""

    samples = SeenSamplesField()


class RefuseSampleForm(KeptTextForm):
    """Do not agree with the samples that were shown."""

    samples = SeenSamplesField()
    reason = TextAreaField(
        _l("What would have to change?"),
        [DataRequired(_l("Write why, so that the advertiser can change it.")), Length(max=LONGEST_WORDS)],
    )


class ProposeForm(SeenForm):
    """Another quantity, day or price than what was ordered; what is left empty stays as ordered."""

    quantity = CountField(_l("Quantity of addresses"), [Optional()])
    deliver_on = DayField(_l("To be done by"), [Optional()])
    cpm = PriceField(TERM_WORDS["cpm"], [Optional(), NumberRange(min=0)])
    selection_cpm = PriceField(TERM_WORDS["selection_cpm"], [Optional(), NumberRange(min=0)])
    run_charge_cpm = PriceField(TERM_WORDS["run_charge_cpm"], [Optional(), NumberRange(min=0)])
    min_billing_rate = RateField(
        TERM_WORDS["min_billing_rate"], [Optional(), NumberRange(min=0, max=1, message=_l("A share is between 0 and 100 %%."))]
    )
    min_invoice_amount = AmountField(TERM_WORDS["min_invoice_amount"], [Optional(), NumberRange(min=0)])
    technical_fee = AmountField(TERM_WORDS["technical_fee"], [Optional(), NumberRange(min=0)])
    billing_basis = SelectField(
        TERM_WORDS["billing_basis"],
        [Optional()],
        choices=[SelectChoice("", _l("as ordered")), *(SelectChoice(code, word) for code, word in BASIS_WORDS.items())],
        default="",
    )
    unbilled_reasons = ChecksField(
        TERM_WORDS["unbilled_reasons"],
        [Optional()],
        choices=[SelectChoice(code, word) for code, word in LOSS_WORDS.items()],
        description=_l("Ticked as ordered. What is ticked is deducted before the least share, without the run charge."),
    )
    words = TextAreaField(_l("What should change, and why?"), [Optional(), Length(max=LONGEST_WORDS)])


class DeliverForm(KeptTextForm):
    """A file and its delivery note."""

    file = FileField(_l("The file"), [FileRequired(_l("Choose the file to send."))])
    declared_count = CountField(
        _l("How many records does it hold?"), [InputRequired(_l("Write the number of records, as on your delivery note."))]
    )
    tranche = IntegerField(_l("Part number"), [InputRequired(), NumberRange(min=1, max=99, message=_l("Write a part number, such as 1."))])
    file_version = IntegerField(_l("Version"), [InputRequired(), NumberRange(min=1, max=99, message=_l("Write a version, such as 1."))])
    declared_encoding = SelectField(
        _l("Encoding"),
        [Optional()],
        choices=[SelectChoice("", _l("I do not know")), *(SelectChoice(code, name) for code, name in ENCODINGS.items())],
    )
    layout = FileField(
        _l("Record layout"),
        [Optional(), FileSize(LARGEST_LAYOUT_BYTES, message=_l("A record layout is a short table: this file is too large."))],
    )
    extracted_on = DayField(_l("Extracted on"), [Optional()])
    owner_seed_count = CountField(_l("Control addresses you added"), [Optional()])
    criteria = TextAreaField(_l("Criteria applied"), [Optional(), Length(max=LONGEST_WORDS)])
    declared_sha256 = StringField(
        _l("Fingerprint (SHA-256)"),
        [Optional(), Regexp(r"^\s*[0-9a-fA-F]{64}\s*$", message=_l("A SHA-256 has 64 characters, 0 to 9 and a to f."))],
    )

    segments: Sequence[str] = ()

    def segment_fields(self) -> list[tuple[str, Any]]:
        """Each segment with its field."""
        return [(code, self[_segment_name(place)]) for place, code in enumerate(self.segments)]

    def declared_segments(self) -> dict[str, int]:
        """Records by segment, of the segments that the note counts."""
        return {code: int(field.data) for code, field in self.segment_fields() if field.data is not None}


def deliver_form(segments: Iterable[str], *arguments: Any, **more: Any) -> DeliverForm:
    """The form for a list of which these segments were ordered: one count each."""
    codes = tuple(segments)
    fields: dict[str, Any] = {
        _segment_name(place): CountField(_l("Records of segment %(code)s", code=code), [Optional()]) for place, code in enumerate(codes)
    }
    form: DeliverForm = type("DeliverListForm", (DeliverForm,), {**fields, "segments": codes})(*arguments, **more)
    return form


def _segment_name(place: int) -> str:
    """By place and not by code: a segment is called as its owner likes."""
    return f"segment_{place}"


class ProofForm(KeptTextForm):
    """One version of a message's proof."""

    file = FileField(_l("The proof"), [FileRequired(_l("Choose the file to send."))])


class CertificateForm(CertificateFields):
    """A certificate of destruction, with the signed paper where there is one."""

    file = FileField(_l("The signed certificate"), [Optional()])


class InvoiceForm(KeptTextForm):
    """An invoice of one order."""

    number = StringField(_l("Number of your invoice"), [DataRequired(_l("Write the number of your invoice.")), Length(max=LONGEST_NUMBER)])
    invoiced_on = DayField(_l("Date of the invoice"), [InputRequired(_l("Write the date of your invoice."))])
    quantity = CountField(_l("Addresses billed"), [InputRequired(_l("Write how many addresses are billed."))])
    net_amount = AmountField(_l("Amount without VAT"), [InputRequired(_l("Write the amount, to the cent.")), NumberRange(min=0)])
    vat_amount = AmountField(_l("VAT"), [InputRequired(_l("Write the VAT, to the cent.")), NumberRange(min=0)])
    total_amount = AmountField(_l("Total with VAT"), [InputRequired(_l("Write the total, to the cent.")), NumberRange(min=0)])
    file = FileField(_l("The invoice"), [FileRequired(_l("Choose the file of your invoice."))])


class CreditNoteForm(KeptTextForm):
    """A credit note of one invoice. Several invoices may stand on a page: forgery is refused before any view runs."""

    class Meta:
        csrf = False

    number = StringField(
        _l("Number of your credit note"), [DataRequired(_l("Write the number of your credit note.")), Length(max=LONGEST_NUMBER)]
    )
    invoiced_on = DayField(_l("Date of the credit note"), [InputRequired(_l("Write the date of your credit note."))])
    quantity = CountField(_l("Addresses billed no more"), [Optional()])
    net_amount = AmountField(_l("Amount without VAT"), [InputRequired(_l("Write the amount, to the cent.")), NumberRange(min=0)])
    vat_amount = AmountField(_l("VAT"), [InputRequired(_l("Write the VAT, to the cent.")), NumberRange(min=0)])
    total_amount = AmountField(_l("Total with VAT"), [InputRequired(_l("Write the total, to the cent.")), NumberRange(min=0)])
    file = FileField(_l("The credit note"), [FileRequired(_l("Choose the file of your credit note."))])


RETURNED = {
    RESPONSES: _l("Answers from people who were written to"),
    UNDELIVERABLES: _l("Mail that came back undelivered"),
    BOUNCES: _l("E-mails and messages that bounced, or that somebody objected to"),
    CALLS: _l("How calls ended, day by day"),
}


class ReturnForm(ReturnedFileForm):
    """A file of what came back."""

    kind = RadioField(
        _l("What is in the file?"),
        [InputRequired(_l("Say what is in the file."))],
        choices=[SelectChoice(kind, words) for kind, words in RETURNED.items()],
    )
    file = FileField(_l("The file"), [FileRequired(_l("Choose the file to send."))])


class DepositForm(SeenForm):
    """A proof of what went out; its days, number and file are added by `deposit_form` in the words of its way, and one count a lot."""

    deposited_on: DayField
    ended_on: DayField | None = None
    slip_number: StringField
    slip: FileField
    rest_follows = BooleanField(_l("The rest of these lots follows later"))
    explanation = TextAreaField(_l("If a quantity or the day differs: why"), [Optional(), Length(max=LONGEST_WORDS)])

    lots: Sequence[LotRow] = ()

    def pieces(self) -> list[tuple[LotRow, Any]]:
        """Each lot with its field."""
        return [(lot, self[_name(lot)]) for lot in self.lots]

    def quantities(self) -> dict[str, int]:
        """Pieces by lot code; a lot left empty is none of this proof's."""
        return {lot.code: int(field.data) for lot, field in self.pieces() if field.data}

    def validate(self, extra_validators: Any = None) -> bool:
        """Also refuse a deposit that posts nothing."""
        if not super().validate(extra_validators):
            return False
        if not self.quantities():
            self.form_errors.append(_("Write a quantity for at least one lot."))
            return False
        return True


class CorrectionForm(DepositForm):
    """A proof as it should have been, and what was wrong with it."""

    reason = TextAreaField(_l("What was wrong"), [DataRequired(_l("Write what was wrong.")), Length(max=LONGEST_WORDS)])


def deposit_form(
    way: Way, lots: Sequence[LotRow], proposed: Mapping[str, int], kind: type[DepositForm] = DepositForm, **arguments: Any
) -> DepositForm:
    """The form for these lots, which go out in one way, with the pieces that are proposed by lot code."""
    fields: dict[str, Any] = proof_fields(SENDING[way]) | {
        _name(lot): CountField(lot.code, [Optional()], default=proposed.get(lot.code), render_kw={"aria-label": lot.code}) for lot in lots
    }
    form: DepositForm = type("DepositOfLotsForm", (kind,), {**fields, "lots": tuple(lots)})(**arguments)
    return form


def _name(lot: LotRow) -> str:
    return f"pieces_{lot.code}"
