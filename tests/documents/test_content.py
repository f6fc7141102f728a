"""The content of documents: one canonical form, one hash, nothing that a stored document could not be drawn from again."""

import dataclasses
import json
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

import pytest

from tests.documents.samples import SAMPLES
from workflows.campaign.documents import (
    KINDS,
    Check,
    ContentInvalid,
    ContentUnbalanced,
    OrderRow,
    PurchaseOrder,
    UnknownDocumentKind,
    canonical_content,
    content_class,
    content_from_json,
    content_sha256,
)

every_kind = pytest.mark.parametrize("kind", list(KINDS))


def order() -> PurchaseOrder:
    content = SAMPLES["purchase_order"]()
    assert isinstance(content, PurchaseOrder)
    return content


def with_first_row(content: PurchaseOrder, **changes: Any) -> PurchaseOrder:
    return dataclasses.replace(content, rows=(dataclasses.replace(content.rows[0], **changes), *content.rows[1:]))


def test_every_kind_has_a_sample() -> None:
    assert set(SAMPLES) == set(KINDS)


@every_kind
def test_content_is_made_again_from_its_bytes_with_the_same_hash(kind: str) -> None:
    content = SAMPLES[kind]()
    again = content_from_json(kind, canonical_content(content))
    assert again == content
    assert content_sha256(again) == content_sha256(content)


@every_kind
def test_canonical_content_holds_no_float_and_names_its_version(kind: str) -> None:
    def refuse(text: str) -> None:
        pytest.fail(f"{text} is a float")

    data = json.loads(canonical_content(SAMPLES[kind]()), parse_float=refuse)
    assert data["v"] == 1
    assert data["head"]["kind"] == kind


def test_a_cent_more_changes_the_hash() -> None:
    content = order()
    dearer = with_first_row(content, amount=content.rows[0].amount + Decimal("0.01"))
    assert content_sha256(dearer) != content_sha256(content)


def test_an_amount_written_with_fewer_decimals_is_the_same_amount() -> None:
    content = order()
    assert content_sha256(with_first_row(content, unit_price=Decimal(165))) == content_sha256(
        with_first_row(content, unit_price=Decimal("165.0000"))
    )
    assert content_sha256(with_first_row(content, amount=Decimal("-0"))) == content_sha256(with_first_row(content, amount=Decimal("0.00")))


def test_a_field_at_its_default_is_left_out_so_that_new_fields_change_no_old_hash() -> None:
    data = json.loads(canonical_content(order()))
    assert "remarks" not in data
    assert "use" not in data["list_terms"]


def test_half_a_cent_is_refused_and_a_long_rate_is_rounded() -> None:
    with pytest.raises(ContentInvalid, match=r"OrderRow.amount"):
        OrderRow(nature="run", unit="flat", quantity=1, unit_price=Decimal(1), amount=Decimal("0.005"))
    assert dataclasses.replace(order(), vat_rate=Decimal(1) / Decimal(3)).vat_rate == Decimal("0.333333")


@pytest.mark.parametrize(
    ("field", "value"),
    [
        ("quantity", 1.5),
        ("quantity", True),
        ("quantity", "1"),
        ("amount", 1.0),
        ("amount", 1),
        ("amount", Decimal("NaN")),
        ("nature", None),
    ],
)
def test_a_value_of_another_type_is_refused_where_it_stands(field: str, value: object) -> None:
    with pytest.raises(ContentInvalid) as refusal:
        with_first_row(order(), **{field: value})
    assert refusal.value.field == f"OrderRow.{field}"


def test_an_instant_is_no_date_and_a_list_is_no_tuple() -> None:
    with pytest.raises(ContentInvalid):
        dataclasses.replace(order(), acknowledge_by=datetime(2026, 8, 25, 12, tzinfo=UTC))
    with pytest.raises(ContentInvalid):
        dataclasses.replace(order(), rows=list(order().rows))


def test_content_is_frozen() -> None:
    with pytest.raises(dataclasses.FrozenInstanceError):
        order().payment_days = 60  # type: ignore[misc]


@pytest.mark.parametrize(
    "spoil",
    [
        lambda data: data.pop("v"),
        lambda data: data.update(v=2),
        lambda data: data.update(surprise=1),
        lambda data: data.pop("rows"),
        lambda data: data.update(vat_rate="a fifth"),
        lambda data: data.update(acknowledge_by="25/08/2026"),
        lambda data: data["head"].update(kind="lot_plan"),
        lambda data: data.update(head="nobody"),
    ],
)
def test_json_that_is_no_such_content_is_refused(spoil: Any) -> None:
    data = json.loads(canonical_content(order()))
    spoil(data)
    with pytest.raises(ContentInvalid):
        content_from_json("purchase_order", data)


def test_a_kind_that_is_not_issued_is_refused() -> None:
    with pytest.raises(UnknownDocumentKind):
        content_class("invoice")


def test_a_head_of_another_kind_has_no_canonical_form() -> None:
    content = order()
    with pytest.raises(ContentInvalid):
        canonical_content(dataclasses.replace(content, head=dataclasses.replace(content.head, kind="lot_plan")))


def test_totals_are_added_up_from_the_rows() -> None:
    content = order()
    assert content.total_amount == Decimal("3074.05")
    assert content.total_vat_amount == Decimal("614.81")


def _report_row(content: Any, **changes: int) -> Any:
    return dataclasses.replace(content, files=(dataclasses.replace(content.files[0], **changes), *content.files[1:]))


@pytest.mark.parametrize(
    ("kind", "spoil"),
    [
        ("dedupe_report", lambda content: _report_row(content, net_qty=content.files[0].net_qty + 1)),
        ("dedupe_report", lambda content: dataclasses.replace(content, suppression_codes=("opposition",))),
        ("dedupe_report", lambda content: dataclasses.replace(content, lost=((1,) * 6, *content.lost[1:]))),
        ("net_statement", lambda content: dataclasses.replace(content, net_qty=content.net_qty - 1)),
        ("lot_plan", lambda content: dataclasses.replace(content, net_qty=content.net_qty + 1)),
    ],
)
def test_a_paper_that_does_not_balance_cannot_be_made(kind: str, spoil: Any) -> None:
    with pytest.raises(ContentUnbalanced):
        spoil(SAMPLES[kind]())


def test_dates_and_checks_survive_the_round_trip() -> None:
    content = content_from_json("media_plan", canonical_content(SAMPLES["media_plan"]()).decode("utf-8"))
    assert content.head.issued_on == date(2026, 7, 24)
    assert isinstance(content.targets[0], Check)  # type: ignore[attr-defined]
