"""Donors: the outside world answers the mailing, as a script beside the kit plays it."""

import csv
import io
import subprocess
import sys
import tempfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from contextlib import contextmanager
from datetime import date, timedelta
from itertools import count
from pathlib import Path

from app.files import Files
from app.intake.kit import Kit
from app.intake.returned import NEEDED
from app.play.cast import Stuck
from app.play.output import write_lots
from workflows.campaign.contacted.bringing import BOUNCES, CALLS, REPORTED_BY, UNDELIVERABLES, kinds_for, sent_channels
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.stages.responses import most_can_be_in
from workflows.trade.channels import goes_by_post

_REPORTED_AS = {BOUNCES: ("TYPE", "hard"), CALLS: ("RESULTAT", "faux numéro")}
"""The column and the word by which a sender says that nobody was reached."""
_SEEDS = "monitor_seeds.csv"


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
    with _read_by_the_script(kit) as folder:
        command = [sys.executable, script, what, "--kit", folder, "--seed", "1", *asked]
        done = subprocess.run(command, capture_output=True, text=True, check=False)
    if done.returncode != 0:
        raise Stuck(f"{script.name}: {done.stderr.strip()[-1000:]}")


@contextmanager
def _read_by_the_script(kit: Kit) -> Iterator[Path]:
    """The kit's folder; where its seeds are in a file of another name or encoding than the script reads, one like it where they are not."""
    codes = [seed.code for seed in kit.brief.seeds]
    if _codes_in(kit.folder / _SEEDS) == codes:
        yield kit.folder
        return
    with tempfile.TemporaryDirectory() as name:
        for path in kit.folder.resolve().iterdir():
            if path.name != _SEEDS:
                Path(name, path.name).symlink_to(path)
        Path(name, _SEEDS).write_bytes(_written(("ID",), [{"ID": code} for code in codes]))
        yield Path(name)


def _codes_in(path: Path) -> list[str | None] | None:
    try:
        text = path.read_text(encoding="utf-8-sig")
    except (OSError, UnicodeDecodeError):
        return None
    return [row.get("ID") for row in csv.DictReader(io.StringIO(text), delimiter=";")]


def simulate(kit: Kit, facts: CampaignFacts, files: Files, out: Path) -> Path:
    """Let donors answer, from the very files that were handed to the mailer; returns the folder of their answers.

    :raises Stuck: when the script is not there or fails.
    """
    folder = out / "responses"
    mailings = write_lots(facts, files, out)
    play_outside(kit, "responses", "--lots", out / "lots" / "plan_de_lots.csv", "--mailing", *mailings, "--out", folder)
    return folder


def returned(folder: Path, facts: CampaignFacts) -> Iterator[tuple[str, str, bytes]]:
    """What came back of the mailing, as files: name, kind and bytes. Of e-mails and messages it bounced, of calls the number was wrong."""
    channel = {lot.code: lot.channel for lot in facts.lots}
    with (folder / "pnd.csv").open(encoding="utf-8", newline="") as file:
        rows = list(csv.DictReader(file, delimiter=";"))
    posted = [row for row in rows if goes_by_post(channel[row["CODE_LOT"]])]
    for kind in kinds_for(sent_channels(facts)):
        if kind in REPORTED_BY:
            column, word = _REPORTED_AS[kind]
            reported = [row for row in rows if channel[row["CODE_LOT"]] in REPORTED_BY[kind]]
            yield f"{kind}.csv", kind, _written(NEEDED[kind], [{**row, column: word} for row in reported])
        elif kind == UNDELIVERABLES:
            whole = (folder / "pnd.csv").read_bytes()
            yield "pnd.csv", kind, whole if len(posted) == len(rows) else _written(NEEDED[kind], posted)


def _written(titles: Sequence[str], rows: Iterable[Mapping[str, str]]) -> bytes:
    text = io.StringIO(newline="")
    out = csv.DictWriter(text, titles, delimiter=";", lineterminator="\r\n", extrasaction="ignore")
    out.writeheader()
    out.writerows(rows)
    return text.getvalue().encode()


def day_to_close(facts: CampaignFacts, planned_on: date) -> date:
    """The day on which answers are closed: as planned, or later where the campaign's curve says that many are still to come."""
    return next(day for later in count() if most_can_be_in(facts, day := planned_on + timedelta(days=later)))
