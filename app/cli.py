"""The command line: composes everything, and is the one place above the arrow. Each verb is a few lines; the work is in its room."""

import signal
import sys
from collections.abc import Iterator
from contextlib import ExitStack, closing, contextmanager
from dataclasses import replace
from pathlib import Path
from typing import Any

import click

from app.file_to_write import FileToWrite
from app.settings import Settings, SettingsError
from tasks.merge_purge_alone import merge_purge
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.refusals import ConditionsUnmet, Refused
from workflows.parties.roles import Role

STAGES = click.Choice([stage.value for stage in TEN_STAGES])
ROLES = click.Choice([role.value for role in Role if role is not Role.SYSTEM])
PORT = click.IntRange(1, 65535)


class Told(click.Group):
    """Verbs that say in a sentence what stands in their way: a refusal, or a path that cannot be read or written."""

    def invoke(self, ctx: click.Context) -> object:
        try:
            return super().invoke(ctx)
        except Refused as refusal:
            raise click.ClickException(_sentence(refusal)) from refusal
        except OSError as error:
            if error.filename is None:
                raise
            raise click.ClickException(f"{error.filename}: {error.strerror}") from error


@click.group(cls=Told)
def main() -> None:
    """Jalon runs direct-marketing campaigns from media plan to results."""
    # Asked to end, leave in order: servers, workers and temporary folders of ours go with us.
    signal.signal(signal.SIGTERM, lambda *_: sys.exit(143))


@contextmanager
def servers(settings: Settings, *, temporary: bool = False) -> Iterator[Settings]:
    """The settings with a database and a queue: those they name, else embedded ones, on the data folder or a temporary one.

    What the installation's database lacks is said in a sentence, and so is a queue that is away.
    """
    # Here and not above: what runs without a database does not wait for it.
    from psycopg import Error
    from redis import RedisError
    from sqlalchemy.exc import DBAPIError

    from app import embedded
    from app.database_faults import told

    try:
        if settings.database_url and settings.redis_url:
            yield settings
            return
        with embedded.temporary() if temporary else embedded.attach_or_start(settings.data_dir) as running:
            found = settings.with_servers(
                database_url=settings.database_url or running.app_url,
                database_owner_url=settings.database_owner_url or running.owner_url,
                redis_url=settings.redis_url or running.redis_url,
            )
            yield found
    except (DBAPIError, Error) as error:
        words = told(error)
        if words is None:
            raise
        raise click.ClickException(words) from error
    except RedisError as error:
        raise click.ClickException(f"the queue does not answer: {error} Look at REDIS_URL") from error


def _settings(**overrides: str) -> Settings:
    try:
        return Settings.from_env(None, **overrides)
    except SettingsError as error:
        raise click.ClickException(str(error)) from error


