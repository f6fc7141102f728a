"""What was asked about the records of a merge-purge, and what a machine found: two records compared, one looked up."""

from collections.abc import Iterator
from dataclasses import dataclass
from decimal import Decimal
from typing import Any

from workflows.campaign.records import MergePurgeRun


@dataclass(frozen=True, kw_only=True)
class Comparison:
    """Two records that somebody asked about. `missing` names the one that is not there; without points and it, the machine works."""

    left: str
    right: str
    points: tuple[tuple[str, str, Decimal], ...]
    base: Decimal
    score: Decimal
    threshold: Decimal
    rule: str
    against: tuple[str, str, Decimal] | None
    missing: str

    @property
    def is_answered(self) -> bool:
        return bool(self.points or self.missing)

    @property
    def is_one(self) -> bool:
        """Alike enough to be one person."""
        return self.score > self.threshold


@dataclass(frozen=True, kw_only=True)
class GroupMember:
    """Another record of a group."""

    source: str
    record_id: str
    decision: str


@dataclass(frozen=True, kw_only=True)
class Found:
    """A record of the id that was asked for: what was decided, by what, and the others of its group, `untold` of them not named."""

    row: int
    decision: str
    by: str
    score: Decimal | None
    others: tuple[GroupMember, ...]
    untold: int

    @property
    def stays(self) -> GroupMember | None:
        """The record that stays in this one's place, where it lost to one."""
        if self.decision not in ("intra", "inter"):
            return None
        return next((one for one in self.others if one.source == self.by and one.decision in ("kept", "inter")), None)


@dataclass(frozen=True, kw_only=True)
class LookedUp:
    """A record that somebody asked about. Neither found nor `missing`, the machine works."""

    source: str
    record_id: str
    found: tuple[Found, ...]
    missing: bool

    @property
    def is_answered(self) -> bool:
        return bool(self.found or self.missing)


def comparisons_of(run: MergePurgeRun) -> Iterator[Comparison]:
    """The pairs that were asked about, the newest first."""
    return (_comparison(asked) for asked in reversed(run.comparisons) if "left" in asked)


def lookups_of(run: MergePurgeRun) -> Iterator[LookedUp]:
    """The records that were asked about, the newest first."""
    return (_looked_up(asked) for asked in reversed(run.comparisons) if "record" in asked)


def _comparison(asked: dict[str, Any]) -> Comparison:
    answer: dict[str, Any] = asked["answer"] or {}
    return Comparison(
        left=f"{asked['left']['source']} {asked['left']['id']}",
        right=f"{asked['right']['source']} {asked['right']['id']}",
        points=tuple((feature, level, Decimal(value)) for feature, level, value in answer.get("points", ())),
        base=Decimal(answer.get("base", 0)),
        score=Decimal(answer.get("score", 0)),
        threshold=Decimal(answer.get("threshold", 0)),
        rule=answer.get("rule", ""),
        against=(against["left"], against["right"], Decimal(against["score"])) if (against := answer.get("against")) else None,
        missing=answer.get("missing", ""),
    )


def _looked_up(asked: dict[str, Any]) -> LookedUp:
    answer: dict[str, Any] = asked["answer"] or {}
    return LookedUp(
        source=asked["record"]["source"],
        record_id=asked["record"]["id"],
        found=tuple(_found(row) for row in answer.get("rows", ())),
        missing="missing" in answer,
    )


def _found(row: dict[str, Any]) -> Found:
    return Found(
        row=row["row"],
        decision=row["decision"],
        by=row["by"],
        score=None if row["score"] is None else Decimal(row["score"]),
        others=tuple(GroupMember(source=one["source"], record_id=one["id"], decision=one["decision"]) for one in row["group"]),
        untold=row["size"] - 1 - len(row["group"]),
    )
