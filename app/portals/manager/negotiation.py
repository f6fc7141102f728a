"""The negotiation's room: each rented or exchanged list with its terms, its owner's consent, or its refusal."""

from typing import Any
from uuid import UUID

from flask import Response, abort
from flask_babel import gettext as _
from flask_babel import lazy_gettext as _l
from werkzeug.wrappers import Response as AnyResponse
from wtforms import BooleanField, SelectField, TextAreaField
from wtforms.fields.choices import SelectChoice
from wtforms.validators import InputRequired, Length, NumberRange, Optional

from app.portals.manager.bases import bases_view
from app.portals.manager.blueprint import blueprint
from app.portals.manager.counts import counts_view
from app.portals.manager.forms import Form, ReasonForm
from app.portals.manager.moves import move_view
from app.portals.manager.rooms import Here, act, reading, room, show
from app.portals.manager.samples import ConsentForm, samples_view
from app.portals.shared.fields import AmountField, ChecksField, DayField, PriceField, RateField
from app.portals.shared.kept_text import LONGEST_WORDS
from app.portals.shared.proposal_words import BASIS_WORDS, LOSS_WORDS, TERM_WORDS, billing_told, proposal_rows
from app.queries.campaign import find_campaign
from app.queries.documents import DocumentLine, list_documents
from app.queries.negotiation import Negotiated, list_negotiated
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.stages.negotiation import AgreeTerms, RecordConsent, RefuseTerms, ReopenTerms
from workflows.campaign.writing import TERMS
from workflows.parties.roles import Role

DAYS = ("offer_until_on", "protected_from_on", "protected_until_on")
"""The days of a list's terms, by the names of their fields."""
REUSE = ("reuse_cpm", "reuse_until_on", "reuse_seconds")
"""What is agreed of a second use."""


class TermsForm(Form):
    """The terms of a whole list."""

    cpm = PriceField(TERM_WORDS["cpm"], [InputRequired(), NumberRange(min=0)])
    selection_cpm = PriceField(TERM_WORDS["selection_cpm"], [InputRequired(), NumberRange(min=0)])
    run_charge_cpm = PriceField(TERM_WORDS["run_charge_cpm"], [InputRequired(), NumberRange(min=0)])
    min_billing_rate = RateField(
        TERM_WORDS["min_billing_rate"],
        [InputRequired(), NumberRange(min=0, max=1, message=_l("A share is between 0 and 100 %%."))],
        description=_l("Even where fewer are kept."),
    )
    min_invoice_amount = AmountField(TERM_WORDS["min_invoice_amount"], [InputRequired(), NumberRange(min=0)])
    technical_fee = AmountField(TERM_WORDS["technical_fee"], [InputRequired(), NumberRange(min=0)])
    billing_basis = SelectField(
        TERM_WORDS["billing_basis"], [InputRequired()], choices=[SelectChoice(code, word) for code, word in BASIS_WORDS.items()]
    )
    unbilled_reasons = ChecksField(
        TERM_WORDS["unbilled_reasons"],
        [Optional()],
        choices=[SelectChoice(code, word) for code, word in LOSS_WORDS.items()],
        description=_l("Deducted before the least share is counted, without the run charge. What is not ticked is deducted down to it."),
    )
    offer_until_on = DayField(_l("Offer valid until"), [Optional()], description=_l("The orders have to be out by then."))
    protected_from_on = DayField(_l("Protected from"), [Optional()], description=_l("The owner lets no competitor mail the list."))
    protected_until_on = DayField(_l("Protected until"), [Optional()], description=_l("Both days are included, and the drop lies between."))
    reuse_cpm = PriceField(
        _l("Follow-up, for a thousand mailed again"),
        [Optional(), NumberRange(min=0)],
        description=_l("For those who were mailed and did not answer. Without a price the list is for one use."),
    )
    reuse_until_on = DayField(_l("Follow-up until"), [Optional()], description=_l("The last day for its drop."))
    reuse_seconds = BooleanField(
        _l("Its group seconds may be used in a follow-up"),
        description=_l("Records that came in two lists and are mailed by the other: as many as its bill holds at the full price."),
    )
    comment = TextAreaField(_l("A word with it"), [Optional(), Length(max=LONGEST_WORDS)], default="")


@room("negotiation")
def fill(here: Here) -> dict[str, Any]:
    """What the negotiation's room shows."""
    open_moves = {name for name in ("agree_terms", "record_consent", "refuse_terms", "reopen_terms") if here.head.is_open(name)}
    facts = CampaignFacts(here.session, here.campaign)
    lists = list_negotiated(facts)
    sheets = list_documents(here.session, here.campaign.id, kinds=("terms_sheet",))
    newest = {sheet.subject_id: sheet for sheet in reversed(sheets)}
    samples = samples_view(here, facts)
    views = [_list_view(here, row, open_moves, newest.get(row.id), samples["lists"].get(row.code)) for row in lists]
    return {
        "lists": views,
        "cards": [{"code": one["row"].code, "state": one["badge"]} for one in views if not one["row"].is_house],
        "open_count": sum(one["badge"] in ("waiting", "agreed") and not one["row"].is_house for one in views),
        "samples": samples,
        "counts": counts_view(here, facts),
        "bases": bases_view(here, facts),
        "sheets": sheets,
        "close": move_view(here, "close_negotiation"),
        "back": move_view(here, "return_to_plan"),
    }


