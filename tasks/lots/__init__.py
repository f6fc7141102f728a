"""Splits a campaign's approved net into lots, and writes what the mailer gets."""

import zipfile
from collections.abc import Sequence
from typing import Any
from uuid import UUID

from sqlmodel import select

from tasks.barred import barred_places
from tasks.contacts import secret_of
from tasks.dedupe import pack
from tasks.registry import Work, service_task
from workflows.campaign.contacted.barring import keys_to_look_up
from workflows.campaign.contacted.recounting import LOOKED_UP, as_looked_up
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.records import Lot, MergePurgeRun, StoredFile
from workflows.campaign.stages.lots import Cell, RecordLots
from workflows.engine.command import Command

RESULT_NAME = "lots.zip"


@service_task("build_lots")
def build_lots(work: Work, payload: dict[str, Any]) -> Sequence[Command]:
    """Split the net of one run by the plan, with the campaign's seed."""
    # Here and not above: every job is forked from what the worker has loaded, and few need Polars.
    from tasks.lots.build import LotBrief, PlanCell, build

    with work.reading() as session:
        campaign = session.get(Campaign, work.campaign_id)
        facts = CampaignFacts(session, campaign)
        run = session.get(MergePurgeRun, UUID(payload["run_id"]))
        result = session.get(StoredFile, run.result_file_id)
        to_reserve = (run.report.get("pressure") or {}).get("action") == "reserve"
        brief = LotBrief(
            campaign_code=campaign.code,
            drop_year=campaign.drop_on.year,
            seed=campaign.seed,
            holdout_share=campaign.policy.share("lots", "holdout_share"),
            sample_ratio_p=campaign.policy.share("thresholds", "sample_ratio_p"),
            lists=tuple(entry["code"] for entry in run.brief["files"]),
            plan=tuple(
                PlanCell(line.list_code, line.segment, line.offer, line.message, line.channel, line.role, line.gross_qty)
                for line in facts.live_lines
            ),
            seeds=tuple((seed.code, seed.address) for seed in facts.seeds),
            multi_buyers=campaign.multi_buyers,
            taken=tuple(session.exec(select(Lot.code).where(Lot.campaign_id == campaign.id))),
        )
        keys, secret = list(keys_to_look_up(facts)), secret_of(work, campaign.advertiser_id)
        drop_on, caps = campaign.drop_on, campaign.policy.channel_caps
        session.expunge_all()
    with work.files.scratch() as folder:
        with work.files.plaintext(result) as path, zipfile.ZipFile(path) as archive:
            archive.extractall(folder / "dedupe")
        work.progress("splitting", 0, 2)
        over_cap = folder / "dedupe" / "contacts" if to_reserve else None
        channels = {line.channel for line in brief.plan}
        barred = barred_places(work, keys, folder / "dedupe", brief.lists, channels, secret, caps) if keys else {}
        built = build(brief, folder / "dedupe" / "net", folder / "out", over_cap, barred)
        work.progress("keeping", 1, 2)
        kept = work.files.keep(pack(folder / "out", folder / RESULT_NAME), RESULT_NAME)
    cells = tuple(Cell(**vars(cell)) for cell in built.cells)
    summary = built.summary | ({LOOKED_UP: as_looked_up(drop_on, (one.file.id for one in keys))} if keys else {})
    return [RecordLots(subject_id=work.campaign_id, run_id=UUID(payload["run_id"]), cells=cells, summary=summary, result=kept)]
