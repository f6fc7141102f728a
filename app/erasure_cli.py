"""`jalon person erase`, in words. Not for erasing: `erasure` does."""

from contextlib import closing

import click

from app.clock import SystemClock
from app.database import Database
from app.erasure import PersonUnknown, SpellingTooShort, erase, find, found_of
from app.execute import Door
from app.settings import Settings
from workflows.parties.actor import SYSTEM


def erase_person(settings: Settings, who: str, also: tuple[str, ...], *, ask: bool) -> None:
    """Say what would go, ask whether it may, and erase.

    :raises click.ClickException: when nobody is known so, or something is left.
    """
    with closing(Database(settings)) as database:
        try:
            with database.reading(SYSTEM) as session:
                known = find(session, who)
                person_id, found = known.id, found_of(session, known, also)
        except PersonUnknown as error:
            raise click.ClickException(f"nobody is known as {who}") from error
        except SpellingTooShort as error:
            raise click.ClickException(
                "{words} is too short to be looked for: write at least {least} letters".format(**error.params)
            ) from error
        click.echo(f"{person_id}: {found.texts} texts and {found.documents} documents in {len(found.campaigns)} campaigns.")
        if ask:
            click.confirm("Erase for good?", abort=True)
        done = erase(Door(database, SystemClock()), settings, person_id, asked_by_id=None, also=also)
    click.echo(f"Erased: {done.texts} texts, {done.documents} documents, {done.rows} rows, {done.mails} e-mails.")
    click.echo("docs/erasure.md says what stays, and what to do about backups.")
    if done.left:
        raise click.ClickException(f"something is left in {', '.join(done.left)}")
