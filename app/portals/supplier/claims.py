"""What is claimed back of this supplier for mail that came back: the claim, the ids, and its answer."""

from uuid import UUID

from flask import abort, flash, redirect, render_template, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app.errors import say_refusal, status_of
from app.portals.shared.asking import execute
from app.portals.shared.claim_words import STATES, TOLD
from app.portals.shared.objections import reason_rows
from app.portals.supplier.forms import ContestClaimForm
from app.portals.supplier.room import blueprint, reading
from app.queries.claims import ClaimLine, OwnClaims, get_own_claims
from app.security.audience import audience
from workflows.campaign.claims.claiming import AcceptClaim, ContestClaim
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/claims")
@audience(Role.SUPPLIER)
def claims(code: str) -> str:
    """Every claim of one campaign, and how it stands."""
    return _show(_page(code))


@blueprint.post("/campaigns/<code>/claims/<uuid:claim_id>/accept")
@audience(Role.SUPPLIER)
def accept_claim(code: str, claim_id: UUID) -> ResponseReturnValue:
    """Stand for a claim, and go on to the invoice that it concerns."""
    page = _page(code)
    claim = _claim(page, claim_id)
    refusal = execute(AcceptClaim(subject_id=page.campaign_id, claim_id=claim_id))
    if refusal:
        return _show(_page(code), refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("Claim %(number)s is accepted. Thank you: please send the credit note here.", number=claim.number), "done")
    return redirect(url_for("supplier.invoice", code=code, number=claim.order_number), 303)


@blueprint.post("/campaigns/<code>/claims/<uuid:claim_id>/contest")
@audience(Role.SUPPLIER)
def contest_claim(code: str, claim_id: UUID) -> ResponseReturnValue:
    """Contest a claim, with a reason."""
    page, form = _page(code), ContestClaimForm(prefix=f"contest-{claim_id}")
    claim = _claim(page, claim_id)
    if not form.validate_on_submit():
        return _show(page, {claim_id: form}), 422
    refusal = execute(ContestClaim(subject_id=page.campaign_id, claim_id=claim_id, reason=form.reason.data))
    if refusal:
        return _show(_page(code), {claim_id: form}, refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("Your answer to claim %(number)s was handed over, with its reason.", number=claim.number), "done")
    return redirect(url_for("supplier.claims", code=code), 303)


def _claim(page: OwnClaims, claim_id: UUID) -> ClaimLine:
    return next((one for one in page.claims if one.id == claim_id), None) or abort(404)


def _page(code: str) -> OwnClaims:
    with reading() as session:
        return get_own_claims(session, code)


def _show(page: OwnClaims, sent: dict[UUID, ContestClaimForm] | None = None, *, refusal: str = "") -> str:
    forms = {one.id: ContestClaimForm(prefix=f"contest-{one.id}", formdata=None) for one in page.claims if one.state == "sent"}
    return render_template(
        "supplier/claims.html",
        page=page,
        counts={one.id: reason_rows(one.counts) for one in page.claims},
        contest={**forms, **(sent or {})},
        refusal=refusal,
        badges={state: (badge, TOLD.get(state, word)) for state, (badge, word) in STATES.items()},
    )
