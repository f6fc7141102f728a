"""A project manager says what lots carry, by hand, by a table or by having addresses made; the mailer, programs and auditors read it."""

import io
import re
import zipfile

import pytest
from flask import Flask

from tests.integration.api.test_api import Program
from tests.integration.papers.journey import Journey
from tests.integration.portals.test_supplier import rows
from tests.integration.portals.visiting import Visitor, words
from workflows.campaign.records import Lot
from workflows.campaign.send.records import LotTracking
from workflows.campaign.stages.send import OrderMailing

HERE = "/manager/campaigns/26A/tracking"


@pytest.fixture
def stage() -> str:
    return "send"


def codes(journey: Journey) -> list[str]:
    """The lots that are mailed, in the order of the page."""
    return [lot.code for lot in sorted(rows(journey, Lot), key=lambda lot: (lot.list_code, lot.segment, lot.code)) if lot.is_sent]


def carried(journey: Journey) -> dict[tuple[str, str], str]:
    current = [row for row in rows(journey, LotTracking) if row.to_seq is None]
    return {(one["lot_code"], one["kind"]): one["value"] for row in current for one in row.body["references"]}


def say(visitor: Visitor, **said: str):  # type: ignore[no-untyped-def]
    form = visitor.form(HERE, "tracking-")
    return visitor.send(HERE, form | {f"tracking-{name}": value for name, value in said.items()})


def read_table(visitor: Visitor, *lines: str):  # type: ignore[no-untyped-def]
    file = (io.BytesIO("\r\n".join(lines).encode("utf-8-sig")), "numeros.csv")
    return visitor.send(f"{HERE}/table", visitor.form(HERE, "table-"), **{"table-file": file})


def make(visitor: Visitor, base: str, place: str = "path", on: tuple[str, ...] = ("qr",)):  # type: ignore[no-untyped-def]
    form = visitor.form(HERE, "addresses-") | {"addresses-base": base, "addresses-place": place, "addresses-on": list(on)}
    return visitor.send(f"{HERE}/addresses", form)


def test_what_lots_carry_is_said_lot_by_lot_and_shown_version_by_version(journey: Journey, marion: Visitor) -> None:
    first, second, *_rest = codes(journey)
    answer = say(marion, phone_1=" 09 70 12 34 56 ", url_2="don.example.org/b")
    assert answer.status_code == 303, words(answer)
    assert carried(journey) == {(first, "phone"): "09 70 12 34 56", (second, "url"): "don.example.org/b"}

    assert say(marion, phone_1="", phone_2="3620").status_code == 303
    said = marion.words(HERE)
    assert f"Telephone number of lot {first}: 09 70 12 34 56 → none" in said
    assert f"Telephone number of lot {second}: none → 3620" in said
    assert "Version 2" in said


@pytest.mark.parametrize(
    ("field", "typed", "remark"),
    [
        ("phone_1", "09 70 12", "A telephone number: ten digits, a short number, or + and the country's digits."),
        ("url_1", "don", "A web address without spaces, such as example.org/a."),
        ("qr_2", "https://don example.org", "A web address without spaces, such as example.org/a."),
        ("qr_2", f"don.example.org/{'x' * 200}", "Field cannot be longer than 200 characters."),
    ],
)
def test_what_is_none_is_remarked_beside_its_field(journey: Journey, marion: Visitor, field: str, typed: str, remark: str) -> None:
    answer = say(marion, **{"phone_3": "3620", field: typed})
    assert answer.status_code == 422
    assert remark in words(answer)
    assert 'value="3620"' in answer.text
    assert rows(journey, LotTracking) == []


def test_one_number_on_two_lots_is_refused_with_both(journey: Journey, marion: Visitor) -> None:
    first, second, *_rest = codes(journey)
    answer = say(marion, phone_1="09 70 12 34 56", phone_2="+33 9 70 12 34 56")
    assert answer.status_code == 409
    both = ", ".join(sorted((first, second)))
    assert f"“+33 9 70 12 34 56” stands with several lots ({both}) and would tell none of them." in words(answer)
    assert rows(journey, LotTracking) == []


def test_an_address_is_made_for_each_lot_and_numbers_stay(journey: Journey, marion: Visitor) -> None:
    first = codes(journey)[0]
    say(marion, phone_1="3620")
    assert make(marion, "https://don.example.org/a", on=("url", "qr")).status_code == 303
    made = carried(journey)
    assert {value for (_lot, kind), value in made.items() if kind == "url"} == {
        f"https://don.example.org/a/{one}" for one in codes(journey)
    }
    assert made[first, "phone"] == "3620"
    assert made[first, "qr"] == made[first, "url"]

    assert make(marion, "don.example.org/a", "parameter").status_code == 303
    assert carried(journey)[first, "qr"] == f"don.example.org/a?lot={first}"
    assert carried(journey)[first, "url"] == f"https://don.example.org/a/{first}"

    refused = make(marion, "nowhere")
    assert (refused.status_code, "A web address without spaces" in words(refused)) == (422, True)


