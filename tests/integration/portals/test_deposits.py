"""A mailer proves what it posted, in one deposit or several, and reads what it is not to post."""

from io import BytesIO

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import BEGINNING, DROP, Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, give_contact, person_named, words
from workflows.campaign.records import Deposit, Lot
from workflows.campaign.send.not_sending import LeaveLotUnsent
from workflows.campaign.stages.send import OrderMailing
from workflows.order.model import PurchaseOrder


@pytest.fixture
def stage() -> str:
    return "send"


def test_a_posting_is_proved_from_the_lots_of_the_mailing_order(mailed: Journey, mailer: Visitor) -> None:
    assert "Prove the posting: Appel d’automne" in mailer.words("/supplier/")
    proposed = mailer.form("/supplier/campaigns/26A/send")
    lots = {lot.code: lot.quantity + lot.seeds for lot in rows(mailed, Lot)}
    assert {
        name.removeprefix("pieces_"): int(value.replace(",", "")) for name, value in proposed.items() if name.startswith("pieces_")
    } == lots

    data = {**proposed, "deposited_on": "2026-10-13", "slip_number": "D-77", "explanation": ""}
    answer = mailer.send("/supplier/campaigns/26A/send", data, slip=(BytesIO(b"%PDF-1.7"), "bordereau.pdf"))

    assert answer.status_code == 303
    (deposit,) = rows(mailed, Deposit)
    assert (deposit.slip_number, deposit.quantities) == ("D-77", lots)
    assert deposit.file_id is not None
    assert "Prove the posting" not in mailer.words("/supplier/")


def test_a_lot_that_differs_needs_a_word_and_nothing_typed_is_lost(mailed: Journey, mailer: Visitor) -> None:
    proposed = mailer.form("/supplier/campaigns/26A/send")
    first = next(name for name in proposed if name.startswith("pieces_"))
    proposed.pop("rest_follows")
    data = {**proposed, "deposited_on": "2026-10-13", "slip_number": "D-77", "explanation": "", first: "17"}

    answer = mailer.send("/supplier/campaigns/26A/send", data)

    assert answer.status_code == 409
    assert f"Lot {first.removeprefix('pieces_')}: 17 proved for" in words(answer)
    assert 'value="D-77"' in answer.text
    assert rows(mailed, Deposit) == []
    assert mailer.send("/supplier/campaigns/26A/send", {**data, "explanation": "Une palette reste à déposer."}).status_code == 303


def test_the_rest_of_what_is_posted_in_part_is_asked_for_on_an_empty_form(mailed: Journey, mailer: Visitor) -> None:
    proposed = mailer.form("/supplier/campaigns/26A/send")
    first = next(name for name in proposed if name.startswith("pieces_"))
    data = {**proposed, "deposited_on": "2026-10-13", "slip_number": "D-77", "explanation": "", first: "17", "rest_follows": "y"}
    assert mailer.send("/supplier/campaigns/26A/send", data).status_code == 303

    assert "Prove the posting: Appel d’automne" in mailer.words("/supplier/")
    page = mailer.words("/supplier/campaigns/26A/send")
    assert "the rest is still waited for" in page
    assert "by 30 October 2026 (in 17 days)" in page
    mailed.door.set_calendar(mailed.campaign_id, BEGINNING)
    assert "by 30 October 2026 The PDF is being prepared." in mailer.words("/supplier/campaigns/26A/send"), "a far day is said once"
    mailed.door.set_calendar(mailed.campaign_id, DROP)
    again = mailer.form("/supplier/campaigns/26A/send")
    assert {again[name] for name in again if name.startswith("pieces_")} == {""}
    again.pop("rest_follows")
    rest = str(int(proposed[first].replace(",", "")) - 17)
    data = {**again, "deposited_on": "2026-10-13", "slip_number": "D-78", "explanation": "", first: rest}
    assert mailer.send("/supplier/campaigns/26A/send", data).status_code == 303
    assert "Prove the posting" not in mailer.words("/supplier/")


def test_a_mailer_is_told_which_lots_of_the_file_it_does_not_post(mailed: Journey, mailer: Visitor) -> None:
    gone = min(lot.code for lot in rows(mailed, Lot))
    mailed.ask(LeaveLotUnsent(subject_id=mailed.campaign_id, lot=gone, reason="Encart abîmé."))
    mailed.ask(OrderMailing(subject_id=mailed.campaign_id))

    page = mailer.words("/supplier/campaigns/26A/send")
    assert "Not to be produced, and not to be posted" in page
    assert f"{gone} · " in page
    assert "“Encart abîmé.”" in page
    assert f"pieces_{gone}" not in mailer.form("/supplier/campaigns/26A/send"), "also while the order is being drawn"


