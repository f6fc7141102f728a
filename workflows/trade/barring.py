"""Who is left alone after what came back, by which channels and why. Not for how long, which is policy, nor for objections, which stay."""

from collections.abc import Mapping
from enum import StrEnum

from workflows.trade.channels import PHONE, TEXT_MESSAGE, WITHOUT_PAPER
from workflows.trade.contact_reports import UNREACHED, Outcome


class Bar(StrEnum):
    """Why somebody is left alone for a while.

    `AT_REST`: they refused in a call, so the person is not called, at whatever number. `UNREACHED`: nobody was reached there, so the
    address or number is not tried, whoever's it is said to be; the person may well have another one. `GAVE`: they gave, so no other
    campaign writes to the person, by whatever channel: the dedupe goes by it, and not the lots.
    `AT_CAP`: other campaigns got to the person by that channel as often as its cap allows, so this one takes another channel.
    """

    AT_REST = "at_rest"
    UNREACHED = "unreached"
    GAVE = "gave"
    AT_CAP = "at_cap"


BARRABLE: Mapping[Bar, tuple[str, ...]] = {Bar.AT_REST: (PHONE,), Bar.UNREACHED: WITHOUT_PAPER, Bar.AT_CAP: WITHOUT_PAPER}
"""The channels that may be barred for each reason that bars some."""


def shut_channels(reason: str, channel: str) -> tuple[str, ...]:
    """The channels by which an address or number is not tried once a contact by one was undeliverable.

    A number that is nobody's, or somebody else's, is not written to either; one that messages do not get to may still be called.
    """
    return (PHONE, TEXT_MESSAGE) if reason == UNREACHED[Outcome.WRONG_NUMBER] else (channel,)
