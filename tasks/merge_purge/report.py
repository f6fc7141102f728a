"""The accounting of a run, and the identities that must hold before anybody sees it. Formulas: trade reference, dedupe accounting."""

from collections.abc import Sequence
from typing import Any

import polars as pl

from tasks.merge_purge import ENGINE_VERSION
from tasks.merge_purge.allocate import DECISIONS, INTER, INTRA, KEPT, REJECTED, SUPPRESSED, files_of, spot
from tasks.merge_purge.allocation_rules import Simulated
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.intake import Intake
from tasks.merge_purge.numbering import looked_up
from workflows.trade.spreadsheets import defused

_WORD = {name: "net" if name == KEPT else name for name in DECISIONS}  # a record is kept; a list is left with its net


class BrokenAccounting(RuntimeError):
    """An identity of the accounting does not hold: an incident, never a report."""


def account(
    brief: Brief,
    decisions: pl.DataFrame,
    intake: Intake,
    simulated: Sequence[Simulated] = (),
    possible: int = 0,
    caps: Sequence[str] = (),
) -> dict[str, Any]:
    """The report of a run as plain values, amounts as text.

    :param decisions: ``source, list_order, segment, group, decision, by, place_repair`` of every delivered record
    :param intake: what was read of each list, and how
    :param simulated: what each allocation rule would leave
    :param possible: pairs left for a person to look at
    :param caps: what suppresses after the suppression lists and is none
    :raises BrokenAccounting: when a count does not add up
    """
    codes = [entry.code for entry in brief.files]
    decisions = decisions.select("source", "list_order", "segment", "group", "decision", "by", "place_repair")
    inside = decisions.filter(pl.col("decision").is_in([INTRA, INTER, KEPT])).select("group", "list_order", spot=spot()).unique("spot")
    spread = files_of(inside["group"])
    net = decisions.filter(pl.col("decision") == KEPT)
    net = net.with_columns(looked_up(net["group"], spread, "group"))
    shared, lost = _matrices(codes, inside.with_columns(looked_up(inside["group"], spread, "group")), decisions)
    suppressions = [*(entry.code for entry in brief.suppressions), *caps]
    lists = {code: _list(code, brief, decisions, net, intake, suppressions) for code in codes}
    report: dict[str, Any] = {
        "engine": ENGINE_VERSION,
        "level": brief.level,
        "allocation": brief.allocation,
        "seed": brief.seed,
        "suppressions": suppressions,
        "suppression_files": {
            entry.code: {"level": entry.levels[-1], "reading": intake.evidence.get(entry.code, [])} for entry in brief.suppressions
        },
        "lists": lists,
        "total": _total(lists),
        "groups_kept": net.height,
        "matrix": {"lists": codes, "shared": shared, "lost": lost},
        "multi_buyers": {str(n): count for n, count in sorted(net.group_by("files").len().rows())},
        "simulation": {
            one.rule: {
                "net": one.net,
                "cost": {code: None if amount is None else f"{amount:.2f}" for code, amount in one.cost.items()},
                "total_cost": f"{one.total:.2f}",
            }
            for one in simulated
        },
        "possible_pairs": possible,
    }
    _check(report, spread.height)
    if decisions["group"].null_count() or decisions.height != report["total"]["delivered"]:
        raise BrokenAccounting("a record has no group, or a decision no record")
    return report


def matrix_csv(report: dict[str, Any]) -> str:
    """Both matrices as ``;`` text: groups shared by two lists, then records of a line's list lost to a column's."""
    codes, lines = report["matrix"]["lists"], []
    titles = {code: defused(code) for code in codes}
    for title, name in (("GROUPES_COMMUNS", "shared"), ("PERDUS_AU_PROFIT_DE", "lost")):
        lines.append(";".join([title, *titles.values()]))
        lines += [";".join([titles[code], *(str(report["matrix"][name][code][other]) for other in codes)]) for code in codes]
    return "\r\n".join(lines) + "\r\n"


