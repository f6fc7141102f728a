"""A whole run: read, normalise, match, decide, write. Everything is written to a folder beside and put in place at the end."""

from collections.abc import Callable
from pathlib import Path
from typing import Any

import polars as pl

from tasks.merge_purge.allocate import INTER, INTRA, SUPPRESSED, decide, rejection
from tasks.merge_purge.allocation_rules import simulate, winners
from tasks.merge_purge.brief import Brief
from tasks.merge_purge.engine import Engine, Matched, OneMachine, Tell
from tasks.merge_purge.intake import Intake, read_brief
from tasks.merge_purge.levels import Grouping
from tasks.merge_purge.match.records import normalised
from tasks.merge_purge.output import CARRIED, near_pairs, put_in_place, refuse_taken, sweep, write_files
from tasks.merge_purge.pressure import Pressed, Pressure, contact_keys
from tasks.merge_purge.report import account
from tasks.merge_purge.shelf import shelf_in

Progress = Callable[[str, int, int, int], None]
Finish = Callable[[dict[str, Any], Path], None]
STEPS = ("reading", "normalising", "pairing", "matching", "deciding", "writing")


def run(
    brief: Brief,
    out: Path,
    progress: Progress | None = None,
    *,
    finish: Finish | None = None,
    pressure: Pressure | None = None,
    engine: Engine | None = None,
) -> dict[str, Any]:
    """Run a brief and leave its files in ``out``, which an earlier run may fill already: it is replaced whole.

    :param progress: called with the step's name, how many steps are done, how many there are, and what has been counted so far
    :param finish: given the report and the folder with everything else, to draw what the engine cannot
    :param pressure: earlier sends and the cap on them; the keys of whoever is kept are written then, in ``contacts``
    :param engine: what compares and groups; this machine by itself when not given
    :returns: the report, also written as ``report.json``
    :raises UnreadableFile: naming the file, when one must be refused; nothing is written then
    :raises OutputTaken: when ``out`` is no earlier run, or a file of the brief stands in it
    :raises BrokenAccounting: when the counts do not add up; nothing is written then
    """

    def tell(step: str, counted: int) -> None:
        if progress:
            progress(step, STEPS.index(step), len(STEPS), counted)

    out = out.resolve()  # a link leads to where the files go, and stays
    refuse_taken(out, brief.paths)
    sweep(out)
    with put_in_place(out, brief.paths) as work:
        report = _fill(work, brief, tell, engine or OneMachine(), pressure)
        if finish:
            finish(report, work)
    if progress:
        progress("done", len(STEPS), len(STEPS), report["total"]["net"])
    return report


def _fill(work: Path, brief: Brief, tell: Tell, engine: Engine, pressure: Pressure | None) -> dict[str, Any]:
    """Do the work of a run in its folder; returns the report. Frames are passed on, not named: what has a name stays in memory."""
    tell("reading", 0)
    frame, intake = read_brief(brief, lambda _, records: tell("reading", records))
    brief = brief.as_read(intake.bare)
    codes, size = list(intake.delivered), sum(intake.delivered.values())
    with shelf_in(work, intake.delivered) as shelf:
        tell("normalising", frame.height)
        for code in list(intake.extra):
            shelf.put_extra(code, intake.extra.pop(code))
        frames = [shelf.put("delivered", frame)]
        del frame
        frames.append(normalised(frames.pop(), lambda part, made: shelf.put(part, _judged(made) if part == "placed" else made)))
        delivered = frames[0].head(size).select(CARRIED)
        keys = contact_keys(frames[0].head(size), pressure.secret) if pressure else None
        matched = engine.match(brief, frames.pop(), size, tell)
        tell("deciding", size)
        person = matched.groupings["individual"]
        pressed = Pressed.among(keys, person.label, pressure) if pressure and keys is not None else None
        decided, first = _decided(brief, delivered, matched.groupings, intake, pressed)
        decided = _scored(brief, matched, decided)
        del matched, delivered
        near = near_pairs(person.near, decided)
        report = account(brief, decided, intake, simulate(first, brief), near.height, caps=pressed.reasons if pressed else ())
        if pressed:
            report["pressure"] = pressed.account(decided, codes)
        tell("writing", report["total"]["net"])
        write_files(brief, decided, near, report, work, shelf)
    if pressed:
        pressed.write(work / "contacts", decided, codes)
    return report


def _judged(placed: pl.DataFrame) -> pl.DataFrame:
    return placed.with_columns(reason=rejection())


def _decided(
    brief: Brief, records: pl.DataFrame, by_level: dict[str, Grouping], intake: Intake, pressed: Pressed | None
) -> tuple[pl.DataFrame, pl.DataFrame]:
    label = by_level[brief.level].label
    frame = records.with_columns(group=pl.Series(label, dtype=pl.Int64) + 1)
    if intake.faults.height:
        faults = intake.faults.rename({"reason": "fault"})
        frame = frame.join(faults, on=["source", "row"], how="left", maintain_order="left")
        frame = frame.with_columns(reason=pl.coalesce("fault", "reason")).drop("fault")
    suppressed = _first_list(brief, by_level)
    if pressed:
        suppressed = pressed.held(suppressed)
    return decide(frame, suppressed, lambda contenders: winners(contenders, brief, brief.allocation))


def _scored(brief: Brief, matched: Matched, decided: pl.DataFrame) -> pl.DataFrame:
    """Add ``score``: a lost record's comparison with the record that stays; a suppressed one's best with the list that holds it.

    Null for kept and rejected records, and where a list holds a household or an address: nobody was compared then.
    """
    lost = decided.filter(pl.col("decision").is_in([INTRA, INTER])).select("id", "against")
    pairs = lost.select("id", a=pl.min_horizontal("id", "against"), b=pl.max_horizontal("id", "against"))
    compared = pairs.select("id", score=matched.score(pairs)["score"])
    individual = matched.groupings["individual"]
    person = pl.Series(individual.label, dtype=pl.Int64)
    codes = [entry.code for entry in brief.suppressions if "individual" in entry.levels]
    held = individual.held.filter(pl.col("list").is_in(codes))
    fallen = decided.select("id", "decision", by="by", group=person).filter(pl.col("decision") == SUPPRESSED)
    looked_up = fallen.join(held, left_on=["group", "by"], right_on=["group", "list"], how="inner").select("id", "score")
    scores = pl.concat([compared, looked_up]).with_columns(pl.col("score").round(2))
    return decided.join(scores, on="id", how="left", maintain_order="left")


def _first_list(brief: Brief, by_level: dict[str, Grouping]) -> pl.DataFrame:
    """The first list, in the brief's order, that holds each record; what holds one record of a person holds all but those it spares."""
    person = pl.DataFrame(
        {"id": pl.Series(range(len(by_level["individual"].label)), dtype=pl.UInt32), "person": by_level["individual"].label}
    )
    found = []
    lists = [(order, entry, by_level[level]) for order, entry in enumerate(brief.suppressions) for level in entry.levels]
    for order, entry, grouping in lists:
        held = grouping.held.filter(pl.col("list") == entry.code)["group"]
        ids = person.filter(pl.Series(grouping.label).is_in(held.implode()))
        whole = person.join(ids.select("person").unique(), on="person", how="semi").select(
            "id", list=pl.lit(entry.code), order=pl.lit(order)
        )
        found.append(whole.join(grouping.spared, on=["id", "list"], how="anti", maintain_order="left"))
    if not found:
        return pl.DataFrame(schema={"id": pl.UInt32, "list": pl.String})
    return pl.concat(found).sort("id", "order").group_by("id", maintain_order=True).first().select("id", "list")
