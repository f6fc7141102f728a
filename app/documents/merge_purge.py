"""Draws the report of a merge-purge that ran alone, as a PDF and as a workbook, from its plain values and nothing else.

The same report and language give the same bytes. A campaign's own report is a document with a number and a recipient
(``render.render_pdf``): that one is issued, this one is only left beside the files.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from decimal import Decimal
from hashlib import sha256
from typing import Any

from app.documents.catalogue import catalogue
from app.documents.render import draw_page
from app.documents.workbook import workbook


@dataclass(frozen=True)
class MergePurgePage:
    """What the page shows, in the order of the brief's files."""

    level: str
    allocation: str
    seed: int
    suppressions: list[str]
    files: list[dict[str, Any]]
    total: dict[str, Any]
    simulation: list[dict[str, Any]]
    priced: bool
    shared: list[list[int]]
    lost: list[list[int]]
    multi_buyers: list[tuple[str, int]]
    rejects: list[tuple[str, str, int]]
    places: list[tuple[str, str, int]]
    reading: list[dict[str, Any]]
    possible_pairs: int


def draw_report(report: Mapping[str, Any], body: bytes, locale: str) -> bytes:
    """The PDF of a report; ``body`` is the file whose hash is printed in the foot."""
    digest = sha256(body).hexdigest()
    return draw_page("merge_purge_report.html", locale, f"{digest}{locale}", doc=page_of(report), sha256=digest)


def page_of(report: Mapping[str, Any]) -> MergePurgePage:
    """The values of the page."""
    codes: list[str] = report["matrix"]["lists"]
    lists: Mapping[str, Mapping[str, Any]] = report["lists"]
    held: list[str] = report["suppressions"]
    total = report["total"]
    simulation = [
        {
            "rule": rule,
            "net": found["net"],
            "cost": {code: None if cost is None else Decimal(cost) for code, cost in found["cost"].items()},
            "total": Decimal(found["total_cost"]),
        }
        for rule, found in report["simulation"].items()
    ]
    return MergePurgePage(
        level=report["level"],
        allocation=report["allocation"],
        seed=report["seed"],
        suppressions=held,
        files=[_file(code, lists[code], held) for code in codes],
        total={
            **{name: total[name] for name in ("gross", "rejected", "intra", "inter", "net", "unique")},
            "suppressed": total["suppressed_total"],
            "multi": total["multi_kept"],
            "by_list": [sum(lists[code]["suppressed"][one] for code in codes) for one in held],
        },
        simulation=simulation,
        priced=any(lists[code]["cpm"] is not None for code in codes),
        shared=[[report["matrix"]["shared"][a][b] for b in codes] for a in codes],
        lost=[[report["matrix"]["lost"][a][b] for b in codes] for a in codes],
        multi_buyers=list(report["multi_buyers"].items()),
        rejects=[(code, reason, n) for code in codes for reason, n in lists[code]["rejected_by_reason"].items()],
        places=[(code, repair, n) for code in codes for repair, n in lists[code]["place_repairs"].items()],
        reading=[
            *(_read(code, one, "") for code in codes for one in lists[code]["reading"]),
            *(_read(code, one, kept["level"]) for code, kept in report["suppression_files"].items() for one in kept["reading"]),
        ],
        possible_pairs=report["possible_pairs"],
    )


def _file(code: str, counts: Mapping[str, Any], held: list[str]) -> dict[str, Any]:
    rates = {name: (counts[name]["numerator"], counts[name]["denominator"]) for name in ("retention", "retention_valid", "overlap")}
    return {
        "code": code,
        **{name: counts[name] for name in ("gross", "rejected", "intra", "inter", "net", "unique", "protected")},
        "multi": counts["multi_kept"],
        "suppressed": [counts["suppressed"][one] for one in held],
        "cpm": None if counts["cpm"] is None else Decimal(counts["cpm"]),
        **rates,
    }


def _read(code: str, one: Mapping[str, Any], level: str) -> dict[str, Any]:
    findings = one["findings"]
    return {
        "code": code,
        "level": level,
        "also": one["encoding_also"],
        "columns": list(one["columns"].items()),
        "repaired": [finding for finding in findings if finding["repaired"]],
        "noted": [finding for finding in findings if not finding["repaired"]],
        **{name: one[name] for name in ("name", "kind", "encoding", "delimiter", "records", "unmapped")},
    }


