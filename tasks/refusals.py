"""Who refused in a call, as keyed hashes: kept when calls are reported, looked up when the advertiser's next lots are made.

The hashes are those of contact pressure, which the merge-purge made of each kept person; here they only meet who refused.
"""

import zipfile
from collections.abc import Iterable, Mapping, Sequence
from datetime import date, timedelta
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlalchemy import func
from sqlmodel import col, select

from app.files import FilePurged
from tasks.contacts import opened
from tasks.registry import Work, service_task
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.contacted.resting import KeepRefusals
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import StoredFile
from workflows.engine.command import Command
from workflows.trade.calling import REFUSALS
from workflows.trade.working_days import local_day


@service_task("keep_refusals")
def keep_refusals(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Keep the keys of those who refused in a file of calls, and when; of nobody whose rest is over.

    Once the mailing's files are purged nobody can say any more who they were.
    """
    batch_id = UUID(payload["batch_id"])
    with work.reading() as session:
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        run, plan = facts.run, facts.lot_plan
        assert run is not None, "who was called is of a run"
        assert plan is not None, "who was called is in a lot"
        since = local_day(work.now) - timedelta(days=facts.campaign.policy.call_rules.rest_days)
        refused = dict(session.exec(_refusals(batch_id, since)).all())
        dedupe, lots = session.get(StoredFile, run.result_file_id), session.get(StoredFile, plan.result_file_id)
        lists = [entry["code"] for entry in run.brief["files"]]
        session.expunge_all()
    if not refused:
        return []
    name = f"refusals_{batch_id}.parquet"
    with work.files.scratch() as folder:
        try:
            with opened(work, dedupe, lots) as (net, split):
                refusal_keys(net, split, lists, refused).write_parquet(folder / name)
        except FilePurged:
            return []
        kept = work.files.keep(folder / name, name)
    last_on = max(refused.values())
    return [KeepRefusals(subject_id=work.campaign_id, batch_id=batch_id, persons=len(refused), last_on=last_on, file=kept)]


def _refusals(batch_id: UUID, since: date) -> Any:
    """Who refused in a file, each with the last day on which they did."""
    last_on = func.max(col(ContactReport.reported_on))
    statement = select(col(ContactReport.unique_id), last_on).where(
        ContactReport.batch_id == batch_id,
        col(ContactReport.outcome).in_([str(one) for one in REFUSALS]),
        ContactReport.reported_on >= since,
    )
    return statement.group_by(col(ContactReport.unique_id))


def refusal_keys(net: zipfile.ZipFile, split: zipfile.ZipFile, lists: Iterable[str], refused: Mapping[str, date]) -> Any:
    """The keys of whoever refused, each with the day: ``key, refused_on``. A net file keeps its order in both archives."""
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    import polars as pl

    days = pl.DataFrame(
        {"ID_UNIQUE": list(refused), "refused_on": list(refused.values())}, schema={"ID_UNIQUE": pl.String, "refused_on": pl.Date}
    )
    found, members = [pl.DataFrame(schema={"key": pl.Binary, "refused_on": pl.Date})], set(net.namelist())
    for code in lists:
        if (name := f"contacts/{code}.parquet") in members:
            ids = pl.read_csv(split.read(f"net/{code}.csv"), separator=";", infer_schema=False, columns=["ID_UNIQUE"])
            persons = pl.read_parquet(net.read(name)).filter(pl.col("kind") == "person")
            places = ids.with_row_index("place", offset=1).join(days, on="ID_UNIQUE")
            found.append(persons.join(places, on="place").select("key", "refused_on"))
    return pl.concat(found).group_by("key").agg(pl.col("refused_on").max()).sort("key")


def at_rest(work: Work, stored: Iterable[StoredFile], since: date, contacts: Path, lists: Iterable[str]) -> dict[str, frozenset[int]]:
    """By list, the places in its net of whoever refused on that day or later. Keys that were purged meanwhile are left out.

    :param contacts: the folder of the keys that the merge-purge left, `<LIST>.parquet`
    """
    import polars as pl

    keys = [pl.DataFrame(schema={"key": pl.Binary})]
    for file in stored:
        try:
            with work.files.plaintext(file) as path:
                keys.append(pl.read_parquet(path).filter(pl.col("refused_on") >= since).select("key"))
        except FilePurged:
            continue
    refused = pl.concat(keys).unique()
    return {code: resting_places(contacts / f"{code}.parquet", refused) for code in lists}


def resting_places(contacts: Path, refused: Any) -> frozenset[int]:
    """The places in a list's net of whoever has one of these keys."""
    import polars as pl

    if not contacts.exists():
        return frozenset()
    persons = pl.read_parquet(contacts).filter(pl.col("kind") == "person")
    return frozenset(persons.join(refused, on="key", how="semi")["place"].to_list())
