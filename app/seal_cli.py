"""`jalon seal`, in words. Not for sealing: `evidence.sealer` does."""

from contextlib import closing

import click

from app.clock import SystemClock
from app.database import Database
from app.evidence.mailing import mail_head
from app.evidence.notes import Signer
from app.evidence.sealer import SealBroken, newest_head, seal
from app.settings import Settings
from workflows.parties.actor import SYSTEM


def seal_and_say(settings: Settings) -> None:
    """Seal what is new, print the head, and mail it where no head went out today.

    :raises click.ClickException: when nothing could be sealed, or a chain no longer follows from its seals.
    """
    with closing(Database(settings)) as database:
        try:
            done = seal(database, Signer(settings.seal_key), now=SystemClock().now())
        except SealBroken as error:
            raise click.ClickException(f"nothing was sealed: {error}") from error
        with database.reading(SYSTEM) as session:
            head = newest_head(session)
        mailed = mail_head(database, settings, now=SystemClock().now())
    click.echo(f"{done.added} entries sealed.")
    if head:
        click.echo(f"\n{head.note}\nVerify with {head.verifier}")
    if mailed:
        click.echo(f"Mailed to {', '.join(settings.seal_mail_to)}.")
    if done.faults:
        raise click.ClickException("\n".join(done.faults))
