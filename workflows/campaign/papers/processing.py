"""What the papers of the merge-purge say: the brief that asks for a run, and the report that accounts for it."""

from collections.abc import Iterable, Mapping
from datetime import date
from decimal import Decimal
from typing import Any

from workflows.campaign.dedupe.merging import report_identities
from workflows.campaign.dedupe.retention import Retention, list_retentions
from workflows.campaign.documents import (
    BriefFile,
    Check,
    ContactCap,
    DedupeBrief,
    DedupeFileRow,
    DedupeReport,
    EarlierSend,
    FileReference,
    RejectRow,
    SuppressionFile,
    share,
)
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import EVERY_SUPPRESSION, kept_files
from workflows.campaign.papers import heads
from workflows.campaign.papers.ordering import step_finish_on
from workflows.campaign.states import CampaignState
from workflows.delivery.model import DeliveredFile
from workflows.engine.process import Paper
from workflows.engine.step import Step
from workflows.parties.roles import SupplierKind
from workflows.trade.kpis import Ratio
from workflows.trade.working_days import local_day

MATCH_KEYS = {
    "individual": "NOM + PRENOM + ADR1–ADR6 + CP + LOCALITE",
    "household": "NOM + ADR1–ADR6 + CP + LOCALITE",
    "address": "ADR1–ADR6 + CP + LOCALITE",
}
"""What is compared at each level, by the names of the layout's fields."""
NORMALISATION = ("encoding", "case", "civility", "postcode", "reject_bad_postcode")


def dedupe_brief(step: Step) -> Iterable[Paper]:
    """The run that begins: its files by rank, its suppression lists in order, its rules. For the bureau, where there is one."""
    facts = heads.gather(step)
    campaign, run = facts.campaign, facts.run
    assert run is not None, "a brief belongs to a run"
    bureau = heads.service_supplier(facts, SupplierKind.DEDUPE_BUREAU)
    letterhead = heads.head(step, facts, DedupeBrief, brief_number(facts), stage=CampaignState.DEDUPE, recipient=bureau)
    level = str(run.brief["level"])
    yield heads.paper(
        DedupeBrief(
            head=letterhead,
            files=tuple(_brief_files(facts, run.brief)),
            suppressions=tuple(_suppressions(facts, run.brief)),
            level=level,
            allocation=run.brief["allocation"],
            protected_lists=tuple(file["code"] for file in run.brief["files"] if file.get("protected")),
            match_key=MATCH_KEYS.get(level, level),
            normalisation=NORMALISATION,
            deadline_on=max(step_finish_on(facts, "dedupe"), letterhead.issued_on),
            purge_on=facts.campaign.purge_on,
            contact=letterhead.contact_name,
            minimum_net_qty=campaign.minimum_net_quantity,
            multi_buyer_files=campaign.multi_buyers,
            group_seconds_kept=any(row.reuse_seconds for row in facts.live_lists),
            **_pressure(run.brief.get("pressure") or {}),
        ),
        recipient=bureau,
        subject_id=run.id,
    )


def dedupe_report(step: Step) -> Iterable[Paper]:
    """The account of the run that was recorded: each list's records once, who shares with whom, and the checks."""
    facts = heads.gather(step)
    run = facts.run
    assert run is not None, "a report belongs to a run"
    assert run.report is not None, "a report belongs to a finished run"
    lists: Mapping[str, Mapping[str, Any]] = run.report["lists"]
    codes = in_order((one["code"] for one in run.brief["files"]), lists)
    suppressing = {code for counts in lists.values() for code in counts["suppressed"]}
    suppressions = in_order((one["code"] for one in run.brief["suppressions"]), suppressing)
    matrix = run.report.get("matrix") or {}
    retentions = list_retentions(facts, {code: lists[code] for code in codes})
    rows = tuple(_file_row(facts, code, lists[code], suppressions, retentions[code]) for code in codes)
    yield heads.paper(
        DedupeReport(
            head=heads.head(step, facts, DedupeReport, report_number(facts), stage=CampaignState.DEDUPE),
            run_number=run.number,
            run_on=local_day(run.finished_at or step.now),
            brief_number=heads.last_reference(facts, brief_number(facts)),
            suppression_codes=tuple(suppressions),
            files=rows,
            checks=(*heads.checks(report_identities(run.report, facts)), *_retentions(retentions)),
            shared=_square(matrix.get("shared"), codes),
            lost=_square(matrix.get("lost"), codes),
            rejects=tuple(
                RejectRow(list_code=code, reason=str(reason), quantity=quantity)
                for code in codes
                for reason, quantity in sorted(lists[code].get("rejected_by_reason", {}).items())
                if quantity
            ),
            level=str(run.brief["level"]),
            allocation=str(run.brief["allocation"]),
            retention_rate=Ratio.of(sum(row.net_qty for row in rows), sum(row.gross_qty for row in rows)).value,
        ),
        subject_id=run.id,
    )


