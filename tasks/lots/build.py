"""The lot plan as files: net in, cells and mailing files out. Knows no database; the same net, plan and seed give the same bytes."""

import csv
import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from typing import Any

import polars as pl

from tasks.lots.mailing import COLUMNS, WRITTEN_AS, read_net, seed_rows, write_channel
from tasks.lots.reach import barred, gets_to, with_bars, with_reach
from workflows.trade.barring import BARRABLE, Bar
from workflows.trade.lot_codes import LotKey, LotRole, assign_lot_codes, unique_id_prefix
from workflows.trade.sampling import sample_ratio_p_value
from workflows.trade.splitting import split
from workflows.trade.spreadsheets import defused

PLAN_COLUMNS = ("CODE_LOT", "LISTE", "SEGMENT", "OFFRE", "MESSAGE", "ROLE", "CANAL", "QUANTITE", "TEMOINS", "MULTI_FICHIERS")

MANY = "+"
"""Marks the stratum of a segment whose people stand in several files."""


@dataclass(frozen=True, kw_only=True)
class LotBrief:
    """What a split needs: the campaign, its plan's live lines, its seeds, and codes that may not be given again.

    From `multi_buyers` files on, people get lots of their own; 0 leaves them among the others.
    """

    campaign_code: str
    drop_year: int
    seed: int
    holdout_share: Decimal
    sample_ratio_p: Decimal
    lists: tuple[str, ...]
    plan: tuple["PlanCell", ...]
    seeds: tuple[tuple[str, dict[str, str]], ...]
    taken: tuple[str, ...] = ()
    multi_buyers: int = 0


@dataclass(frozen=True)
class PlanCell:
    """One line of the plan; `gross` weighs it against the other lines of its segment."""

    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: str
    gross: int


@dataclass(frozen=True, kw_only=True)
class BuiltCell:
    """One lot; `unit_sha256` is over its unique ids, one a line, in order."""

    code: str
    list_code: str
    segment: str
    offer: str
    message: str
    channel: str
    role: str
    quantity: int
    seeds: int
    unit_sha256: str
    in_several: bool


@dataclass(frozen=True, kw_only=True)
class Built:
    """The cells, and what the split was checked for."""

    cells: tuple[BuiltCell, ...]
    summary: dict[str, Any]


def build(
    brief: LotBrief, net_folder: Path, out: Path, over_cap: Path | None = None, bars: Mapping[str, pl.DataFrame] | None = None
) -> Built:
    """Split every list's net (`<LIST>.csv`) and write the lot plan, the net with its lots, and mailing and proof files by channel.

    :param over_cap: a folder that names, in `<LIST>.over.parquet`, the places in the net of whoever goes to the reserve unsplit, because
        they were written to often enough
    :param bars: by list, whom a channel leaves alone: ``place, channel, bar``, places in the net counted from 1
    """
    (out / "net").mkdir(parents=True)
    net = {code: _read_list(net_folder / f"{code}.csv", brief, code, (bars or {}).get(code)) for code in brief.lists}
    assigned: list[tuple[LotKey, list[str]]] = []
    checks: list[dict[str, Any]] = []
    reserved: dict[str, int] = {}
    out_of_reach: dict[str, int] = {}
    spared: dict[Bar, dict[str, int]] = {bar: {} for bar in BARRABLE}
    for code in brief.lists:
        pressed = _over_cap(over_cap, code, net[code])
        reserved[code] = len(pressed)
        for segment, in_several, frame in _strata(net[code], brief.multi_buyers):
            stratum = segment + (MANY if in_several else "")
            cells = [(replace(key, in_several=in_several), weight) for key, weight in _cells_of(brief, code, segment)]
            dealt = _dealt(brief, f"{code}|{stratum}", cells, frame, pressed)
            checks += [{**one, "code": f"sample_ratio:{code}/{stratum}"} for one in dealt.checks]
            assigned += [(key, part) for key, part in dealt.cells.items() if part]
            if dealt.out_of_reach:
                out_of_reach[code] = out_of_reach.get(code, 0) + dealt.out_of_reach
            sent = {key.channel for key, _ in cells if key.role.is_sent}
            for bar in BARRABLE:
                if number := int(barred(frame, bar, sent).sum()):
                    spared[bar][code] = spared[bar].get(code, 0) + number
    checks += [_nobody_barred_is_sent_to(bar, code, net[code], assigned) for bar in BARRABLE for code in spared[bar]]
    codes = assign_lot_codes(brief.campaign_code, brief.drop_year, [key for key, _ in assigned], brief.taken)
    cells_built = tuple(_built(key, codes[key], part, len(brief.seeds)) for key, part in assigned)
    members = pl.DataFrame(
        {
            "unique_id": [unique_id for _, part in assigned for unique_id in part],
            "lot": [codes[key] for key, part in assigned for _ in part],
        },
        schema={"unique_id": pl.String, "lot": pl.String},
    )
    _write_plan(out / "plan_de_lots.csv", cells_built)
    for code in brief.lists:
        _write_net(out / "net" / f"{code}.csv", net[code].join(members, on="unique_id", how="left", maintain_order="left"))
    files = {}
    everybody = pl.concat(net.values()).join(members, on="unique_id")
    for channel in sorted({cell.channel for cell in cells_built if LotRole(cell.role).is_sent}):
        lots = [cell.code for cell in cells_built if cell.channel == channel and LotRole(cell.role).is_sent]
        for name, rows in write_channel(out, brief.campaign_code, channel, everybody, seed_rows(brief.seeds, lots), lots):
            files[name] = {"sha256": sha256((out / name).read_bytes()).hexdigest(), "rows": rows, "channel": channel, **WRITTEN_AS}
    summary = {"checks": checks, "files": files, "split": {"seed": brief.seed, "rule": "sha256(seed|list|segment, id)"}}
    if over_cap is not None:
        summary["over_cap"] = reserved
    if out_of_reach:
        summary["out_of_reach"] = out_of_reach
    summary |= {str(bar): by_list for bar, by_list in spared.items() if by_list}
    (out / "summary.json").write_text(json.dumps(summary, indent=1, sort_keys=True), encoding="utf-8")
    return Built(cells=cells_built, summary=summary)


