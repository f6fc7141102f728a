"""Who is left alone for a while, as keyed hashes: kept when reports and answers are read, looked up when the next lots are made.

A person's keys are those of contact pressure, which the merge-purge made of each kept person; those of givers are looked up by the
advertiser's next merge-purge. An address or number is hashed with the same secret, however it is spelt; where a list gives none, its owner
writes to its people, and was told.
"""

import math
import zipfile
from collections.abc import Callable, Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import col, select

from app.files import FilePurged
from tasks.contacts import archives_of, opened, secret_of
from tasks.registry import Work, service_task
from workflows.campaign.contacted.barring import KeepBarred, KeptKeys, days_barred, keys_to_look_up
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.contacted.recounting import RecordBarred
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import Response, Undeliverable
from workflows.campaign.results.credited import APART
from workflows.engine.command import Command
from workflows.trade.attribution import GIFT
from workflows.trade.barring import Bar, shut_channels
from workflows.trade.calling import REFUSALS
from workflows.trade.channels import PHONE
from workflows.trade.contact_reports import UNREACHED
from workflows.trade.working_days import local_day

Barred = tuple[str, str, date]
"""The id of a piece, the channel that leaves alone whom it was for (empty: all do), and the day of the report or gift."""
Folder = Path | zipfile.Path
"""What a merge-purge left, unpacked or not."""


