"""What programs get of counts of lists."""

from datetime import date, datetime

from pydantic import BaseModel


class SegmentCountOut(BaseModel):
    """One segment: addresses wanted, and those available, null where nobody counted them."""

    code: str
    wanted: int
    available: int | None


class CountOut(BaseModel):
    """A list's counts. States: `unasked`, `waiting`, `late`, `counted`, `short`, `passed` (to be ordered as planned though it is short).

    `on_behalf`: a project manager recorded what the supplier told by other means.
    """

    list_code: str
    supplier_name: str
    state: str
    asked_at: datetime | None
    due_on: date | None
    exclusions: str
    segments: list[SegmentCountOut]
    counted_at: datetime | None
    on_behalf: bool
    held_until_on: date | None
    remark: str


class CountsOut(BaseModel):
    """A campaign's lists that are to be counted or were, by code."""

    counts: list[CountOut]