def _list(
    code: str, brief: Brief, decisions: pl.DataFrame, net: pl.DataFrame, intake: Intake, suppressions: Sequence[str]
) -> dict[str, Any]:
    entry, delivered = next(one for one in brief.files if one.code == code), intake.delivered[code]
    own = decisions.filter(pl.col("source") == code)
    counts = {name: own.filter(pl.col("decision") == name).height for name in DECISIONS}
    unique = net.filter((pl.col("source") == code) & (pl.col("files") == 1)).height
    by_reason = own.filter(pl.col("decision") == REJECTED).group_by("by").len().sort("by")
    by_list = dict(own.filter(pl.col("decision") == SUPPRESSED).group_by("by").len().rows())
    valid = delivered - counts[REJECTED]
    competing = valid - counts[SUPPRESSED] - counts[INTRA]
    counted = {_WORD[name]: (pl.col("decision") == name).sum() for name in DECISIONS}
    repaired = own.filter(pl.col("place_repair") != "").group_by("place_repair").len().sort("place_repair")
    segments = own.group_by("segment").agg(delivered=pl.len(), **counted).sort("segment")
    return {
        "gross": delivered,
        "delivered": delivered,
        "rejected": counts[REJECTED],
        "rejected_by_reason": dict(by_reason.rows()),
        "suppressed": {name: by_list.get(name, 0) for name in suppressions},
        "suppressed_total": counts[SUPPRESSED],
        "intra": counts[INTRA],
        "inter": counts[INTER],
        "net": counts[KEPT],
        "unique": unique,
        "multi_kept": counts[KEPT] - unique,
        "retention": {"numerator": counts[KEPT], "denominator": delivered},
        "retention_valid": {"numerator": counts[KEPT], "denominator": valid},
        "overlap": {"numerator": competing - unique, "denominator": competing},
        "segments": {row["segment"]: {k: v for k, v in row.items() if k != "segment"} for row in segments.to_dicts()},
        "protected": entry.protected,
        "cpm": None if entry.cpm is None else str(entry.cpm),
        "repairs": intake.repairs.get(code, {}),
        "place_repairs": dict(repaired.rows()),
        "reading": intake.evidence.get(code, []),
    }


def _total(lists: dict[str, dict[str, Any]]) -> dict[str, int]:
    return {
        name: sum(entry[name] for entry in lists.values())
        for name in ("gross", "delivered", "rejected", "suppressed_total", "intra", "inter", "net", "unique", "multi_kept")
    }


def _matrices(
    codes: list[str], inside: pl.DataFrame, decisions: pl.DataFrame
) -> tuple[dict[str, dict[str, int]], dict[str, dict[str, int]]]:
    several = inside.filter(pl.col("files") > 1)
    together = several.join(several, on="group", suffix="_b").group_by("list_order", "list_order_b").len()
    met = {(codes[a], codes[b]): n for a, b, n in together.rows()}
    met |= {(codes[a], codes[a]): n for a, n in inside.group_by("list_order").len().rows()}
    gone = {(a, b): n for a, b, n in decisions.filter(pl.col("decision") == INTER).group_by("source", "by").len().rows()}
    return ({a: {b: met.get((a, b), 0) for b in codes} for a in codes}, {a: {b: gone.get((a, b), 0) for b in codes} for a in codes})


def _check(report: dict[str, Any], groups: int) -> None:
    for code, entry in report["lists"].items():
        parts = entry["rejected"] + sum(entry["suppressed"].values()) + entry["intra"] + entry["inter"] + entry["net"]
        if parts != entry["delivered"]:
            raise BrokenAccounting(f"{code}: {entry['delivered']} delivered, {parts} accounted for")
        if sum(entry["rejected_by_reason"].values()) != entry["rejected"]:
            raise BrokenAccounting(f"{code}: {entry['rejected']} rejected, the reasons say otherwise")
        if sum(report["matrix"]["lost"][code].values()) != entry["inter"]:
            raise BrokenAccounting(f"{code}: {entry['inter']} lost to other lists, the matrix says otherwise")
        if sum(segment["delivered"] for segment in entry["segments"].values()) != entry["delivered"]:
            raise BrokenAccounting(f"{code}: its segments do not add up")
        if entry["unique"] + entry["multi_kept"] != entry["net"] or report["matrix"]["lost"][code][code]:
            raise BrokenAccounting(f"{code}: {entry['net']} net, {entry['unique']} in no other list, {entry['multi_kept']} in others")
    for rule, found in report["simulation"].items():
        if sum(found["net"].values()) != groups:
            raise BrokenAccounting(f"allocation {rule} would keep {sum(found['net'].values())} of {groups} groups")
        if rule == report["allocation"] and any(found["net"][code] != entry["net"] for code, entry in report["lists"].items()):
            raise BrokenAccounting(f"allocation {rule} as simulated is not as it was done")
    if sum(report["multi_buyers"].values()) != groups:
        raise BrokenAccounting(f"{groups} groups, {report['multi_buyers']} by number of files")
    if report["groups_kept"] != groups or sum(entry["net"] for entry in report["lists"].values()) != groups:
        raise BrokenAccounting(f"{groups} groups, {report['groups_kept']} kept")
