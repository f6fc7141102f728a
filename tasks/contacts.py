"""Whom a send reached, as keyed hashes: kept when the mail is posted, laid out beside the brief of the advertiser's next merge-purge.

The hashes are the engine's, made of the records as they were delivered; here they only meet the lots that were sent.
"""

import json
import zipfile
from collections.abc import Iterator, Mapping, Sequence
from contextlib import contextmanager
from pathlib import Path
from typing import Any
from uuid import UUID

from sqlmodel import Session

from app.files import FilePurged
from app.storage.sealing import derive_key
from tasks.registry import Work, service_task
from workflows.campaign.dedupe.pressure import KeepContacts
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import LotPlan, MergePurgeRun, StoredFile
from workflows.engine.command import Command

RESULT_NAME = "contacts.parquet"


def secret_of(work: Work, advertiser_id: UUID) -> bytes:
    """The key of an advertiser's hashes: another's, or another installation's, never meet them."""
    return derive_key(work.settings.master_key, purpose=f"contact pressure of {advertiser_id}")


def lay_pressure(work: Work, run_id: UUID, folder: Path) -> Path:
    """A run's caps, earlier sends and givers at rest in a folder of their own, for the engine. Files purged since it began are left out."""
    with work.reading() as session:
        run = session.get(MergePurgeRun, run_id)
        asked = run.brief.get("pressure") or {"action": "suppress", "caps": [], "sends": []}
        sends = asked["sends"] if asked["caps"] else []  # nobody is counted where there is no cap
        stored = [(send["days"], session.get(StoredFile, UUID(send["file_id"]))) for send in sends]
        rest = asked.get("gift_rest")
        given = [session.get(StoredFile, UUID(one["file_id"])) for one in rest["files"]] if rest else []
        secret = secret_of(work, run.advertiser_id)
        session.expunge_all()
    folder.mkdir()

    def lay(file: StoredFile, number: int) -> str | None:
        try:
            with work.files.plaintext(file) as path:
                return path.rename(folder / f"{number}.parquet").name
        except FilePurged:
            return None

    earlier = [{"path": name, "days": days} for number, (days, file) in enumerate(stored, start=1) if (name := lay(file, number))]
    told = {"secret": secret.hex(), "action": asked["action"], "caps": asked["caps"], "earlier": earlier}
    if rest:
        gifts = [name for number, file in enumerate(given, start=len(stored) + 1) if (name := lay(file, number))]
        told["gift_rest"] = {"since": rest["since"], "paths": gifts}
    laid = folder / "pressure.json"
    laid.write_text(json.dumps(told), encoding="utf-8")
    return laid


@service_task("keep_contacts")
def keep_contacts(work: Work, _payload: dict[str, Any]) -> Sequence[Command]:
    """Keep the keys of everybody in a lot that was posted."""
    with work.reading() as session:
        facts = CampaignFacts(session, session.get(Campaign, work.campaign_id))
        sent = {lot.code: lot.channel for lot in facts.lots if lot.is_sent and lot.deposited}
        run, plan = facts.run, facts.lot_plan
        assert run is not None, "what was posted is of a run"
        assert plan is not None, "what was posted has lots"
        dedupe, lots, lists = archives_of(session, run, plan)
        session.expunge_all()
    with work.files.scratch() as folder:
        with opened(work, dedupe, lots) as (net, split):
            found, pieces = reached(net, split, lists, sent)
        found.write_parquet(folder / RESULT_NAME)
        kept = work.files.keep(folder / RESULT_NAME, RESULT_NAME)
    by_kind = dict(found.select("kind", "key").unique().group_by("kind").len().rows())
    return [
        KeepContacts(
            subject_id=work.campaign_id,
            pieces=pieces,
            persons=by_kind.get("person", 0),
            households=by_kind.get("household", 0),
            file=kept,
        )
    ]


def archives_of(session: Session, run: MergePurgeRun, plan: LotPlan) -> tuple[StoredFile, StoredFile, list[str]]:
    """What a merge-purge left and what became of it in lots, with the codes of the lists in both."""
    codes = [entry["code"] for entry in run.brief["files"]]
    return session.get_one(StoredFile, run.result_file_id), session.get_one(StoredFile, plan.result_file_id), codes


@contextmanager
def opened(work: Work, dedupe: StoredFile, lots: StoredFile) -> Iterator[tuple[zipfile.ZipFile, zipfile.ZipFile]]:
    """What a merge-purge left and what became of it in lots, as archives.

    :raises FilePurged: when one was purged.
    """
    with (
        work.files.plaintext(dedupe, "dedupe.zip") as runs,
        work.files.plaintext(lots, "lots.zip") as plans,
        zipfile.ZipFile(runs) as net,
        zipfile.ZipFile(plans) as split,
    ):
        yield net, split


def reached(net: zipfile.ZipFile, split: zipfile.ZipFile, lists: Sequence[str], sent: Mapping[str, str]) -> tuple[Any, int]:
    """The different keys of whoever is in a lot that was sent, with its channel, and how many records those lots have.

    A net file keeps its order in both.

    :param sent: the channel of each lot that was sent
    """
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    import polars as pl

    found, pieces, members = [pl.DataFrame(schema={"kind": pl.String, "key": pl.Binary, "channel": pl.String})], 0, set(net.namelist())
    channels = pl.DataFrame({"CODE_LOT": list(sent), "channel": list(sent.values())}, schema={"CODE_LOT": pl.String, "channel": pl.String})
    for code in lists:
        lots = pl.read_csv(split.read(f"net/{code}.csv"), separator=";", infer_schema=False, columns=["CODE_LOT"])
        posted = lots.with_row_index("place", offset=1).join(channels, on="CODE_LOT").select("place", "channel")
        pieces += posted.height
        if (name := f"contacts/{code}.parquet") in members:  # a run of before there was a cap has none
            found.append(pl.read_parquet(net.read(name)).join(posted, on="place").select("kind", "key", "channel"))
    return pl.concat(found).unique().sort("kind", "key", "channel"), pieces