def _list_view(
    here: Here, row: Negotiated, open_moves: set[str], sheet: DocumentLine | None, sampled: dict[str, Any] | None
) -> dict[str, Any]:
    proposal = row.proposal if row.state == "candidate" else None
    terms = {name: getattr(row, name) for name in (*TERMS, *DAYS, *REUSE)} | (proposal.terms if proposal else {})
    changed = sampled is not None and sampled["line"].may_pass
    wanted = {
        "terms": (TermsForm, "agree_terms", row.state == "candidate", terms),
        "consent": (ConsentForm, "record_consent", row.state == "agreed" or changed, {}),
        "refuse": (ReasonForm, "refuse_terms", row.state in ("candidate", "agreed", "settled"), {}),
        "reopen": (ReasonForm, "reopen_terms", row.state in ("agreed", "settled", "refused"), {}),
    }
    forms = {
        name: here.form(kind, f"{name}-{row.code}", **data) if move in open_moves and fits and not row.is_house else None
        for name, (kind, move, fits, data) in wanted.items()
    }
    if forms["consent"] and sampled:
        forms["consent"].samples.shows(sampled["line"].newest)
    state = {"candidate": "waiting", "agreed": "agreed", "settled": "owner_approved", "refused": "refused", "past": "ordered"}[row.state]
    if changed:
        state = "agreed"
    proposed = list(proposal_rows(proposal, here.campaign.currency)) if proposal else []
    return {
        "row": row,
        "badge": state,
        "proposal": proposal,
        "proposed": proposed,
        "billing": billing_told(row.billing_basis, row.unbilled_reasons),
        "sheet": sheet,
        "sampled": sampled,
        **forms,
    }


@blueprint.get("/campaigns/<code>/negotiation")
@audience(Role.PROJECT_MANAGER)
def negotiation(code: str) -> Response:
    """The negotiation's room."""
    return show("negotiation", code)


def _list_of(code: str, list_code: str) -> tuple[UUID, UUID]:
    """The campaign's id and the list's."""
    with reading() as session:
        campaign = find_campaign(session, code)
        found = next((row for row in list_negotiated(CampaignFacts(session, campaign)) if row.code == list_code), None)
        if found is None:
            abort(404)
        return campaign.id, found.id


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/terms")
@audience(Role.PROJECT_MANAGER)
def agree_terms(code: str, list_code: str) -> AnyResponse:
    """Agree the terms of a list."""
    campaign_id, list_id = _list_of(code, list_code)
    form = TermsForm.received(f"terms-{list_code}")
    command = form.asking(AgreeTerms, campaign_id, list_id=list_id)
    return act("negotiation", code, form, command, done=_("The terms of %(list)s are agreed.", list=list_code), key=f"list-{list_code}")


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/consent")
@audience(Role.PROJECT_MANAGER)
def record_consent(code: str, list_code: str) -> AnyResponse:
    """Record that the owner consents to the mail piece."""
    campaign_id, list_id = _list_of(code, list_code)
    form = ConsentForm.received(f"consent-{list_code}")

    def command() -> RecordConsent:
        seen = dict(form.samples.seen)
        return RecordConsent(
            subject_id=campaign_id, seen_version=form.version, list_id=list_id, samples=seen, comment=form.comment.data or ""
        )

    done = _("The consent of the owner of %(list)s is recorded.", list=list_code)
    return act("negotiation", code, form, command, done=done, key=f"list-{list_code}")


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/refuse")
@audience(Role.PROJECT_MANAGER)
def refuse_terms(code: str, list_code: str) -> AnyResponse:
    """Do without a list."""
    campaign_id, list_id = _list_of(code, list_code)
    form = ReasonForm.received(f"refuse-{list_code}")
    command = form.asking(RefuseTerms, campaign_id, list_id=list_id)
    return act("negotiation", code, form, command, done=_("%(list)s is left out.", list=list_code), key=f"list-{list_code}")


@blueprint.post("/campaigns/<code>/negotiation/<list_code>/reopen")
@audience(Role.PROJECT_MANAGER)
def reopen_terms(code: str, list_code: str) -> AnyResponse:
    """Negotiate a list again."""
    campaign_id, list_id = _list_of(code, list_code)
    form = ReasonForm.received(f"reopen-{list_code}")
    command = form.asking(ReopenTerms, campaign_id, list_id=list_id)
    return act("negotiation", code, form, command, done=_("%(list)s is open again.", list=list_code), key=f"list-{list_code}")