def _nobody_barred_is_sent_to(bar: Bar, code: str, net: pl.DataFrame, assigned: Sequence[tuple[LotKey, list[str]]]) -> dict[str, Any]:
    """The check that nobody of a list is in a lot sent by a channel that is barred so from them."""
    reached = 0
    for key, part in assigned:
        if key.list_code == code and key.role.is_sent:
            reached += len(_spared(net, {key.channel}, [bar]).intersection(part))
    return {
        "code": f"{bar}:{code}",
        "expected": 0,
        "actual": reached,
        "tolerance": None,
        "verdict": "failed" if reached else "ok",
        "override": None,
    }


def _read_list(path: Path, brief: LotBrief, code: str, bars: pl.DataFrame | None) -> pl.DataFrame:
    """A list's net, numbered, with the channels of its plan that are barred from each record, and those that do not get to it."""
    channels = {line.channel for line in brief.plan if line.list_code == code}
    numbered = with_unique_ids(read_net(path), brief, code)
    return with_reach(with_bars(numbered, bars, channels), channels)


@dataclass(frozen=True, kw_only=True)
class _Dealt:
    """A stratum's ids by lot, the check of their split, and how many no channel of the plan gets to: they stand in the reserve.

    Those from whom a channel of the stratum is barred may stand there too, and are not counted among these.
    """

    cells: dict[LotKey, list[str]]
    checks: list[dict[str, Any]]
    out_of_reach: int


def _dealt(brief: LotBrief, stratum: str, cells: Sequence[tuple[LotKey, Decimal]], people: pl.DataFrame, pressed: frozenset[str]) -> _Dealt:
    """Split a stratum; whoever is `pressed` goes to the reserve before. Those whom a channel does not get to are split among the others."""
    dealt: dict[LotKey, list[str]] = {key: [] for key, _ in cells}
    checks, out_of_reach = [], []
    free = people.filter(~pl.col("unique_id").is_in(list(pressed)))
    for (reach,), part in free.group_by("reach", maintain_order=True):
        unique_ids = part["unique_id"].to_list()
        able = [(key, weight) for key, weight in cells if gets_to(key.channel, str(reach))]
        if not able:
            out_of_reach += unique_ids
            continue
        weights = [weight for _, weight in able]
        parts = split(unique_ids, weights, f"{brief.seed}|{stratum}")
        for (key, _), ids in zip(able, parts, strict=True):
            dealt[key] += ids
        sizes = [len(ids) for ids in parts]
        if len(cells) == len(able) > 1 and min(sizes) > 0:
            checks.append(_sample_ratio(sizes, weights, brief.sample_ratio_p))
    if kept_back := [one for one in people["unique_id"] if one in pressed] + out_of_reach:
        reserve = replace(cells[0][0], role=LotRole.RESERVE)
        dealt[reserve] = [*dealt.get(reserve, ()), *kept_back]
    spared = _spared(people, {key.channel for key, _ in cells})
    return _Dealt(cells=dealt, checks=checks, out_of_reach=sum(one not in spared for one in out_of_reach))