@main.command()
@click.argument("kit", type=click.Path(exists=True, file_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for result.json, documents and files.")
@click.option("--until", type=STAGES, help="Stop when this stage has been entered.")
@click.option("--code", help="Another code for the campaign than the kit's.")
@click.option("--in-process", is_flag=True, help="Run service tasks in this process, without Redis.")
def play(kit: Path, out: Path, until: str | None, code: str | None, in_process: bool) -> None:
    """Play a kit headless, from brief to results."""
    from app.play.run import summary

    with ExitStack() as stack:
        settings = stack.enter_context(_for_a_play())
        try:
            result = play_kit(settings, kit, out, until=until, code=code, in_process=in_process)
        except KeyboardInterrupt:
            raise click.Abort from None
    click.echo(summary(result, out))


@contextmanager
def _for_a_play() -> Iterator[Settings]:
    """Servers and a data folder for one play: temporary, unless a database is named, whose files must outlive the play."""
    from app import embedded

    with embedded.temporary_folder() as folder:
        settings = _settings(JALON_DATA_DIR=str(folder / "data"))
        if settings.database_url:
            settings = _settings()
        with servers(settings, temporary=True) as found:
            yield found


def play_kit(settings: Settings, kit: Path, out: Path, *, until: str | None, in_process: bool, **more: Any) -> dict[str, object]:
    """Play one kit against servers that run, and say in one sentence what is wrong where it cannot be; `more` as `run` takes it."""
    from app.intake.kit import KitUnreadable
    from app.intake.rows import RowErrors
    from app.play.cast import NobodyToAct, Stuck
    from app.play.output import OutputTaken
    from app.play.run import run
    from app.play.taken import CampaignExists

    try:
        stage = CampaignState(until) if until else None
        return run(settings, kit, out, until=stage, in_process=_in_process if in_process else None, **more)
    except CampaignExists as error:
        raise click.ClickException(f"campaign {error} is in this database already; give it another code with --code NEW") from error
    except OutputTaken as error:
        raise click.ClickException(f"{error} holds something that no play left; name another folder") from error
    except (KitUnreadable, RowErrors) as error:
        raise click.ClickException(str(error)) from error
    except (NobodyToAct, Stuck) as error:
        raise click.ClickException(f"the play cannot go on: {error}") from error
    except Refused as refusal:
        raise click.ClickException(f"the play was refused: {_sentence(refusal)}") from refusal


def _sentence(refusal: Refused) -> str:
    """A refusal in words; the command line speaks English."""
    from flask import Flask
    from flask_babel import Babel

    from app.errors import say

    app = Flask("jalon")
    Babel(app)
    with app.app_context():
        waiting = refusal.unmet if isinstance(refusal, ConditionsUnmet) else ()
        return " ".join([say(refusal.code, refusal.params), *(say(one.code, one.params) for one in waiting)])


def _in_process(settings: Settings) -> object:
    """What runs a service task in this process; tasks are above `app`, so that only the command line may bring them together."""
    from tasks import jobs

    machine = jobs.Machine(replace(settings, redis_url=None))
    return lambda message_id: jobs.run(machine, message_id)


@main.command()
@click.option("--no-serve", is_flag=True, help="Play, print the summary, and end.")
@click.option("--kit", type=click.Path(exists=True, file_okay=False, path_type=Path), help="The kit to play; demo/automne by default.")
@click.option("--port", type=PORT, default=8000, show_default=True)
def demo(no_serve: bool, kit: Path | None, port: int) -> None:
    """Play the demonstration and leave the portal open, with one-click sign-ins."""
    from app.intake.kit import KitUnreadable
    from app.play.demo import demonstrate

    with servers(_settings(JALON_DEMO="1", JALON_BASE_URL=f"http://localhost:{port}")) as settings:
        try:
            demonstrate(settings, kit, play_kit, port=None if no_serve else port)
        except KitUnreadable as error:
            raise click.ClickException(str(error)) from error
        except KeyboardInterrupt:
            click.echo("\nStopped.", err=True)


@main.command()
@click.option("--host", default="127.0.0.1", show_default=True)
@click.option("--port", type=PORT, default=8000, show_default=True)
def web(host: str, port: int) -> None:
    """Serve the portals and the API."""
    from app.logging import configure_logging
    from app.serve import serve

    with servers(_settings()) as settings:
        configure_logging(level=settings.log_level)
        serve(settings, host=host, port=port)


@main.command()
@click.option("--burst", is_flag=True, help="End when the queue is empty.")
def worker(burst: bool) -> None:
    """Run the relay and the service tasks."""
    from app.logging import configure_logging
    from tasks.worker import work

    with servers(_settings()) as settings:
        configure_logging(level=settings.log_level)
        settings.export()
        work(settings, burst=burst)


@main.group()
def db() -> None:
    """The database."""


@db.command("upgrade")
def db_upgrade() -> None:
    """Bring the database to the newest migration; needs the owner's login."""
    from app.database import upgrade

    with servers(_settings()) as settings:
        assert settings.database_owner_url is not None, "servers() fills it"
        upgrade(settings.database_owner_url)
    click.echo("The database is up to date.")


@main.group()
def user() -> None:
    """People who sign in."""


@user.command("create")
@click.option("--email", required=True)
@click.option("--name", required=True)
@click.option("--advertiser", required=True, help="Name of the advertiser; registered when new.")
@click.option("--role", type=ROLES, required=True)
@click.option("--approval-limit", type=str, help="Euros without VAT, for a budget_approver.")
@click.option("--supplier", help="The supplier's code, for a supplier's contact.")
@click.option("--locale", type=click.Choice(["fr", "en"]), default="fr", show_default=True)
@click.password_option()
def user_create(
    email: str, name: str, advertiser: str, role: str, approval_limit: str | None, supplier: str | None, locale: str, password: str
) -> None:
    """Register a person with a role for an advertiser."""
    from app.accounts import NotPossible, create_user

    with servers(_settings()) as settings:
        try:
            create_user(
                settings,
                email=email,
                name=name,
                advertiser=advertiser,
                role=Role(role),
                approval_limit=approval_limit,
                supplier=supplier,
                locale=locale,
                password=password,
            )
        except NotPossible as error:
            raise click.ClickException(str(error)) from error
    click.echo(f"{email} is {role} for {advertiser}.")


@main.group()
def person() -> None:
    """People, whether they sign in or not."""


@person.command("erase")
@click.argument("who", metavar="EMAIL|ID")
@click.option("--also", multiple=True, help="Another spelling: a maiden name, a nickname. May be given several times.")
@click.option("--yes", is_flag=True, help="Do not ask.")
def person_erase(who: str, also: tuple[str, ...], yes: bool) -> None:
    """Erase a person: name, address, what they wrote, and what papers say of them. Histories stay whole. It cannot be undone."""
    from app.erasure_cli import erase_person

    with servers(_settings()) as settings:
        erase_person(settings, who, also, ask=not yes)


@main.command()
@click.option("--out", type=FileToWrite(), required=True, help="The file to write; it must not be there, its folder must.")
def backup(out: Path) -> None:
    """Save the database and the blobs into one file, while Jalon works. The master key is not in it: keep that elsewhere."""
    from app.backup_cli import back_up_and_say

    with servers(_settings()) as settings:
        back_up_and_say(settings, out)


@main.command()
@click.argument("file", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option(
    "--erasures",
    type=click.Path(exists=True, dir_okay=False, path_type=Path),
    help="erased.jsonl of the installation that was backed up; by default the one in this data folder.",
)
def restore(file: Path, erasures: Path | None) -> None:
    """Put a backup into an empty database and blob folder, verify every history in it, and erase again who was erased since."""
    from app.backup_cli import restore_and_say

    with servers(_settings()) as settings:
        restore_and_say(settings, file, erasures)


@main.command()
def seal() -> None:
    """Seal all history that is new, and print the head that was signed. The worker does so about once a minute."""
    from app.seal_cli import seal_and_say

    with servers(_settings()) as settings:
        seal_and_say(settings)


@main.group()
def evidence() -> None:
    """The history that proves itself."""


@evidence.command("export")
@click.argument("campaign")
@click.option("--out", type=FileToWrite(), default=Path("evidence.zip"), show_default=True, help="The file to write.")
def evidence_export(campaign: str, out: Path) -> None:
    """Seal what is new, and write a campaign's checkpoints, documents and seal, with the script that verifies them."""
    from app.clock import SystemClock
    from app.database import Database
    from app.evidence import CampaignUnknown, export_campaign
    from app.evidence.notes import Signer

    with servers(_settings()) as settings, closing(Database(settings)) as database:
        try:
            export_campaign(database, campaign, out, signer=Signer(settings.seal_key), now=SystemClock().now())
        except CampaignUnknown as error:
            raise click.ClickException(f"there is no campaign {campaign}") from error
    click.echo(str(out))


@main.group()
def process() -> None:
    """The processes that campaigns run under."""


@process.command("check")
def process_check() -> None:
    """List running campaigns whose processes changed since; exit status 1 when some refuse moves."""
    from app import shapes_cli

    with servers(_settings()) as settings:
        shapes_cli.check(settings)


@process.command("bpmn")
@click.argument("name", default="campaign")
@click.option("--out", type=FileToWrite(), help="The file to write; by default standard output.")
def process_bpmn(name: str, out: Path | None) -> None:
    """Draw a process as BPMN 2.0 XML, which other tools open."""
    from workflows.engine.bpmn import as_bpmn
    from workflows.engine.diagram import diagram_of
    from workflows.processes import REGISTRY

    found = {one.name: one for one in REGISTRY.processes}
    if name not in found:
        raise click.ClickException(f"there is no process {name}; there are {', '.join(found)}")
    written = as_bpmn(diagram_of(found[name]))
    if out is None:
        click.echo(written.decode(), nl=False)
    else:
        out.write_bytes(written)


@process.command("migrate")
@click.argument("campaigns", nargs=-1)
@click.option(
    "--plan", type=click.Path(exists=True, dir_okay=False, path_type=Path), help="TOML with [states] and [user_tasks], old = new."
)
@click.option("--map", "states", multiple=True, metavar="OLD=NEW", help="A state that is declared no more, and where to go from it.")
@click.option("--task", "tasks", multiple=True, metavar="OLD=NEW", help="A user task that is declared no more; OLD= drops it.")
@click.option("--dry-run", is_flag=True, help="Only say what would be done.")
def process_migrate(campaigns: tuple[str, ...], plan: Path | None, states: tuple[str, ...], tasks: tuple[str, ...], dry_run: bool) -> None:
    """Move campaigns over to today's processes, each by one checkpoint; all that are behind, or those named."""
    from app import shapes_cli

    with servers(_settings()) as settings:
        shapes_cli.migrate(settings, campaigns, plan, states, tasks, dry_run=dry_run)


main.add_command(merge_purge)


if __name__ == "__main__":
    sys.exit(main())
