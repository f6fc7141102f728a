"""What was found wrong with a file, and whether it was repaired. Rows are numbered from 1; no personal data is kept."""

from dataclasses import dataclass, field
from typing import Any

SAMPLE = 10


@dataclass(frozen=True)
class Defect:
    """One kind of defect: how often, on which rows (the first ten), and whether reading repairs it."""

    code: str
    count: int
    repaired: bool
    rows: tuple[int, ...] = ()
    evidence: str = ""

    def to_dict(self) -> dict[str, Any]:
        """JSON-safe form."""
        return {"code": self.code, "count": self.count, "repaired": self.repaired, "rows": list(self.rows), "evidence": self.evidence}


@dataclass
class Findings:
    """The notebook that the steps of reading write in: defects seen, and the reasons why the file must be refused."""

    defects: list[Defect] = field(default_factory=list)
    fatal: list[dict[str, str]] = field(default_factory=list)

    def add(self, code: str, count: int, *, repaired: bool, rows: list[int] | None = None, evidence: str = "") -> None:
        """Note a defect unless its count is nought."""
        if count:
            self.defects.append(Defect(code, count, repaired, tuple((rows or [])[:SAMPLE]), evidence))

    def refuse(self, code: str, detail: str) -> None:
        """Note a reason to refuse the file."""
        self.fatal.append({"code": code, "detail": detail})
