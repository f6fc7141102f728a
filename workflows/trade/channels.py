"""By which channel something goes out, and in which way. A plan names its channels: three need no paper, whatever else goes by post."""

from enum import StrEnum

EMAIL = "email"
TEXT_MESSAGE = "sms"
PHONE = "phone"


class Way(StrEnum):
    """How something goes out: pieces are brought to the post, messages sent, people called. Each is proved in a way of its own."""

    POST = "post"
    MESSAGES = "messages"
    CALLS = "calls"


_WAYS = {EMAIL: Way.MESSAGES, TEXT_MESSAGE: Way.MESSAGES, PHONE: Way.CALLS}
WITHOUT_PAPER = tuple(_WAYS)


def way_of(channel: str) -> Way:
    """The way in which what goes by a channel goes out."""
    return _WAYS.get(channel, Way.POST)


def goes_by_post(channel: str) -> bool:
    """Whether what goes out by a channel is made of paper and brought to the post."""
    return way_of(channel) is Way.POST
