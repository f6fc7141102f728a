"""What a mailer does: takes the files to post, and proves the deposit: the slip, the day, and how many pieces of each lot. Whoever sends
messages or calls does the same in the words of that. A house that does several proves each by itself: `way` in the address says which.
"""

import zipfile
from collections.abc import Callable, Iterator
from contextlib import ExitStack
from datetime import date
from functools import partial
from typing import Any, cast
from uuid import UUID

from flask import Response, flash, redirect, render_template, request, url_for
from flask.typing import ResponseReturnValue
from flask_babel import gettext as _

from app import i18n
from app.documents.calling import calling_rows
from app.documents.catalogue import catalogue
from app.documents.sending import sending_rows
from app.documents.typography import Typography
from app.errors import say_refusal, status_of
from app.jalon import jalon
from app.portals.shared.asking import execute, execute_with_file
from app.portals.shared.controls import written_word
from app.portals.shared.downloads import download
from app.portals.shared.proof_fields import ended_on
from app.portals.shared.sending_words import SENDING
from app.portals.shared.tracking_words import codes_file, tracking_file
from app.portals.supplier.forms import CorrectionForm, DepositForm, deposit_form
from app.portals.supplier.room import blueprint, now, reading
from app.queries.deposits import DepositLine
from app.queries.supplier_work import SendPage, get_frozen_lots, get_sending
from app.security.audience import audience
from workflows.campaign.keeping import KeptFile
from workflows.campaign.send.correcting import CorrectDeposit
from workflows.campaign.send.handing_over import TakeMailing
from workflows.campaign.send.proving import RecordDeposit
from workflows.engine.refusals import NotFound, Refused
from workflows.parties.actor import SYSTEM
from workflows.parties.roles import Role
from workflows.trade.channels import Way


@blueprint.get("/campaigns/<code>/send")
@audience(Role.SUPPLIER)
def send(code: str) -> str:
    """The lots to send, and the form of their proof."""
    page = _page(code)
    data = {"seen_version": page.campaign_version, "deposited_on": page.today}
    return _show(page, deposit_form(page.way, page.lots, page.proposed, formdata=None, data=data))


@blueprint.post("/campaigns/<code>/send")
@audience(Role.SUPPLIER)
def prove_deposit(code: str) -> ResponseReturnValue:
    """Record one deposit."""
    page = _page(code)
    form = deposit_form(page.way, page.lots, {})
    if not form.validate_on_submit():
        return _show(page, form), 422
    refusal = _ask(form, partial(RecordDeposit, subject_id=page.campaign_id))
    if refusal:
        page = _page(code)
        form.seen_again(page.campaign_version)
        return _show(page, form, refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("%(what)s %(number)s: recorded. Thank you.", what=SENDING[page.way].proof, number=form.slip_number.data), "done")
    return redirect(url_for("supplier.home"), 303)


@blueprint.route("/campaigns/<code>/deposits/<uuid:deposit_id>/correct", methods=["GET", "POST"])
@audience(Role.SUPPLIER)
def correct_deposit(code: str, deposit_id: UUID) -> ResponseReturnValue:
    """Prove a deposit anew in the place of what was proved, with what was wrong."""
    page = _page(code)
    deposit = next((one for one in page.proved if one.id == deposit_id), None)
    if deposit is None:
        raise NotFound(subject="deposit")
    page = page.in_way(deposit.way)
    if request.method == "GET":
        data = {name: getattr(deposit, name) for name in ("deposited_on", "ended_on", "slip_number", "rest_follows", "explanation")}
        data["seen_version"] = page.campaign_version
        form = deposit_form(page.way, page.lots, deposit.quantities, CorrectionForm, formdata=None, data=data)
        return _show_correction(page, deposit, form)
    form = deposit_form(page.way, page.lots, {}, CorrectionForm)
    assert isinstance(form, CorrectionForm)
    if not form.validate_on_submit():
        return _show_correction(page, deposit, form), 422
    make = partial(CorrectDeposit, subject_id=page.campaign_id, deposit_id=deposit_id, reason=form.reason.data)
    refusal = _ask(form, make)
    if refusal:
        page = _page(code).in_way(deposit.way)
        form.seen_again(page.campaign_version)
        return _show_correction(page, deposit, form, refusal=say_refusal(refusal)), status_of(refusal)
    flash(_("%(what)s %(number)s: corrected. Thank you.", what=SENDING[page.way].proof, number=form.slip_number.data), "done")
    return redirect(url_for("supplier.send", code=code, **_among(page)), 303)


