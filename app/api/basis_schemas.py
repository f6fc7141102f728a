"""What programs get of the legal bases of lists."""

from datetime import date, datetime

from pydantic import BaseModel


class StatedOut(BaseModel):
    """What is stated of a list. `on_behalf`: somebody of the house wrote down what its supplier told by other means."""

    legal_basis: str
    collected_from_on: date | None
    collected_until_on: date | None
    collected_through: str
    partners_named: bool
    objections_purged_on: date
    data_role: str
    on_behalf: bool
    stated_at: datetime


class DoubtOut(BaseModel):
    """Why a list should not go out on channels: `unstated`, `consent_needed`, `partners_unnamed` or `calls_need_consent`."""

    doubt: str
    channels: list[str]


class BasisOut(BaseModel):
    """A list with the channels that it is used on; null where nothing is stated."""

    list_code: str
    channels: list[str]
    stated: StatedOut | None
    doubts: list[DoubtOut]


class BasesOut(BaseModel):
    """A campaign's lists, by code."""

    legal_bases: list[BasisOut]
