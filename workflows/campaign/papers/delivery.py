"""What a refused delivery's non-conformity says: what was expected, what was found, and what is wrong with the file."""

from collections.abc import Iterable, Mapping
from dataclasses import replace
from decimal import Decimal
from typing import Any

from workflows.campaign.documents import Check, Defect, NonConformity, share
from workflows.campaign.papers import heads
from workflows.campaign.states import CampaignState
from workflows.delivery.model import DeliveredFile
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.order.model import PurchaseOrder
from workflows.trade.working_days import local_day

CHECKS = {
    "count_as_declared": "quantity_against_note",
    "count_within_order": "quantity_against_order",
    "duplicate_ids": "internal_duplicates",
    "empty": "mandatory_fields",
}
DEFECTS = {
    "double_encoded": "double_encoding",
    "duplicate_id": "internal_duplicates",
    "leading_zero_lost": "lost_leading_zero",
    "shifted_row": "shifted_columns",
    "trailing_total": "total_row",
}
"""Findings and defects of an examination by the words that documents have for them, where they differ."""


def non_conformity(step: Step) -> Iterable[Paper]:
    """The refusal of one version of one tranche, for whoever delivered it. It is answered within the days an order is."""
    facts, file = heads.gather(step), step.subject
    ordered = next(row for row in facts.lists if row.id == file.list_id)
    supplier = facts.supplier(ordered.supplier_id)
    order = step.session.get(PurchaseOrder, file.order_id) if file.order_id else None
    number = heads.number(facts, heads.NON_CONFORMITY, file.list_code, f"{file.tranche}.{file.file_version}")
    yield heads.paper(
        NonConformity(
            head=heads.head(step, facts, NonConformity, number, stage=CampaignState.DELIVERY, recipient=supplier),
            order_number=order.number if order else "",
            list_code=ordered.code,
            list_name=ordered.name,
            tranche=file.tranche,
            version=file.file_version,
            file_name=file.name,
            file_sha256=heads.stored_files(facts, [file.file_id])[file.file_id].sha256,
            announced_sha256=file.declared_sha256,
            received_on=local_day(file.received_at),
            ordered_qty=facts.ordered_qty(ordered.id),
            announced_qty=file.declared_count or 0,
            found_qty=file.record_count or 0,
            checks=tuple(_checks(file)),
            defects=tuple(_defects(file)),
            answer_by=local_day(facts.campaign.policy.after(step.now, "acknowledge_order")),
            remarks=file.rejection_reason,
        ),
        recipient=supplier,
        subject_id=file.id,
    )


def _checks(file: DeliveredFile) -> Iterable[Check]:
    """The checks against note and order; what each defect spoiled stands in a table of its own."""
    controls = [control for control in (file.findings or {}).get("checks", ()) if not control["code"].startswith("defect:")]
    for control, check in zip(controls, heads.checks(controls), strict=True):
        printed = replace(check, code=CHECKS.get(check.code, check.code))
        if check.code == "readable":
            printed = replace(printed, expected=None, actual=None)  # the verdict says it, and the defects below say why
        if check.code == "empty":
            printed = replace(printed, expected=share(Decimal(control["expected"])), actual=share(Decimal(control["actual"])))
        yield printed


def _defects(file: DeliveredFile) -> Iterable[Defect]:
    """What the examination found, and where first; nothing of a record itself is repeated."""
    found: Iterable[Mapping[str, Any]] = (file.report or {}).get("defects", ())
    for one in found:
        yield Defect(code=DEFECTS.get(one["code"], one["code"]), quantity=one["count"], first_line=next(iter(one["rows"]), None))
