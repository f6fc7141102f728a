"""Which channels leave whom alone after what came back, and why. Not for how long, which is policy, nor for objections, which bar all."""

from collections.abc import Mapping
from enum import StrEnum

from workflows.trade.channels import PHONE, TEXT_MESSAGE, WITHOUT_PAPER
from workflows.trade.contact_reports import UNREACHED, Outcome


class Bar(StrEnum):
    """Why a channel leaves somebody alone.

    `AT_REST`: they refused in a call, so the person is not called, at whatever number. `UNREACHED`: nobody was reached there, so the
    address or number is not tried, whoever's it is said to be; the person may well have another one.
    """

    AT_REST = "at_rest"
    UNREACHED = "unreached"


BARRABLE: Mapping[Bar, tuple[str, ...]] = {Bar.AT_REST: (PHONE,), Bar.UNREACHED: WITHOUT_PAPER}
"""The channels that may be barred for each reason."""


def shut_channels(reason: str, channel: str) -> tuple[str, ...]:
    """The channels by which an address or number is not tried once a contact by one was undeliverable.

    A number that is nobody's, or somebody else's, is not written to either; one that messages do not get to may still be called.
    """
    return (PHONE, TEXT_MESSAGE) if reason == UNREACHED[Outcome.WRONG_NUMBER] else (channel,)