def _spared(people: pl.DataFrame, channels: Collection[str], bars: Iterable[Bar] = BARRABLE) -> set[str]:
    """The ids of those from whom one of these channels is barred."""
    return {one for bar in bars for one in people["unique_id"].filter(barred(people, bar, channels))}


def with_unique_ids(frame: pl.DataFrame, brief: LotBrief, list_code: str) -> pl.DataFrame:
    """Number the net of a list in its own order."""
    prefix = unique_id_prefix(brief.campaign_code, list_code)
    position = brief.lists.index(list_code) + 1
    return frame.with_columns(
        unique_id=pl.format(f"{prefix}{position:02d}{{}}", pl.int_range(1, pl.len() + 1).cast(pl.String).str.zfill(7))
    )


def _over_cap(folder: Path | None, code: str, net: pl.DataFrame) -> frozenset[str]:
    """Unique ids of a list's net that go to the reserve."""
    path = folder / f"{code}.over.parquet" if folder else None
    if path is None or not path.exists():
        return frozenset()
    places = pl.read_parquet(path)["place"].to_list()
    return frozenset(net["unique_id"].gather([place - 1 for place in places]).to_list())


def _strata(frame: pl.DataFrame, multi_buyers: int) -> list[tuple[str, bool, pl.DataFrame]]:
    """A list's net by segment, segments in order; those who stand in so many files after the others, where they are wanted apart."""
    many = pl.col("files") >= multi_buyers if multi_buyers else pl.lit(False)
    marked = frame.with_columns(many=many)
    return [
        (segment, in_several, part.drop("many"))
        for segment in sorted(frame["segment"].unique().to_list())
        for in_several in (False, True)
        if (part := marked.filter((pl.col("segment") == segment) & (pl.col("many") == in_several))).height
    ]


def _cells_of(brief: LotBrief, list_code: str, segment: str) -> list[tuple[LotKey, Decimal]]:
    """The cells of a stratum with their weights. A segment that no line plans goes to the reserve: it is net, and not sent."""
    lines = [line for line in brief.plan if line.list_code == list_code and line.segment == segment]
    weights: dict[LotKey, Decimal] = {}
    for line in lines:
        key = LotKey(line.list_code, line.segment, line.offer, line.message, line.channel, LotRole(line.role))
        weights[key] = weights.get(key, Decimal(0)) + line.gross
    if not lines:
        other = next(line for line in brief.plan if line.list_code == list_code)
        return [(LotKey(list_code, segment, other.offer, other.message, other.channel, LotRole.RESERVE), Decimal(1))]
    if brief.holdout_share:
        first = next(iter(weights))
        held = LotKey(list_code, segment, first.offer, first.message, first.channel, LotRole.HOLDOUT)
        weights[held] = sum(weights.values()) * brief.holdout_share / (1 - brief.holdout_share)
    return list(weights.items())


def _built(key: LotKey, code: str, unique_ids: Sequence[str], seeds: int) -> BuiltCell:
    return BuiltCell(
        code=code,
        list_code=key.list_code,
        segment=key.segment,
        offer=key.offer,
        message=key.message,
        channel=key.channel,
        role=str(key.role),
        quantity=len(unique_ids),
        seeds=seeds if key.role.is_sent else 0,
        unit_sha256=sha256("\n".join(sorted(unique_ids)).encode()).hexdigest(),
        in_several=key.in_several,
    )


def _sample_ratio(observed: list[int], weights: list[Decimal], least: Decimal) -> dict[str, Any]:
    p_value = Decimal(f"{sample_ratio_p_value(observed, weights):.6f}")
    verdict = "ok" if p_value > least else "failed"
    return {
        "expected": f"p > {least}",
        "actual": str(p_value),
        "tolerance": None,
        "verdict": verdict,
        "override": None,
    }


def _write_plan(path: Path, cells: Sequence[BuiltCell]) -> None:
    with path.open("w", encoding="utf-8", newline="") as file:
        out = csv.writer(file, delimiter=";", lineterminator="\r\n")
        out.writerow(PLAN_COLUMNS)
        for cell in cells:
            out.writerow(
                [
                    *map(defused, (cell.code, cell.list_code, cell.segment, cell.offer, cell.message)),
                    cell.role,
                    cell.channel,
                    cell.quantity,
                    cell.seeds,
                    int(cell.in_several),
                ]
            )


def _write_net(path: Path, frame: pl.DataFrame) -> None:
    columns = {"ID_SOURCE": "id_source", "ID_UNIQUE": "unique_id", "CODE_SEG": "segment", "CODE_LOT": "lot", **COLUMNS}
    frame.select(pl.col(name).alias(title) for title, name in columns.items()).write_csv(path, separator=";", line_terminator="\r\n")
