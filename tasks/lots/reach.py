"""Who can be written to by a channel other than the post, and where. Not whether they may be: their list's owner answers for that, and the
law (trade reference, section 9).
"""

from collections.abc import Callable, Collection
from dataclasses import dataclass

import polars as pl

from tasks.merge_purge.normalise.contacts import mailbox, telephone
from workflows.trade.barring import BARRABLE, Bar
from workflows.trade.channels import EMAIL, PHONE, TEXT_MESSAGE

EVERYBODY = ""
"""The reach of a record that every channel of its list's plan gets to."""


@dataclass(frozen=True)
class Contact:
    """What a channel needs of a person: the title in its files, the column of the net that gives it, and which address or number each of
    its texts means, however it is spelt; empty where the channel gets nowhere by it.
    """

    title: str
    column: str
    meant: Callable[[pl.Series], pl.Series]

    def will_do(self, texts: pl.Series) -> pl.Series:
        """Which texts the channel gets somewhere by."""
        return self.meant(texts) != ""


def _mobile(texts: pl.Series) -> pl.Series:
    numbers = telephone(texts)
    return pl.select(pl.when(numbers.str.contains("^[67]")).then(numbers).otherwise(pl.lit(""))).to_series()


CONTACTS = {
    EMAIL: Contact("EMAIL", "email", mailbox),
    TEXT_MESSAGE: Contact("TELEPHONE", "phone", _mobile),
    PHONE: Contact("TELEPHONE", "phone", telephone),
}
"""By channel. Numbers of mobile telephones begin with 06 or 07; in the overseas departments too (ARCEP, plan de numérotation)."""


def with_reach(net: pl.DataFrame, channels: Collection[str]) -> pl.DataFrame:
    """Add ``reach``: the channels, of those that are planned for a list, that do not get to a record; each followed by a space.

    A list that gives no address of a kind at all is written to by its owner, who has them: then everybody is reached. No channel gets to
    those from whom it is barred, as ``with_bars`` says.
    """
    missing = [pl.lit(EVERYBODY)]
    for channel in sorted(channels):
        contact = CONTACTS.get(channel)
        gets_there = pl.repeat(True, net.height, eager=True)
        if contact and (net[contact.column] != "").any():
            gets_there = contact.will_do(net[contact.column])
        for bar in BARRABLE:
            gets_there &= ~barred(net, bar, {channel})
        missing.append(pl.when(gets_there).then(pl.lit("")).otherwise(pl.lit(f"{channel} ")))
    return net.with_columns(reach=pl.concat_str(missing))


def with_bars(net: pl.DataFrame, bars: pl.DataFrame | None, channels: Collection[str]) -> pl.DataFrame:
    """Add a column for each ``Bar`` of channels, by its name: those, of the ones planned for a list, that are barred so from a record.

    :param bars: ``place, channel, bar``, places in the net counted from 1; None where nothing is barred
    """
    places = net.select(place=pl.int_range(1, pl.len() + 1, dtype=pl.UInt32))
    for bar in BARRABLE:
        found = pl.DataFrame(schema={"place": pl.UInt32, "channel": pl.String})
        if bars is not None:
            found = bars.filter((pl.col("bar") == bar) & pl.col("channel").is_in(list(channels))).select("place", "channel")
        listed = found.group_by("place").agg(pl.col("channel").alias(bar))
        net = net.with_columns(places.join(listed, on="place", how="left", maintain_order="left")[bar])
    return net


def barred(net: pl.DataFrame, bar: Bar, channels: Collection[str]) -> pl.Series:
    """Whether one of these channels is barred so from each record."""
    return net.select(pl.col(bar).list.eval(pl.element().is_in(list(channels))).list.any().fill_null(value=False)).to_series()


def gets_to(channel: str, reach: str) -> bool:
    """Whether a channel gets to those of a reach."""
    return channel not in reach.split()
