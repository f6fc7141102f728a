"""Who can be written to by a channel other than the post, and where. Not whether they may be: their list's owner answers for that, and the
law (trade reference, section 9).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import polars as pl

from tasks.merge_purge.normalise.contacts import mailbox, telephone
from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE

EVERYBODY = ""
"""The reach of a record that every channel of its list's plan gets to."""


@dataclass(frozen=True)
class Contact:
    """What a channel needs of a person: the title in its files, the column of the net that gives it, and which of its texts will do."""

    title: str
    column: str
    will_do: Callable[[pl.Series], pl.Series]


CONTACTS = {
    EMAIL: Contact("EMAIL", "email", lambda texts: mailbox(texts) != ""),
    TEXT_MESSAGE: Contact("TELEPHONE", "phone", lambda texts: telephone(texts).str.contains("^[67]")),
    PHONE: Contact("TELEPHONE", "phone", lambda texts: telephone(texts) != ""),
}
"""By channel. Numbers of mobile telephones begin with 06 or 07; in the overseas departments too (ARCEP, plan de numérotation)."""


def with_reach(net: pl.DataFrame, channels: Collection[str]) -> pl.DataFrame:
    """Add ``reach``: the channels, of those that are planned for a list, that do not get to a record; each followed by a space.

    A list that gives no address of a kind at all is written to by its owner, who has them: then everybody is reached. A call gets to
    nobody who ``rests`` after a refusal.
    """
    missing = [pl.lit(EVERYBODY)]
    for channel in sorted(channels):
        contact = CONTACTS.get(channel)
        gets_there = pl.repeat(True, net.height, eager=True)
        if contact and (net[contact.column] != "").any():
            gets_there = contact.will_do(net[contact.column])
        if channel == PHONE:
            gets_there &= ~net["rests"]
        missing.append(pl.when(gets_there).then(pl.lit("")).otherwise(pl.lit(f"{channel} ")))
    return net.with_columns(reach=pl.concat_str(missing))


def gets_to(channel: str, reach: str) -> bool:
    """Whether a channel gets to those of a reach."""
    return channel not in reach.split()
