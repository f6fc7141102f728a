"""The demonstration: one campaign played to its analysis, more left where approvers and suppliers have something to do, and the portal."""

import socket
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
from app.play.worker import WorkerProcess
from app.settings import Settings
from workflows.campaign.model import Campaign
from workflows.campaign.states import CampaignState
from workflows.parties.actor import SYSTEM
from workflows.parties.model import Advertiser
from workflows.parties.roles import Role

KIT = Path(__file__).resolve().parents[2] / "demo" / "automne"
BESIDE = (("N", "negotiation", 9), ("B", "budget", 6), ("O", "order", 3), ("S", "send", 0))
"""Further campaigns of the same kit: what is added to the code, the stage they wait in, and how many weeks later they drop."""
BEGUN = ("negotiation",)
"""Where owners of lists have something to answer only once the project manager has agreed terms and shown samples."""


def demonstrate(settings: Settings, kit: Path | None, play_kit: Callable[..., dict[str, Any]], *, port: int | None) -> None:
    """Play what is not there yet, say what it came to, and serve the portal on a port unless it is None."""
    folder = kit or KIT
    code = read_kit(folder).brief.code
    assert settings.database_owner_url is not None, "the caller has servers"
    upgrade(settings.database_owner_url)
    if port is not None:
        _refuse_taken(port)
    for suffix, until, weeks in (("", None, 0), *BESIDE):
        wanted = _next_code(settings, code + suffix, whole=until is None)
        if wanted is None:
            click.echo(f"Campaign {code + suffix} is here from an earlier run.")
            continue
        out = settings.data_dir / "demo" / wanted
        played = play_kit(settings, folder, out, until=until, code=wanted, begin=until in BEGUN, weeks=weeks, in_process=False)
        click.echo(summary(played, out))
    _add_administrator(settings, folder)
    if port is None:
        return
    worker = WorkerProcess(settings)
    try:
        from app.serve import serve

        click.echo(f"\nThe portal is open: http://localhost:{port}   (Ctrl-C ends it)")
        serve(settings, host="127.0.0.1", port=port)
    finally:
        worker.stop()


def _refuse_taken(port: int) -> None:
    """Say at once that a port is taken, not after the play."""
    with socket.socket() as probe:
        probe.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            probe.bind(("127.0.0.1", port))
        except OSError as error:
            raise click.ClickException(f"port {port} is in use; end what uses it, or take another with --port") from error


def _next_code(settings: Settings, wanted: str, *, whole: bool) -> str | None:
    """The code to play under, None when the campaign is there; one that was to be played whole and was interrupted is played anew."""
    database = Database(settings)
    try:
        with database.reading(SYSTEM) as session:
            states = dict(session.exec(select(Campaign.code, Campaign.state)).all())
    finally:
        database.close()
    tries = [wanted, *(f"{wanted}{number}" for number in range(2, 100))]
    there = [one for one in tries if one in states]
    if there and (not whole or any(states[one] in (CampaignState.ANALYSIS, CampaignState.CLOSED) for one in there)):
        return None
    return next(one for one in tries if one not in states)


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