def report_workbook(report: Mapping[str, Any], locale: str) -> bytes:
    """The same figures as a workbook."""
    page, words = page_of(report), catalogue(locale)
    return workbook(words.text("merge_purge.title"), _sheets(page, words))


def _sheets(page: MergePurgePage, words: Any) -> dict[str, list[list[Any]]]:
    t, label = words.text, words.label
    codes = [row["code"] for row in page.files]
    suppressed = [label("reason", one) for one in page.suppressions]
    named = [t("dedupe_report.gross"), t("dedupe_report.rejected"), *suppressed, label("reason", "intra"), label("reason", "inter")]
    named += [t("dedupe_report.net"), t("dedupe_report.unique"), t("dedupe_report.multi")]
    rates = [t("dedupe_report.retention"), t("dedupe_report.retention_valid"), t("dedupe_report.overlap")]
    account = [[t("col.list"), *named, *rates]]
    for row in page.files:
        quotients = [Decimal(n) / d if d else None for n, d in (row["retention"], row["retention_valid"], row["overlap"])]
        account.append([row["code"], *_counts(row, row["suppressed"]), *quotients])
    account.append([t("col.total"), *_counts(page.total, page.total["by_list"])])
    rules = [label("allocation", one["rule"]) for one in page.simulation]
    costs = [f"{rule} – {t('merge_purge.cost')}" for rule in rules]
    simulated = [[t("col.list"), t("merge_purge.cpm"), *rules, *costs]]
    for row in page.files:
        net = [one["net"][row["code"]] for one in page.simulation]
        simulated.append([row["code"], row["cpm"], *net, *(one["cost"][row["code"]] for one in page.simulation)])
    simulated.append([t("merge_purge.total_cost"), None, *(None for _ in rules), *(one["total"] for one in page.simulation)])
    reading = [
        [t("col.list"), *(t(f"merge_purge.{name}") for name in ("file", "kind", "encoding", "delimiter", "records", "columns", "not_used"))]
    ]
    findings = [[t("col.list"), t("merge_purge.file"), t("dedupe_report.reason"), t("merge_purge.records"), t("merge_purge.repairs"), ""]]
    for one in page.reading:
        columns = ", ".join(f"{name} = {header}" for name, header in one["columns"])
        place = [one["code"], one["name"]]
        delimiter = t("merge_purge.tab") if one["delimiter"] == "\t" else one["delimiter"]
        reading.append([*place, one["kind"], one["encoding"], delimiter, one["records"], columns, ", ".join(one["unmapped"])])
        for found in one["repaired"] + one["noted"]:
            seen = ", ".join(str(row) for row in found["rows"])
            told = f"{t('merge_purge.rows', rows=seen)}. {found['evidence']}" if seen else found["evidence"]
            findings.append([*place, label("defect", found["code"]), found["count"], "✓" if found["repaired"] else "–", told])
    return {
        t("dedupe_report.account"): account,
        t("merge_purge.simulation"): simulated,
        t("dedupe_report.shared"): [[t("col.list"), *codes], *([code, *row] for code, row in zip(codes, page.shared, strict=True))],
        t("dedupe_report.lost"): [[t("col.list"), *codes], *([code, *row] for code, row in zip(codes, page.lost, strict=True))],
        t("merge_purge.multi"): [[t("merge_purge.number_of_files"), t("merge_purge.people")], *([int(n), m] for n, m in page.multi_buyers)],
        t("dedupe_report.rejects"): [
            [t("col.list"), t("dedupe_report.reason"), t("merge_purge.records")],
            *([code, label("reject", reason), n] for code, reason, n in page.rejects),
        ],
        t("merge_purge.places"): [
            [t("col.list"), t("merge_purge.repairs"), t("merge_purge.records")],
            *([code, label("defect", repair), n] for code, repair, n in page.places),
        ],
        t("merge_purge.reading"): reading,
        t("merge_purge.repairs"): findings,
    }


def _counts(row: Mapping[str, Any], suppressed: list[int]) -> list[int]:
    ends = (row[name] for name in ("intra", "inter", "net", "unique", "multi"))
    return [row["gross"], row["rejected"], *suppressed, *ends]
