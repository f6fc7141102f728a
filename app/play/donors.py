"""Donors: the outside world answers the mailing, as a script beside the kit plays it."""

import subprocess
import sys
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from app.files import Files
from app.intake.kit import Kit
from app.play.cast import Stuck
from app.play.output import write_lots
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.stages.responses import most_can_be_in


def simulator(kit: Kit) -> Path:
    """The script beside a kit's folder that plays the outside world.

    :raises Stuck: when it is not there.
    """
    script = kit.folder.resolve().parent / "simulate.py"
    if not script.is_file():
        raise Stuck(f"{script} is missing: it plays the donors")
    return script


def play_outside(kit: Kit, what: str, *asked: str | Path) -> None:
    """Run the script.

    :raises Stuck: when it is not there or fails.
    """
    script = simulator(kit)
    command = [sys.executable, script, what, "--kit", kit.folder, "--seed", "1", *asked]
    done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Stuck(f"{script.name}: {done.stderr.strip()[-1000:]}")


def simulate(kit: Kit, facts: CampaignFacts, files: Files, out: Path) -> Path:
    """Let donors answer, from the very files that were handed to the mailer; returns the folder of their answers.

    :raises Stuck: when the script is not there or fails.
    """
    folder = out / "responses"
    mailings = write_lots(facts, files, out)
    play_outside(kit, "responses", "--lots", out / "lots" / "plan_de_lots.csv", "--mailing", *mailings, "--out", folder)
    return folder


def day_to_close(facts: CampaignFacts, planned_on: date) -> date:
    """The day on which answers are closed: as planned, or later where the campaign's curve says that many are still to come."""
    return next(day for later in count() if most_can_be_in(facts, day := planned_on + timedelta(days=later)))
