"""The demonstration: one campaign played to its analysis, more left where approvers and suppliers have something to do, and the portal."""

import signal
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import Any

import click
from sqlmodel import select

from app.clock import SystemClock
from app.database import Database, upgrade
from app.intake.kit import read_kit
from app.parties import grant, register_person
from app.play.run import summary
from app.settings import Settings
from workflows.campaign.model import Campaign
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role

KIT = Path(__file__).resolve().parents[2] / "demo" / "automne"
BESIDE = (("B", "budget"), ("O", "order"), ("S", "send"))
"""Further campaigns of the same kit: what is added to the code, and the stage they wait in."""


def demonstrate(settings: Settings, kit: Path | None, play_kit: Callable[..., dict[str, Any]], *, port: int | None) -> None:
    """Play what is not there yet, say what it came to, and serve the portal on a port unless it is None."""
    folder = kit or KIT
    code = read_kit(folder).brief.code
    assert settings.database_owner_url is not None, "the caller has servers"
    upgrade(settings.database_owner_url)
    for suffix, until in (("", None), *BESIDE):
        wanted = code + suffix
        if _is_there(settings, wanted):
            click.echo(f"Campaign {wanted} is here from an earlier run.")
            continue
        out = settings.data_dir / "demo" / wanted
        click.echo(summary(play_kit(settings, folder, out, until=until, code=wanted, in_process=False), out))
    _add_administrator(settings, folder)
    if port is None:
        return
    worker = subprocess.Popen([sys.executable, "-m", "app.cli", "worker"], env=settings.child_environment(), start_new_session=True)
    try:
        from app.serve import serve

        click.echo(f"\nThe portal is open: http://localhost:{port}   (Ctrl-C ends it)")
        serve(settings, host="127.0.0.1", port=port)
    finally:
        worker.send_signal(signal.SIGTERM)
        worker.wait(timeout=15)


def _is_there(settings: Settings, code: str) -> bool:
    database = Database(settings)
    try:
        with database.reading(SYSTEM) as session:
            return session.exec(select(Campaign.id).where(Campaign.code == code)).first() is not None
    finally:
        database.close()


def _add_administrator(settings: Settings, folder: Path) -> None:
    """A kit names nobody who manages people; the demonstration needs somebody to show it with."""
    advertiser = read_kit(folder).advertiser.name
    database = Database(settings)
    try:
        with database.writing(SYSTEM) as session:
            row = session.exec(select(Advertiser).where(Advertiser.name == advertiser)).one()
            person = register_person(
                session, email="administration@jalon.example", name="Camille Roussel", locale="fr", password=None, now=SystemClock().now()
            )
            grant(session, person.id, row.id, Role.ADMINISTRATOR)
    finally:
        database.close()
