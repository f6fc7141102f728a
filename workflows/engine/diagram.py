"""A process as a drawing sees it: states as nodes, moves as arrows, and the same as tables for people. Not for deciding anything.

Read from the shape whose hash stands in every checkpoint, so that it shows neither more nor less than what a process is.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from typing import Any

from workflows.engine.process import Process


@dataclass(frozen=True, kw_only=True)
class Node:
    """One state, in the order of declaration, and what entering it opens for people, asks of machines and issues."""

    state: str
    position: int
    opens: tuple[str, ...]
    requests: tuple[str, ...]
    issues: tuple[str, ...]
    is_end: bool


@dataclass(frozen=True, kw_only=True)
class Arrow:
    """One move from one state. `to` is the same state for a move that stays; `goes_back` where it leads to an earlier one.

    `origin` is None for a birth. `effects` are the user tasks, service tasks and documents of the move itself, not of the stage it enters.
    """

    origin: str | None
    to: str
    command: str
    event: str
    by: tuple[str, ...]
    conditions: tuple[str, ...]
    checks: tuple[str, ...]
    effects: tuple[str, ...]
    goes_back: bool


@dataclass(frozen=True, kw_only=True)
class Diagram:
    """Everything there is to draw of one process."""

    name: str
    sha256: str
    nodes: tuple[Node, ...]
    arrows: tuple[Arrow, ...]


def diagram_of(process: Process) -> Diagram:
    """The nodes and arrows of a process, in the order of declaration."""
    shape = process.shape
    positions = {stage["state"]: position for position, stage in enumerate(shape["stages"])}
    nodes = tuple(
        Node(
            state=stage["state"],
            position=positions[stage["state"]],
            opens=tuple(stage["opens"]),
            requests=tuple(stage["requests"]),
            issues=tuple(stage["issues"]),
            is_end=not any(move["to"] for move in stage["moves"]),
        )
        for stage in shape["stages"]
    )
    births = [arrow for move in shape["births"] for arrow in _arrows(move, None, positions)]
    moves = [arrow for stage in shape["stages"] for move in stage["moves"] for arrow in _arrows(move, stage["state"], positions)]
    return Diagram(name=shape["name"], sha256=process.sha256, nodes=nodes, arrows=(*births, *moves))


def as_markdown(diagram: Diagram) -> str:
    """Two tables: what each state opens, asks and issues where any does; and the moves, each once with all states it starts from."""
    entering = [node for node in diagram.nodes if node.opens or node.requests or node.issues]
    parts = [f"### {diagram.name}", _line_of_states(diagram)]
    if entering:
        rows = [[f"**{node.state}**", _words(node.opens), _words(node.requests), _words(node.issues)] for node in entering]
        parts.append(_table(["entering", "opens for people", "asks of machines", "issues"], rows))
    parts.append(
        _table(
            ["from", "move", "by", "to", "while", "checks", "opens, asks, issues"],
            [_row(diagram, group) for group in _alike(diagram.arrows)],
        )
    )
    return "\n\n".join(parts)


def _arrows(move: dict[str, Any], origin: str | None, positions: dict[str, int]) -> list[Arrow]:
    """One arrow, or one to each state that the move may choose."""
    targets = move["to"] if isinstance(move["to"], list) else [move["to"]]
    return [_arrow(move, origin, target or origin or "", positions) for target in targets]


def _arrow(move: dict[str, Any], origin: str | None, to: str, positions: dict[str, int]) -> Arrow:
    return Arrow(
        origin=origin,
        to=to,
        command=move["command"],
        event=move["event"],
        by=tuple(move["by"]),
        conditions=tuple(move["requires"]),
        checks=tuple(move["checks"]),
        effects=(*move["opens"], *move["requests"], *move["issues"]),
        goes_back=origin is not None and positions[to] < positions[origin],
    )


def _alike(arrows: Iterable[Arrow]) -> list[list[Arrow]]:
    """Arrows that differ only in where they start, together."""
    groups: dict[tuple[Any, ...], list[Arrow]] = {}
    for arrow in arrows:
        stays = arrow.origin == arrow.to
        key = (arrow.command, stays or arrow.to, arrow.by, arrow.conditions, arrow.checks, arrow.effects)
        groups.setdefault(key, []).append(arrow)
    return _with_choices(list(groups.values()))


def _with_choices(groups: list[list[Arrow]]) -> list[list[Arrow]]:
    """Groups of one move that start from the same states and differ only in where they lead, together."""
    together: dict[tuple[Any, ...], list[Arrow]] = {}
    for group in groups:
        key = (group[0].command, group[0].by, group[0].effects, tuple(arrow.origin for arrow in group))
        together.setdefault(key, []).extend(group)
    return list(together.values())


def _row(diagram: Diagram, group: list[Arrow]) -> list[str]:
    first = group[0]
    targets = dict.fromkeys(f"{'↩ ' if arrow.goes_back else ''}**{arrow.to}**" for arrow in group if arrow.origin != arrow.to)
    to = ", ".join(targets)
    starts = _starts(diagram, list(dict.fromkeys(arrow.origin or "*(new)*" for arrow in group)))
    return [starts, f"`{first.command}`", ", ".join(first.by), to, *map(_words, (first.conditions, first.checks, first.effects))]


def _starts(diagram: Diagram, origins: list[str]) -> str:
    moving = [node.state for node in diagram.nodes if any(arrow.origin == node.state for arrow in diagram.arrows)]
    others = [state for state in moving if state not in origins]
    if len(origins) < 3 or len(others) > 2:
        return ", ".join(origins)
    return f"*every state but* {', '.join(others)}" if others else "*every state*"


def _line_of_states(diagram: Diagram) -> str:
    return " · ".join(f"*{node.state}*" if node.is_end else node.state for node in diagram.nodes)


def _words(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
