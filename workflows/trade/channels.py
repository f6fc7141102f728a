"""By which channel something goes out. A plan names its channels: three need no paper, and whatever goes by another goes by post."""

EMAIL = "email"
TEXT_MESSAGE = "sms"
PHONE = "phone"
WITHOUT_PAPER = (EMAIL, TEXT_MESSAGE, PHONE)


def goes_by_post(channel: str) -> bool:
    """Whether what goes out by a channel is made of paper and brought to the post."""
    return channel not in WITHOUT_PAPER