@blueprint.post("/campaigns/<code>/mailings/<name>")
@audience(Role.SUPPLIER)
def take_mailing(code: str, name: str) -> ResponseReturnValue:
    """One mailing file, piece by piece. The move comes first: what is handed over is on record before a byte leaves."""
    page = _page(code)
    refusal = execute(TakeMailing(subject_id=page.campaign_id, file=name))
    if refusal:
        form = deposit_form(page.way, page.lots, page.proposed, formdata=None, data={"seen_version": page.campaign_version})
        return _show(page, form, refusal=say_refusal(refusal)), status_of(refusal)
    with jalon().database.reading(SYSTEM) as session:
        stored = get_frozen_lots(session, page.campaign_id)
    with ExitStack() as opened:
        path = opened.enter_context(jalon().files.plaintext(stored))
        member = opened.enter_context(opened.enter_context(zipfile.ZipFile(path)).open(name))
        return download(member, f"{page.campaign_code}_{name}", opened.pop_all())


@blueprint.get("/campaigns/<code>/references.csv")
@audience(Role.SUPPLIER)
def tracking(code: str) -> Response:
    """What the ordered lots carry, as a table by the codes that stand in the files to post."""
    return tracking_file(code, [(lot.code, lot.phone, lot.url, lot.qr) for lot in _page(code).tracked])


@blueprint.get("/campaigns/<code>/qr.zip")
@audience(Role.SUPPLIER)
def qr_codes(code: str) -> Response:
    """The QR codes of the ordered lots as drawings."""
    return codes_file(code, [(lot.code, lot.qr) for lot in _page(code).tracked])


def _ask(form: DepositForm, make: Callable[..., RecordDeposit]) -> Refused | None:
    """Carry out what a form of a deposit asks; the refusal, if any."""

    def command(slip: KeptFile | None) -> RecordDeposit:
        return make(
            seen_version=form.seen_version.data,
            deposited_on=cast(date, form.deposited_on.data),
            ended_on=ended_on(form),
            slip_number=form.slip_number.data.strip(),
            quantities=form.quantities(),
            rest_follows=form.rest_follows.data,
            slip=slip,
            explanation=form.explanation.data or "",
        )

    return execute_with_file(form.slip.data, command) if form.slip.data else execute(command(None))


def _page(code: str) -> SendPage:
    """What is sent in the way that the address names; without one, in the first that waits for a proof."""
    with reading() as session:
        page = get_sending(session, code, now=now())
    way = request.args.get("way", type=Way)
    return page.in_way(way) if way else page


def _among(page: SendPage) -> dict[str, Any]:
    """What an address says of the page's way, where there are several."""
    return {"way": page.way.value} if len(page.ways) > 1 else {}


def _show(page: SendPage, form: DepositForm, *, refusal: str = "") -> str:
    texts = catalogue(i18n.language())
    return render_template(
        "supplier/send.html",
        page=page,
        form=form,
        words=SENDING[page.way],
        among=_among(page),
        others=[(SENDING[way], way.value) for way in page.ways if way is not page.way],
        refusal=refusal,
        written_word=written_word,
        t=texts.text,
        title=texts.title,
        label=texts.label,
        write=Typography(i18n.language(), "EUR"),
        rules=list(_rules(page)),
    )


def _rules(page: SendPage) -> Iterator[tuple[str, str, list[tuple[str, str]]]]:
    """What calls and messages have to keep to: the title, the order that says so, and what it says."""
    language = i18n.language()
    title = catalogue(language).text
    for doc in page.orders:
        if doc.calling:
            yield title("calling.title"), doc.reference, calling_rows(doc.calling, language)
        if doc.sending:
            yield title("sending.title"), doc.reference, sending_rows(doc.sending, doc.channel, language)


def _show_correction(page: SendPage, deposit: DepositLine, form: DepositForm, *, refusal: str = "") -> str:
    return render_template(
        "supplier/correct_deposit.html", page=page, words=SENDING[page.way], among=_among(page), deposit=deposit, form=form, refusal=refusal
    )