def test_a_table_says_what_it_has_columns_for_and_leaves_the_rest(journey: Journey, marion: Visitor) -> None:
    first, second, third, *_rest = codes(journey)
    say(marion, phone_1="3620", url_1="x.org/1", phone_2="3621", phone_3="3622")
    assert read_table(marion, "CODE_LOT;TELEPHONE", f"{first};0970123456", f"{second};").status_code == 303
    assert carried(journey) == {(first, "phone"): "0970123456", (first, "url"): "x.org/1", (third, "phone"): "3622"}

    given = marion.open("/manager/campaigns/26A/tracking.csv").data.decode("utf-8-sig").splitlines()
    assert given[:2] == ["CODE_LOT;TELEPHONE;URL;QR", f"{first};0970123456;x.org/1;"]
    assert len(given) == 1 + len(codes(journey))
    again = read_table(marion, *given)
    assert "That is what was written down already." in words(again), "what is given out says what is said"


@pytest.mark.parametrize(
    ("lines", "remark"),
    [
        (("LOT;TELEPHONE", "x;3620"), "CODE_LOT"),
        (("CODE_LOT;MESSAGE", "{first};A"), "TELEPHONE"),
        (("CODE_LOT;TELEPHONE", "{first};12"), "“12” is no telephone number"),
        (("CODE_LOT;QR", "{first};12 13"), "“12 13” is no web address"),
        (("CODE_LOT;TELEPHONE", "{first};3620", "{first};3621"), "{first} is there twice"),
    ],
)
def test_a_table_with_faults_changes_nothing_and_says_where(journey: Journey, marion: Visitor, lines: tuple[str, ...], remark: str) -> None:
    first = codes(journey)[0]
    answer = read_table(marion, *(line.format(first=first) for line in lines))
    assert answer.status_code == 422
    assert remark.format(first=first) in words(answer)
    assert rows(journey, LotTracking) == []


def test_a_table_of_a_lot_that_is_none_is_refused(journey: Journey, marion: Visitor) -> None:
    answer = read_table(marion, "CODE_LOT;TELEPHONE", "26NOBODY;3620")
    assert (answer.status_code, "No lot 26NOBODY of this campaign is mailed." in words(answer)) == (409, True)


def test_whoever_prints_takes_the_qr_codes_as_drawings_one_a_lot(journey: Journey, marion: Visitor, mailer: Visitor) -> None:
    first, second, *_rest = codes(journey)
    assert marion.open("/manager/campaigns/26A/qr.zip").status_code == 404
    assert "Download the QR codes" not in marion.words(HERE)
    say(marion, phone_1="09 70 12 34 56", qr_1="https://don.example.org/a", qr_2="don.example.org/b")
    assert "Download the QR codes (SVG)" in marion.words(HERE)
    journey.order_mailing()

    taken = mailer.open("/supplier/campaigns/26A/qr.zip").data
    assert taken == marion.open("/manager/campaigns/26A/qr.zip").data
    with zipfile.ZipFile(io.BytesIO(taken)) as archive:
        assert archive.namelist() == [f"{first}.svg", f"{second}.svg"]
        titles = [re.findall("<title>(.*)</title>", archive.read(name).decode()) for name in archive.namelist()]
    assert titles == [[f"{first} https://don.example.org/a"], [f"{second} https://don.example.org/b"]]


def test_a_mailer_reads_what_its_lots_carry_and_what_changed(journey: Journey, marion: Visitor, mailer: Visitor) -> None:
    first, second, *_rest = codes(journey)
    say(marion, phone_1="09 70 12 34 56", qr_2="don.example.org/b")
    journey.order_mailing()
    said = mailer.words("/supplier/campaigns/26A/send")
    assert "Numbers and addresses by lot" in said
    assert re.search(rf"{first} \w+ 09 70 12 34 56", said)
    table = mailer.open("/supplier/campaigns/26A/references.csv").data.decode("utf-8-sig").splitlines()
    assert table == ["CODE_LOT;TELEPHONE;URL;QR", *sorted((f"{first};09 70 12 34 56;;", f"{second};;;don.example.org/b"))]

    say(marion, phone_1="3620")
    told = f"Telephone number of lot {first}: 09 70 12 34 56 → 3620"
    assert told in marion.words("/manager/campaigns/26A/send")
    assert f"Changed since the order was sent {told}" in marion.words(HERE)
    journey.ask(OrderMailing(subject_id=journey.campaign_id))
    assert "3620" in mailer.words("/supplier/campaigns/26A/send")


def test_a_mailer_of_lots_that_carry_nothing_sees_them_as_ever(mailed: Journey, mailer: Visitor) -> None:
    assert "Numbers and addresses by lot" not in mailer.words("/supplier/campaigns/26A/send")


def test_programs_say_and_read_what_lots_carry(journey: Journey, site: Flask) -> None:
    program = Program(journey, site, "Marion Vidal")
    first = codes(journey)[0]
    reference = {"lot_code": first, "kind": "phone", "value": "3620"}
    body = {"subject_id": str(journey.campaign_id), "references": [reference]}
    assert program.send("track_lots", body).status_code == 200
    read = program.get("campaigns/26A/tracking").json
    (version,) = read["versions"]
    assert (version["number"], version["references"]) == (1, [reference])
    assert (read["credited"], read["brought"], read["disagreed"]) == ({}, {}, 0)
    refused = program.send("track_lots", body | {"references": [reference | {"kind": "fax"}]})
    assert refused.status_code == 422
