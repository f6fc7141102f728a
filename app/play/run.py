"""One play from folder to folder: servers are up; people are registered, the campaign is played, what it leaves is written."""

import shutil
from collections.abc import Callable
from dataclasses import replace
from datetime import timedelta
from pathlib import Path
from typing import Any

from app.clock import SystemClock
from app.database import Database, upgrade
from app.evidence import export_campaign
from app.evidence.notes import Signer
from app.execute import Door
from app.files import Files
from app.intake.kit import Kit, read_kit
from app.outbox.nudge import RedisNudge
from app.play import output
from app.play.cast import register
from app.play.display import Display
from app.play.donors import simulator
from app.play.machines import InProcess, OwnWorker
from app.play.player import Player
from app.play.taken import refuse_existing
from app.settings import Settings
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Campaign
from workflows.campaign.states import CampaignState
from workflows.parties.actor import SYSTEM


def run(
    settings: Settings,
    folder: Path,
    out: Path,
    *,
    until: CampaignState | None = None,
    code: str | None = None,
    begin: bool = False,
    weeks: int = 0,
    in_process: Callable[[Settings], Any] | None = None,
) -> dict[str, Any]:
    """Play a kit and write what it leaves; returns the content of `result.json`.

    :param begin: go on in the stage that was entered, to where others have to answer.
    :param weeks: how much later than in the kit its mail is dropped, and its offer ends.
    :param in_process: makes what runs a service task here; None lets a worker of our own run them through the queue.
    """
    kit = later(read_kit(folder), timedelta(weeks=weeks))
    code = code or kit.brief.code
    assert settings.database_owner_url is not None, "the caller has servers"
    upgrade(settings.database_owner_url)
    database = Database(settings)
    files = Files.from_settings(settings)
    nudge = RedisNudge(settings.redis_url) if settings.redis_url and not in_process else (lambda: None)
    door = Door(database, SystemClock(), nudge)
    try:
        with Display(database, code) as display:
            refuse_existing(database, code)
            if until in (None, CampaignState.ANALYSIS):
                simulator(kit)
            output.refuse_taken(out)
            cast = register(database, kit, now=SystemClock().now())
            output.prepare(out)
            machines = InProcess(database, in_process(settings)) if in_process else OwnWorker(database, settings, display.watch)
            try:
                player = Player(kit=kit, code=code, door=door, files=files, cast=cast, machines=machines, out=out, tell=display.tell)
                campaign_id = player.play(until, begin=begin)
            finally:
                machines.stop()
        with database.reading(SYSTEM) as session:
            campaign = session.get(Campaign, campaign_id)
            assert campaign is not None, "it was just played"
            result = output.write_all(CampaignFacts(session, campaign), files, out)
        export_campaign(database, code, out / "evidence.zip", signer=Signer(settings.seal_key), now=SystemClock().now())
        if settings.smtp_url is None and settings.outbox_dir.is_dir():
            shutil.copytree(settings.outbox_dir, out / "mail", dirs_exist_ok=True)
        return result
    finally:
        database.close()


def later(kit: Kit, by: timedelta) -> Kit:
    """The kit with another drop date."""
    ends = kit.brief.offer_ends_on
    return replace(kit, brief=replace(kit.brief, drop_on=kit.brief.drop_on + by, offer_ends_on=ends + by if ends else None))


def summary(result: dict[str, Any], out: Path) -> str:
    """What a newcomer wants to know of a play, in a few lines."""
    lines = [f"Campaign {result['campaign']}: {result['stage']}"]
    if "budget" in result:
        budget = result["budget"]
        lines.append(f"  budget {budget['total_amount']} (approved by {', '.join(budget['approved_by']) or 'nobody yet'})")
    if result["orders"]:
        lines.append(f"  orders {len(result['orders'])}")
    if "lists" in result:
        total = {name: sum(one[name] for one in result["lists"].values()) for name in ("delivered", "net", "mailed", "responses", "gifts")}
        lines.append("  " + ", ".join(f"{name} {value}" for name, value in total.items()))
        roi = result["kpis"]["campaign"]["roi"]
        lines.append(f"  return {roi['numerator']} for {roi['denominator']} invested ({roi['value']})")
    lines.append(f"  {result['checkpoints']['count']} checkpoints, head {result['checkpoints']['head']}")
    lines.append(f"  {out}")
    return "\n".join(lines)