@service_task("keep_barred")
def keep_barred(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Keep the keys of those whom a file of reports or answers bars, and since when; of nobody for whom that is over.

    Once the mailing's files are purged nobody can say any more who they were.
    """
    batch_id = UUID(payload["batch_id"])
    with work.reading() as session:
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        run, plan = facts.run, facts.lot_plan
        assert run is not None, "who was contacted is of a run"
        assert plan is not None, "who was contacted is in a lot"
        barred = {bar: _barred(facts, batch_id, bar, local_day(work.now)) for bar in _FOUND}
        (dedupe, lots, lists), secret = archives_of(session, run, plan), secret_of(work, run.advertiser_id)
        session.expunge_all()
    commands: list[Command] = []
    with work.files.scratch() as folder:
        try:
            with opened(work, dedupe, lots) as (net, split):
                for bar, rows in barred.items():
                    keys = barred_keys(zipfile.Path(net), split, lists, bar, rows, secret)
                    if keys.height:
                        name = f"{bar}_{batch_id}.parquet"
                        keys.write_parquet(folder / name)
                        commands.append(
                            KeepBarred(
                                subject_id=work.campaign_id,
                                batch_id=batch_id,
                                bar=bar,
                                persons=len({unique_id for unique_id, _, _ in rows}),
                                last_on=keys["on"].max(),
                                file=work.files.keep(folder / name, name),
                            )
                        )
        except FilePurged:
            return []
    return commands


@service_task("recount_barred")
def recount_barred(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Count the people of each lot whom its channel leaves alone by now. Once their files are purged none of them is sent to any more."""
    with work.reading() as session:
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        run, plan, drop_on, caps = facts.run, facts.lot_plan, facts.campaign.drop_on, facts.campaign.policy.channel_caps
        if run is None or plan is None:
            return []
        keys, channels = list(keys_to_look_up(facts)), {lot.code: lot.channel for lot in facts.lots if lot.is_sent}
        (dedupe, lots, lists), secret = archives_of(session, run, plan), secret_of(work, run.advertiser_id)
        session.expunge_all()
    try:
        with opened(work, dedupe, lots) as (net, split):
            bars = barred_places(work, keys, zipfile.Path(net), lists, set(channels.values()), secret, caps)
            found = found_in_lots(bars, split, channels)
    except FilePurged:
        return []
    files = tuple(one.file.id for one in keys)
    return [RecordBarred(subject_id=work.campaign_id, lot_plan_id=plan.id, drop_on=drop_on, files=files, found=found)]


def found_in_lots(bars: Mapping[str, Any], split: zipfile.ZipFile, channels: Mapping[str, str]) -> dict[str, int]:
    """By lot that is sent, how many of its people its channel leaves alone; none of a lot without any.

    :param bars: by list, ``place, channel, bar``
    :param channels: of each lot that is sent
    """
    import polars as pl

    found: dict[str, int] = {}
    sent = pl.DataFrame(
        {"CODE_LOT": list(channels), "channel": list(channels.values())}, schema={"CODE_LOT": pl.String, "channel": pl.String}
    )
    for code, places in bars.items():
        lots = pl.read_csv(split.read(f"net/{code}.csv"), separator=";", infer_schema=False, columns=["CODE_LOT"])
        pieces = lots.with_row_index("place", offset=1).join(sent, on="CODE_LOT")
        theirs = pieces.join(places, on=["place", "channel"], how="semi")
        found |= dict(theirs.group_by("CODE_LOT").len().rows())
    return dict(sorted(found.items()))


def _barred(facts: CampaignFacts, batch_id: UUID, bar: Bar, today: date) -> list[Barred]:
    """Whom a file bars for that reason, and not so long ago that it is over."""
    since = today - timedelta(days=days_barred(facts.campaign.policy, bar))
    if since == today:
        return []
    return [row for row in _FOUND[bar](facts, batch_id) if row[2] >= since]


def _refusals(facts: CampaignFacts, batch_id: UUID) -> list[Barred]:
    statement = select(ContactReport).where(
        ContactReport.batch_id == batch_id, col(ContactReport.outcome).in_([str(one) for one in REFUSALS])
    )
    return [(row.unique_id, PHONE, row.reported_on) for row in facts.session.exec(statement)]


def _gifts(facts: CampaignFacts, batch_id: UUID) -> list[Barred]:
    """Gifts that are credited to somebody's piece; whoever gave without it, or was held out, is not known to have been written to."""
    statement = select(Response).where(
        Response.batch_id == batch_id, Response.kind == GIFT, Response.unique_id != "", col(Response.attribution).not_in(APART)
    )
    return [(row.unique_id, "", row.responded_on) for row in facts.session.exec(statement) if row.responded_on is not None]


def _unreached(facts: CampaignFacts, batch_id: UUID) -> list[Barred]:
    channels = {lot.code: lot.channel for lot in facts.lots}
    statement = select(Undeliverable).where(Undeliverable.batch_id == batch_id, col(Undeliverable.reason).in_(list(UNREACHED.values())))
    return [
        (row.unique_id, channel, row.returned_on)
        for row in facts.session.exec(statement)
        if row.returned_on is not None
        for channel in shut_channels(row.reason, channels[row.lot_code or ""])
    ]


_FOUND: dict[Bar, Callable[[CampaignFacts, UUID], list[Barred]]] = {
    Bar.AT_REST: _refusals,
    Bar.UNREACHED: _unreached,
    Bar.GAVE: _gifts,
}
"""What a file says of whom to leave alone, by the reason."""


def barred_keys(net: Folder, split: zipfile.ZipFile, lists: Iterable[str], bar: Bar, barred: Sequence[Barred], secret: bytes) -> Any:
    """The keys of whoever is barred, each with the channel and the last day: ``channel, key, on``.

    :param net: what the merge-purge left; a net file keeps its order in the files of the lots
    """
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    import polars as pl

    rows = pl.DataFrame(barred, schema={"ID_UNIQUE": pl.String, "channel": pl.String, "on": pl.Date}, orient="row")
    found = [pl.DataFrame(schema={"channel": pl.String, "key": pl.Binary, "on": pl.Date})]
    for code in lists if barred else ():
        ids = pl.read_csv(split.read(f"net/{code}.csv"), separator=";", infer_schema=False, columns=["ID_UNIQUE"])
        places = ids.with_row_index("place", offset=1).join(rows, on="ID_UNIQUE")
        for channel in places["channel"].unique():
            keys = keys_by_place(net, code, bar, channel, secret)
            found.append(keys.join(places.filter(pl.col("channel") == channel), on="place").select("channel", "key", "on"))
    return pl.concat(found).group_by("channel", "key").agg(pl.col("on").max()).sort("channel", "key")


def keys_by_place(net: Folder, code: str, bar: Bar, channel: str, secret: bytes) -> Any:
    """The keys by which a list's people are barred so from a channel: ``place, key``, places in its net counted from 1."""
    import polars as pl

    from tasks.lots.reach import CONTACTS
    from tasks.merge_purge.pressure import hashed

    if bar is not Bar.UNREACHED:
        kept = net / "contacts" / f"{code}.parquet"
        if not kept.is_file():  # a run of before there was a cap has none
            return pl.DataFrame(schema={"place": pl.UInt32, "key": pl.Binary})
        return pl.read_parquet(kept.read_bytes()).filter(pl.col("kind") == "person").select("place", "key")
    contact = CONTACTS[channel]
    texts = pl.read_csv((net / "net" / f"{code}.csv").read_bytes(), separator=";", infer_schema=False, columns=[contact.column])
    meant = contact.meant(texts[contact.column].fill_null("")).replace("", None)
    keys = pl.DataFrame({"key": hashed(meant, secret, contact.column)})
    return keys.with_row_index("place", offset=1).drop_nulls("key")


def barred_places(
    work: Work,
    kept: Iterable[KeptKeys],
    net: Folder,
    lists: Iterable[str],
    channels: Iterable[str],
    secret: bytes,
    caps: Mapping[str, int] | None = None,
) -> Any:
    """By list, the places in its net from which a channel is barred: ``place, channel, bar``. Keys that were purged meanwhile are left out.

    :param net: what the merge-purge left
    :param caps: the most sends to a person, this one included, by channel
    """
    import polars as pl

    keys = [pl.DataFrame(schema={"channel": pl.String, "key": pl.Binary, "bar": pl.String, "file": pl.Int32})]
    for number, one in enumerate(kept):
        try:
            with work.files.plaintext(one.file) as path:
                held = pl.read_parquet(path)
        except FilePurged:
            continue
        if one.bar is not Bar.AT_CAP:
            held = held.filter(pl.col("on") >= one.since)
        elif "channel" in held.columns:
            held = held.filter(pl.col("kind") == "person")
        else:  # sends of before there were caps of channels do not say by which they got to somebody
            continue
        keys.append(held.select("channel", "key", bar=pl.lit(str(one.bar)), file=pl.lit(number, dtype=pl.Int32)))
    return found_places(pl.concat(keys).unique(), net, lists, channels, secret, caps)


def found_places(
    keys: Any, net: Folder, lists: Iterable[str], channels: Iterable[str], secret: bytes, caps: Mapping[str, int] | None = None
) -> dict[str, Any]:
    """By list, the places in its net of those who have one of these ``channel, key, bar``; at a cap, in as many a ``file`` as it allows."""
    import polars as pl

    found = {}
    planned = list(channels)
    wanted = keys.filter(pl.col("channel").is_in(planned)).select("bar", "channel").unique().sort("bar", "channel").rows()
    for code in lists:
        places = [pl.DataFrame(schema={"place": pl.UInt32, "channel": pl.String, "bar": pl.String})]
        for bar, channel in wanted:
            held = keys.filter((pl.col("bar") == bar) & (pl.col("channel") == channel))
            theirs = keys_by_place(net, code, Bar(bar), channel, secret).join(held, on="key")
            if bar == Bar.AT_CAP:
                sends = theirs.group_by("place", "channel", "bar").agg(sends=pl.col("file").n_unique())
                theirs = sends.filter(pl.col("sends") >= (caps or {}).get(channel, math.inf))
            places.append(theirs.select("place", "channel", "bar").unique())
        found[code] = pl.concat(places)
    return found