def _pressure(asked: Mapping[str, Any]) -> dict[str, Any]:
    """What the brief says of contact pressure; nothing where policy sets no cap and lets nobody rest."""
    rest = asked.get("gift_rest")
    if not (asked.get("caps") or rest):
        return {}
    told: dict[str, Any] = {
        "contact_action": asked["action"],
        "contact_caps": tuple(ContactCap(kind=cap["kind"], days=cap["days"], most=cap["most"]) for cap in asked["caps"]),
        "earlier_sends": tuple(
            EarlierSend(campaign=send["campaign"], posted_on=date.fromisoformat(send["posted_on"]))
            for send in asked["sends"]
            if asked["caps"]
        ),
    }
    if rest:
        told["gave_since"] = date.fromisoformat(rest["since"])
        told["giver_campaigns"] = tuple(dict.fromkeys(one["campaign"] for one in rest["files"]))
    return told


def _brief_files(facts: CampaignFacts, brief: Mapping[str, Any]) -> Iterable[BriefFile]:
    lists = {row.code: row for row in facts.lists}
    orders = {order.list_id: order.number for order in facts.live_orders}
    stored = heads.stored_files(facts, (file.file_id for file in facts.accepted_files))
    for one in brief["files"]:
        row = lists[one["code"]]
        yield BriefFile(
            list_code=row.code,
            list_name=row.name,
            nature=row.nature,
            rank=min(one["ranks"].values()),
            order_number=orders.get(row.id, ""),
            files=tuple(_file(file, stored[file.file_id].sha256) for file in facts.accepted_files if file.list_id == row.id),
        )


def _file(file: DeliveredFile, sha256: str) -> FileReference:
    examined = file.report or {}
    return FileReference(
        name=file.name,
        sha256=sha256,
        quantity=file.record_count or 0,
        layout=str(examined.get("kind", "")),
        encoding=str(examined.get("encoding") or file.declared_encoding),
    )


def _suppressions(facts: CampaignFacts, brief: Mapping[str, Any]) -> Iterable[SuppressionFile]:
    """Suppression lists in order, each by its file. How many records a machine read in it is not on this paper."""
    stored = {str(row.id): row for row in kept_files(facts.session, facts.campaign.id, EVERY_SUPPRESSION)}
    for one in brief["suppressions"]:
        row = stored[one["file_id"]]
        yield SuppressionFile(code=one["code"], file=FileReference(name=row.name, sha256=row.sha256, quantity=None))


def _file_row(facts: CampaignFacts, code: str, counts: Mapping[str, Any], suppressions: list[str], retention: Retention) -> DedupeFileRow:
    """One list's account (formulas: trade reference, section 5). A report that does not tell unique records has no overlap."""
    row = next(one for one in facts.lists if one.code == code)
    gross, net, unique = counts["delivered"], counts["net"], counts.get("unique")
    valid = gross - counts["rejected"]
    competing = valid - sum(counts["suppressed"].values()) - counts["intra"]
    return DedupeFileRow(
        list_code=code,
        list_name=row.name,
        gross_qty=gross,
        rejected_qty=counts["rejected"],
        suppressed=tuple(counts["suppressed"].get(name, 0) for name in suppressions),
        intra_qty=counts["intra"],
        inter_qty=counts["inter"],
        net_qty=net,
        unique_qty=net if unique is None else unique,
        retention_rate=retention.actual,
        retention_valid_rate=Ratio.of(net, valid).value,
        overlap_rate=None if unique is None else Ratio.of(competing - unique, competing).value,
        expected_retention_rate=retention.planned,
    )


def _retentions(retentions: Mapping[str, Retention]) -> Iterable[Check]:
    """Retention against what the plan assumed, within policy's points, and against what is usual of the list."""
    for code, one in retentions.items():
        if one.actual is not None and one.planned is not None:
            yield _retention("retention", code, one.is_as_planned, one.planned, one.actual, one.tolerance)
    for code, one in retentions.items():
        if one.actual is not None and one.usual is not None:
            yield _retention("usual_retention", code, one.is_usual, one.usual.mean, one.actual, one.usual.spread)


def _retention(check: str, about: str, is_clear: bool, expected: Decimal, actual: Decimal, tolerance: Decimal) -> Check:
    return Check(
        code=check,
        about=about,
        verdict="ok" if is_clear else "warning",
        expected=share(expected),
        actual=share(actual),
        tolerance=share(tolerance),
    )


def _square(matrix: Mapping[str, Mapping[str, int]] | None, codes: list[str]) -> tuple[tuple[int, ...], ...]:
    if not matrix:
        return ()
    return tuple(tuple(matrix.get(one, {}).get(other, 0) for other in codes) for one in codes)


def in_order(wanted: Iterable[str], present: Iterable[str]) -> list[str]:
    """The codes that are present: first as the brief orders them, then whatever it does not name."""
    there = set(present)
    named = [code for code in wanted if code in there]
    return named + sorted(there - set(named))


def brief_number(facts: CampaignFacts) -> str:
    """The number of the campaign's brief, whatever its revision."""
    return heads.number(facts, heads.DEDUPE_BRIEF)


def report_number(facts: CampaignFacts) -> str:
    """The number of the campaign's report, whatever its revision."""
    return heads.number(facts, heads.DEDUPE_REPORT)
