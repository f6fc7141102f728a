"""Runs of the merge-purge as the campaign sees them: begun with a brief, recorded with a report that must add up, voided by the next."""

from collections.abc import Iterator
from typing import Any

from workflows.campaign.dedupe.pressure import GIFT_REASON, REASON, pressure_brief
from workflows.campaign.dedupe.settings import DedupeSettings
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.keeping import EVERY_SUPPRESSION, kept_files, suppression_name
from workflows.campaign.records import MergePurgeRun
from workflows.engine.step import Step


def begin_run(step: Step) -> None:
    """Write down what the next run is to do: files by list and tranche, ranks by segment, prices, suppression lists in order."""
    facts: CampaignFacts = step.facts
    run = MergePurgeRun(
        **step.from_now_on(),
        number=len(facts.runs) + 1,
        brief=run_brief(facts, DedupeSettings.of(facts).as_asked(step.command)),
    )
    step.session.add(run)
    step.session.flush()
    step.forget_facts()


def run_brief(facts: CampaignFacts, settings: DedupeSettings) -> dict[str, Any]:
    """The brief of a run as plain data. Files are named by the ids of their rows; a segment's rank is its lines' lowest.

    Lists of the same rank stand in the order of the plan.
    """
    campaign = facts.campaign
    files = []
    places = {line.list_id: line.position for line in reversed(facts.live_lines)}
    for row in sorted(facts.live_lists, key=lambda one: places[one.id]):
        ranks: dict[str, int] = {}
        for line in facts.live_lines:
            if line.list_id == row.id:
                ranks[line.segment] = min(line.rank, ranks.get(line.segment, line.rank))
        parts = [
            {"file_id": str(file.file_id), "name": file.name, "tranche": file.tranche, "layout": file.layout}
            for file in facts.usable_files
            if file.list_id == row.id
        ]
        file = {"code": row.code, "parts": parts, "ranks": ranks, "default_rank": max(ranks.values()) + 1, "cpm": f"{row.cpm:f}"}
        files.append(file | {"protected": row.code in settings.protected})
    stored = kept_files(facts.session, campaign.id, EVERY_SUPPRESSION)
    by_name = {suppression_name(file): file for file in stored}
    wanted = [name.removesuffix(".csv") for name in campaign.dedupe.get("suppressions", [])]
    order = wanted + [name for name in by_name if name not in wanted]
    return {
        "level": settings.level,
        "allocation": settings.allocation,
        "files": sorted(files, key=lambda file: min(file["ranks"].values())),
        "suppressions": [{"code": name, "file_id": str(by_name[name].id), "level": settings.level} for name in order if name in by_name],
        "pressure": pressure_brief(facts),
    }


def report_identities(report: dict[str, Any], facts: CampaignFacts) -> list[dict[str, Any]]:
    """The accounting of section 5 as controls: each list's records are all there, and each is counted once."""
    controls = []
    for code, counts in sorted(report["lists"].items()):
        accounted = counts["rejected"] + sum(counts["suppressed"].values()) + counts["intra"] + counts["inter"] + counts["net"]
        controls.append(_equal(f"accounting:{code}", counts["delivered"], accounted))
    delivered = {file.list_code: 0 for file in facts.usable_files}
    for file in facts.usable_files:
        delivered[file.list_code] += file.record_count or 0
    for code in report["lists"]:
        delivered.setdefault(code, 0)
    for code, expected in sorted(delivered.items()):
        controls.append(_equal(f"delivered:{code}", expected, report["lists"].get(code, {}).get("delivered", 0)))
    return [*controls, *_pressure(report)]


def _pressure(report: dict[str, Any]) -> Iterator[dict[str, Any]]:
    """Those over a cap or at rest, as counted apart: as many as were suppressed for it, or no more than are left for the reserve."""
    pressure = report.get("pressure") or {"caps": []}
    counted = {REASON: pressure["over"] if pressure["caps"] else {}, GIFT_REASON: pressure.get("resting", {})}
    for reason, by_list in counted.items():
        for code, people in sorted(by_list.items()):
            counts = report["lists"][code]
            suppressed = counts["suppressed"].get(reason, 0)
            yield _equal(f"{reason}:{code}", people, suppressed if pressure["action"] == "suppress" else min(people, counts["net"]))


def _equal(code: str, expected: int, actual: int) -> dict[str, Any]:
    verdict = "ok" if expected == actual else "failed"
    return {"code": code, "expected": expected, "actual": actual, "tolerance": 0, "verdict": verdict, "override": None}


def void_run(step: Step) -> None:
    """End the run that counts, and its lots with it, for the command's reason."""
    facts: CampaignFacts = step.facts
    for row in facts.lists:
        step.drop_task("send_invoice", row.id)
    if facts.run is not None:
        facts.run.state, facts.run.to_seq, facts.run.void_reason = "void", step.seq, step.command.reason
    void_lots(step)


def void_lots(step: Step) -> None:
    """End the lots that count, their files, and what waits to be approved of their cost."""
    facts: CampaignFacts = step.facts
    for lot in facts.lots:
        lot.to_seq = step.seq
    if facts.lot_plan is not None:
        facts.lot_plan.to_seq = step.seq
    if facts.overrun is not None and facts.overrun.approved_at is None:
        facts.overrun.to_seq = step.seq
        step.drop_task("reapprove_budget", facts.campaign.id)
    step.session.flush()
    step.forget_facts()
