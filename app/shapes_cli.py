"""`jalon process`: what a change of the processes did to running campaigns, and moving them over. Only words and exit codes."""

import sys
from pathlib import Path
from typing import TYPE_CHECKING

import click

if TYPE_CHECKING:
    from app.settings import Settings


def check(settings: "Settings") -> None:
    """Say which running campaigns are behind; ends the program with 1 when some refuse their people's moves."""
    from app.clock import SystemClock
    from app.database import Database
    from app.shapes import change_words
    from app.shapes import check as look

    behind = look(Database(settings), now=SystemClock().now())
    if not behind:
        click.echo("Every running campaign is under today's processes.")
    for one in behind:
        click.echo(f"{one.code} in {one.state}: {'refuses moves until it is migrated' if one.refuses else 'goes on with its next move'}")
        if one.changes is None:
            click.echo("  what its processes were is not known")
        for change in one.changes or ():
            click.echo(f"  {change_words(change)}")
        if one.vanished_state:
            click.echo(f"  its state {one.vanished_state} is declared no more")
        for name in one.vanished_tasks:
            click.echo(f"  its user task {name} waits and is declared no more")
    if any(one.refuses for one in behind):
        sys.exit(1)


def migrate(
    settings: "Settings", campaigns: tuple[str, ...], plan: Path | None, states: tuple[str, ...], tasks: tuple[str, ...], *, dry_run: bool
) -> None:
    """Move campaigns over, or say what would be done."""
    from app.clock import SystemClock
    from app.database import Database
    from app.execute import Door
    from app.shapes import PlanUnusable, read_plan
    from app.shapes import migrate as carry_out

    database = Database(settings)
    try:
        made = carry_out(database, Door(database, SystemClock()), read_plan(plan, states, tasks), codes=campaigns, dry_run=dry_run)
    except PlanUnusable as error:
        raise click.ClickException(str(error)) from error
    if not made:
        click.echo("No running campaign is behind today's processes.")
    for one in made:
        to = f"{one.from_state} → {one.to_state}" if one.from_state != one.to_state else f"stays in {one.to_state}"
        record = "would be migrated" if one.seq is None else f"migrated, checkpoint {one.seq}"
        click.echo(f"{one.code}: {record}; {to}")
        for old, new in one.user_tasks.items():
            click.echo(f"  user task {old} → {new}" if new else f"  user task {old} dropped")
