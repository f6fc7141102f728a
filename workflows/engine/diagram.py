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
    births = [_arrow(move, None, positions) for move in shape["births"]]
    moves = [_arrow(move, stage["state"], positions) for stage in shape["stages"] for move in stage["moves"]]
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


def _arrow(move: dict[str, Any], origin: str | None, positions: dict[str, int]) -> Arrow:
    to: str = move["to"] or origin or ""
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
    return list(groups.values())


def _row(diagram: Diagram, group: list[Arrow]) -> list[str]:
    first = group[0]
    origins = [arrow.origin or "*(new)*" for arrow in group]
    moving = [node.state for node in diagram.nodes if any(arrow.origin == node.state for arrow in diagram.arrows)]
    starts = "*every state*" if len(origins) > 2 and origins == moving else ", ".join(origins)
    to = "" if first.origin == first.to else f"{'↩ ' if first.goes_back else ''}**{first.to}**"
    return [starts, f"`{first.command}`", ", ".join(first.by), to, *map(_words, (first.conditions, first.checks, first.effects))]


def _line_of_states(diagram: Diagram) -> str:
    return " · ".join(f"*{node.state}*" if node.is_end else node.state for node in diagram.nodes)


def _words(names: Sequence[str]) -> str:
    return ", ".join(name.replace("_", " ") for name in names)


def _table(head: list[str], rows: list[list[str]]) -> str:
    lines = [head, ["---"] * len(head), *rows]
    return "\n".join(f"| {' | '.join(cells)} |" for cells in lines)
