"""The command line's words for a backup and what comes back of it; `app.backup` does it."""

from pathlib import Path

import click

from app.backup import BackupError, back_up, restore
from app.clock import SystemClock
from app.settings import Settings


def back_up_and_say(settings: Settings, out: Path) -> None:
    """Write a backup, and say what is in it."""
    try:
        saved = back_up(settings, out, now=SystemClock().now())
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{out}: {saved.campaigns} campaigns, {saved.blobs} files, {saved.size} bytes. Keep the master key apart from it.")


def restore_and_say(settings: Settings, backup: Path, erasures: Path | None) -> None:
    """Put a backup back, and say what came back; files that stay closed are a fault."""
    try:
        found = restore(settings, backup, erasures)
    except BackupError as error:
        raise click.ClickException(str(error)) from error
    click.echo(f"{found.campaigns} campaigns with {found.entries} verified entries, and {found.blobs} files are back.")
    if found.erased:
        click.echo(f"{found.erased} people who were erased after the backup were erased again.")
    if found.closed:
        key = "set JALON_MASTER_KEY to the one that they were kept under"
        raise click.ClickException(f"{found.closed} files do not open with this master key: {key}")