def proved(mailer: Visitor, **changed: str) -> dict[str, str]:
    """The form of a deposit of everything, sent by its mailer."""
    data = {
        **mailer.form("/supplier/campaigns/26A/send"),
        "deposited_on": "2026-10-13",
        "slip_number": "D-77",
        "explanation": "",
        **changed,
    }
    assert mailer.send("/supplier/campaigns/26A/send", data).status_code == 303
    return data


def test_a_mailer_corrects_a_deposit_from_what_it_proved(mailed: Journey, site: Flask, mailer: Visitor, marion: Visitor) -> None:
    auditor = Visitor(site, person_named(mailed, "Yann Kerbrat"))
    proved(mailer)
    (first,) = rows(mailed, Deposit)
    page = f"/supplier/campaigns/26A/deposits/{first.id}/correct"
    assert page in mailer.open("/supplier/campaigns/26A/send").text
    as_proved = mailer.form(page)
    assert (as_proved["slip_number"], as_proved["deposited_on"]) == ("D-77", "2026-10-13")

    nothing = mailer.send(page, {**as_proved, "reason": ""})
    assert nothing.status_code == 422
    assert "Write what was wrong." in words(nothing)
    same = mailer.send(page, {**as_proved, "reason": "Rien."})
    assert same.status_code == 409
    assert "Nothing of proof of sending D-77 is changed." in words(same)
    assert mailer.send(page, {**as_proved, "slip_number": "D-78", "reason": "Numéro mal lu."}).status_code == 303

    for visitor, where in (
        (mailer, "/supplier/campaigns/26A/send"),
        (marion, "/manager/campaigns/26A/send"),
        (auditor, "/auditor/campaigns/26A/send"),
    ):
        told = visitor.words(where)
        assert "D-77 Superseded" in told
        assert "Corrected: “Numéro mal lu.”" in told
        assert "version 2" in told
    assert page not in mailer.open("/supplier/campaigns/26A/send").text, "what is over is not corrected"


def test_a_refused_deposit_is_proved_again_beginning_with_what_was_refused(mailed: Journey, mailer: Visitor, marion: Visitor) -> None:
    before = proved(mailer)
    (deposit,) = rows(mailed, Deposit)
    room = "/manager/campaigns/26A/send"
    assert f"{room}/deposits/{deposit.id}/refuse" in marion.open(room).text
    form = marion.form(room, prefix=f"refuse-{deposit.id}")
    answer = marion.send(f"{room}/deposits/{deposit.id}/refuse", {**form, f"refuse-{deposit.id}-reason": "Le tampon manque."})
    assert answer.status_code == 303
    assert "Refused, counts for nothing: “Le tampon manque.”" in marion.words(room)

    home = mailer.words("/supplier/")
    assert "Prove the posting again: Appel d’automne" in home
    assert "Deposit slip D-77 was refused: “Le tampon manque.”" in home
    told = mailer.words("/supplier/campaigns/26A/send")
    assert "Deposit slip D-77 was refused “Le tampon manque.” It counts for nothing." in told
    again = mailer.form("/supplier/campaigns/26A/send")
    pieces = {name: value for name, value in before.items() if name.startswith("pieces_")}
    assert {name: value for name, value in again.items() if name.startswith("pieces_")} == pieces
    proved(mailer, slip_number="D-78")
    assert "was refused" not in mailer.words("/supplier/campaigns/26A/send")


SLIPS = [
    (b"%PDF-1.7 slip %%EOF", "application/pdf", "inline; filename=D-77_A.pdf"),
    (b"\xff\xd8\xff photo \xff\xd9", "image/jpeg", "inline; filename=D-77_A.jpg"),
    (b"<script>", "application/octet-stream", "attachment; filename=bordereau.pdf"),
]


def prove(mailer: Visitor, slip: bytes | None) -> None:
    data = {**mailer.form("/supplier/campaigns/26A/send"), "deposited_on": "2026-10-13", "slip_number": "D-77/A", "explanation": ""}
    files = {"slip": (BytesIO(slip), "bordereau.pdf")} if slip else {}
    assert mailer.send("/supplier/campaigns/26A/send", data, **files).status_code == 303


@pytest.mark.parametrize(("slip", "media_type", "name"), SLIPS, ids=["pdf", "photo", "neither"])
def test_a_slip_is_read_by_its_mailer_and_by_whoever_sees_the_campaign(
    mailed: Journey, mailer: Visitor, marion: Visitor, site: Flask, slip: bytes, media_type: str, name: str
) -> None:
    prove(mailer, slip)
    (deposit,) = rows(mailed, Deposit)
    auditor = Visitor(site, person_named(mailed, "Yann Kerbrat"))

    order = next(one for one in rows(mailed, PurchaseOrder) if one.supplier_id == deposit.supplier_id)
    assert 'href="/supplier/campaigns/26A/send"' in mailer.open(f"/supplier/orders/{order.id}").text
    for who, portal in ((mailer, "supplier"), (marion, "manager"), (auditor, "auditor")):
        assert f'href="/deposits/{deposit.id}"' in who.open(f"/{portal}/campaigns/26A/send").text
        answer = who.open(f"/deposits/{deposit.id}")
        assert (answer.data, answer.mimetype) == (slip, media_type)
        assert answer.headers["Content-Disposition"] in (name, name.replace("inline; filename=D-77_A", 'inline; filename="D-77_A"'))


def test_a_slip_is_nobody_elses(mailed: Journey, mailer: Visitor, site: Flask) -> None:
    prove(mailer, SLIPS[0][0])
    (deposit,) = rows(mailed, Deposit)
    printer = Visitor(site, give_contact(mailed, "S-CRT"))

    assert printer.open(f"/deposits/{deposit.id}").status_code == 404
    assert printer.open("/supplier/campaigns/26A/send").status_code == 404


def test_a_deposit_without_a_scan_says_so_and_one_recorded_for_the_mailer_is_not_its_own(
    mailed: Journey, mailer: Visitor, marion: Visitor
) -> None:
    mailed.drop()
    (deposit,) = rows(mailed, Deposit)

    told = marion.words("/manager/campaigns/26A/send")
    assert "D-1 recorded for the mailer 13 October 2026" in told
    assert "not scanned" in told
    assert marion.open(f"/deposits/{deposit.id}").status_code == 404
    assert "What you proved" not in mailer.words("/supplier/campaigns/26A/send")


def test_programs_read_what_was_posted_each_mailer_its_own(mailed: Journey, mailer: Visitor, marion: Visitor, site: Flask) -> None:
    proved(mailer)
    (deposit,) = rows(mailed, Deposit)
    program = Program(mailed, site, "Contact S-ROU")
    (read,) = program.get("campaigns/26A/deposits").json["deposits"]
    assert (read["slip_number"], read["quantities"], read["is_over"]) == ("D-77", deposit.quantities, False)
    assert read["pieces"] == sum(deposit.quantities.values())
    assert program.get(f"deposits/{read['id']}/slip").status_code == (200 if read["slip_sha256"] else 404)

    body = {"subject_id": str(mailed.campaign_id), "deposit_id": read["id"], "reason": "Le tampon manque."}
    assert Program(mailed, site, "Marion Vidal").send("refuse_deposit", body).status_code == 200

    (refused,) = Program(mailed, site, "Yann Kerbrat").get("campaigns/26A/deposits").json["deposits"]
    assert (refused["is_over"], refused["refusal"]) == (True, "Le tampon manque.")
    give_contact(mailed, "S-IMP")
    other = Program(mailed, site, "Contact S-IMP")
    assert other.get("campaigns/26A/deposits").json == {"deposits": []}
    assert other.get(f"deposits/{read['id']}/slip").status_code == 404


def test_what_was_confirmed_is_corrected_with_the_file_that_shows_it(mailed: Journey, mailer: Visitor, marion: Visitor) -> None:
    proved(mailer)
    (first,) = rows(mailed, Deposit)
    room = "/manager/campaigns/26A/send"
    assert marion.send("/manager/campaigns/26A/moves/confirm_drop", marion.form(room, "confirm_drop-")).status_code == 303

    page = marion.words(room)
    assert "Refuse deposit slip" not in page
    assert "What went out is confirmed: the file that shows what is right goes with it." in page
    key, where = f"correct-{first.id}", f"{room}/deposits/{first.id}/correct"
    form = marion.form(room, key) | {f"{key}-slip_number": "D-78", f"{key}-reason": "Relevé de La Poste."}
    form.pop(f"{key}-rest_follows")
    bare = marion.send(where, form)
    assert (bare.status_code, "Choose the file that shows what is right" in words(bare)) == (409, True)
    shown = {f"{key}-slip": (BytesIO(b"%PDF-1.7 releve %%EOF"), "releve.pdf")}
    assert marion.send(where, form, **shown).status_code == 303

    for visitor, at in ((marion, room), (mailer, "/supplier/campaigns/26A/send")):
        told = visitor.words(at)
        assert "D-77 Superseded" in told
        assert "Corrected: “Relevé de La Poste.”" in told


def test_a_closed_campaign_says_why_its_deposits_are_corrected_no_more(journey: Journey, marion: Visitor) -> None:
    journey.reach("closed")
    assert "Open its analysis again first, with a reason." in marion.words("/manager/campaigns/26A/send")
