"""`jalon merge-purge`: a run alone, without a database or a queue. Only words and exit statuses; the work is the engine's.

Here and not in the engine, which knows nothing of documents: this brings a run and the drawing of its report together. A campaign's
run is ``tasks.dedupe``.
"""

import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from app.file_to_write import FileToWrite
from tasks.merge_purge.memory import keep_freed

if TYPE_CHECKING:
    from tasks.merge_purge.engine import Engine
    from tasks.merge_purge.explain import Explanation

REFUSED, INCIDENT, CANCELLED = 2, 3, 130
"""Exit statuses: the brief or its files are at fault, the engine is, a person stopped it."""


class _RunOrVerb(click.Group):
    """`merge-purge BRIEF …` runs; `merge-purge explain …` and the other verbs are commands of their own."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        if args and args[0] not in self.commands and args[0] not in ("--help", "-h"):
            args = ["run", *args]
        return super().parse_args(ctx, args)


@click.group("merge-purge", cls=_RunOrVerb)
def merge_purge() -> None:
    """Merge and purge address files by a brief, without a campaign: jalon merge-purge BRIEF.toml --out DIR."""


@merge_purge.command("run")
@click.argument("brief", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--out", type=click.Path(path_type=Path), required=True, help="Folder for the net files, the decisions and the report.")
@click.option("--lang", type=click.Choice(["fr", "en"]), default="fr", show_default=True, help="Language of the report.")
@click.option("--engine", type=click.Choice(["local", "spark"]), default="local", show_default=True, help="Who compares: docs/scale.md.")
@click.option("--master", default="local[*]", show_default=True, help="Spark's master, with --engine spark.")
@click.option("--conf", multiple=True, metavar="KEY=VALUE", help="A setting of Spark's own, with --engine spark; as often as needed.")
def merge_purge_run(brief: Path, out: Path, lang: str, engine: str, master: str, conf: tuple[str, ...]) -> None:
    """Run a brief and leave net files, rejects, decisions and the report in a folder."""
    if engine == "local":
        _end_with(lambda: run_brief(brief, out, lang))
    settings = dict(_setting(one) for one in conf)
    _end_with(lambda: run_brief_on_spark(brief, out, lang, master, settings))


@merge_purge.command("explain")
@click.argument("brief", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.argument("left", metavar="SOURCE:ID")
@click.argument("right", metavar="SOURCE:ID")
def merge_purge_explain(brief: Path, left: str, right: str) -> None:
    """Show why two records were taken for one person or not: points gained and lost."""
    _end_with(lambda: explain_pair(brief, left, right))


@merge_purge.command("calibrate")
@click.argument("brief", type=click.Path(exists=True, dir_okay=False, path_type=Path))
@click.option("--labels", type=click.Path(exists=True, dir_okay=False, path_type=Path), required=True, help="SOURCE;ID;ENTITY: who is who.")
@click.option("--out", type=FileToWrite(), required=True, help="The table of weights to write.")
def merge_purge_calibrate(brief: Path, labels: Path, out: Path) -> None:
    """Fit the table of weights on records whose persons are known."""
    _end_with(lambda: calibrate_weights(brief, labels, out))


class _Stop:
    """Remembers that somebody asked the run to end.

    The interrupt that a signal raises may be swallowed where a library calls us back, or come twice: Polars raises its own in the
    middle of its work, and Python tells us of the same signal just after. So the first signal is written down, the others are not
    heard, and every stage looks here before it begins and before the files are put in place.
    """

    status = 0

    def listen(self) -> None:
        """Hear Ctrl-C, unless somebody above us wants to be deaf to it, and a polite request to end."""
        if signal.getsignal(signal.SIGINT) is signal.default_int_handler:
            signal.signal(signal.SIGINT, self._heard)
        signal.signal(signal.SIGTERM, self._heard)

    def look(self) -> None:
        """End here if it was asked.

        :raises KeyboardInterrupt: then
        """
        if self.status:
            raise KeyboardInterrupt

    def _heard(self, number: int, _frame: object) -> None:
        self.status = 128 + number
        for heard in (signal.SIGINT, signal.SIGTERM):
            signal.signal(heard, signal.SIG_IGN)
        if not isinstance(sys.exc_info()[1], KeyboardInterrupt):
            raise KeyboardInterrupt


_stop = _Stop()


def _end_with(work: Callable[[], int]) -> NoReturn:
    keep_freed()
    _stop.listen()
    try:
        status = work()
    except KeyboardInterrupt:
        status = _complain("cancelled, nothing was written", _stop.status or CANCELLED)
    sys.exit(status)


def run_brief_on_spark(brief: Path, out: Path, locale: str, master: str, settings: dict[str, str]) -> int:
    """Run a brief with Spark as its engine; returns the exit status."""
    from tasks.merge_purge.spark.session import SparkFailed, SparkMissing, spark_engine

    try:
        with spark_engine(master, out.absolute(), settings) as engine:
            return run_brief(brief, out, locale, engine)
    except SparkMissing as fault:
        return _complain(_NO_SPARK[fault.what][locale].format(detail=fault.detail, master=master), REFUSED)
    except SparkFailed as fault:
        return _complain(_SPARK_FAILED[locale].format(detail=fault), INCIDENT)


_NO_SPARK = {
    "packages": {
        "fr": "Rien n’a été écrit : PySpark n’est pas installé ici ({detail}). Installez le groupe facultatif : "
        "pip install --require-hashes -r requirements/spark.lock, ou lancez sans --engine spark.",
        "en": "Nothing was written: PySpark is not installed here ({detail}). Install the optional group: "
        "pip install --require-hashes -r requirements/spark.lock, or run without --engine spark.",
    },
    "java": {
        "fr": "Rien n’a été écrit : Spark ne démarre pas. Il lui faut Java 17, dans le PATH ou par JAVA_HOME "
        "(Debian et Ubuntu : apt-get install openjdk-17-jre-headless).",
        "en": "Nothing was written: Spark does not start. It needs Java 17, in the PATH or by JAVA_HOME "
        "(Debian and Ubuntu: apt-get install openjdk-17-jre-headless).",
    },
    "master": {
        "fr": "Rien n’a été écrit : Spark ne trouve pas son maître {master} : {detail}",
        "en": "Nothing was written: Spark does not find its master {master}: {detail}",
    },
}
_SPARK_FAILED = {
    "fr": "Incident, rien n’a été écrit : Spark a abandonné : {detail}",
    "en": "Incident, nothing was written: Spark gave up: {detail}",
}


def _setting(text: str) -> tuple[str, str]:
    key, equals, value = text.partition("=")
    if not (key and equals):
        raise click.BadParameter(f"{text!r} is no KEY=VALUE", param_hint="--conf")
    return key, value


def run_brief(brief: Path, out: Path, locale: str, engine: "Engine | None" = None) -> int:
    """Run a brief; returns the exit status. Nothing is written unless it is 0.

    :param engine: what compares and groups; this machine by itself when not given
    """
    from tasks.merge_purge.brief import Brief, BriefError
    from tasks.merge_purge.output import OutputTaken
    from tasks.merge_purge.reading import UnreadableFile
    from tasks.merge_purge.report import BrokenAccounting
    from tasks.merge_purge.run import run

    def draw(report: dict[str, Any], folder: Path) -> None:
        from app.documents.merge_purge import draw_report, workbook

        (folder / "report.xlsx").write_bytes(workbook(report, locale))
        (folder / "report.pdf").write_bytes(draw_report(report, (folder / "report.json").read_bytes(), locale))
        _stop.look()

    show = _Progress()
    try:
        report = run(Brief.read(brief), out.absolute(), show.tell, finish=draw, engine=engine)
    except BrokenAccounting as fault:
        return _complain(f"incident: the accounting does not add up, nothing was written: {fault}", INCIDENT)
    except UnreadableFile as fault:
        return _complain(f"refused, nothing was written: {fault.detail} ({fault.code})", REFUSED)
    except (BriefError, OutputTaken) as fault:
        return _complain(f"refused, nothing was written: {fault}", REFUSED)
    except OSError as fault:
        return _complain(f"nothing was written: {fault.strerror or fault}: {fault.filename or ''}".rstrip(": "), REFUSED)
    show.end()
    click.echo(summary(report, out))
    return 0


def explain_pair(brief: Path, left: str, right: str) -> int:
    """Print a comparison; returns the exit status."""
    from tasks.merge_purge.brief import Brief, BriefError
    from tasks.merge_purge.explain import NoSuchRecord, explain
    from tasks.merge_purge.reading import UnreadableFile

    try:
        found = explain(Brief.read(brief), _record(left), _record(right))
    except NoSuchRecord as fault:
        return _complain(f"no record {fault} in the files of this brief", REFUSED)
    except UnreadableFile as fault:
        return _complain(f"refused: {fault.detail} ({fault.code})", REFUSED)
    except (BriefError, click.BadParameter, OSError) as fault:
        return _complain(f"refused: {fault}", REFUSED)
    width = max(len(f"{feature}: {level}") for feature, level, _ in found.points)
    click.echo(f"{left}\n{right}\n")
    click.echo(f"{'to begin with':<{width}}  {found.base:+7.2f}")
    for feature, level, points in found.points:
        click.echo(f"{f'{feature}: {level}':<{width}}  {points:+7.2f}")
    click.echo(f"{'score':<{width}}  {found.score:+7.2f}   one person above {found.threshold:+.2f}")
    click.echo(_verdict(found))
    return 0


def _verdict(found: "Explanation") -> str:
    """What a run makes of two records: the score decides, or what overruled it."""
    from tasks.merge_purge.explain import CONFLICT, CROWD, NEARER, THROUGH, UNMET

    pair = "{0[0]}:{0[1]} and {1[0]}:{1[1]}: {2:+.2f}".format(*found.against) if found.against else ""
    words = {
        "": "alike enough to be one person" if found.is_alike else "not alike enough to be one person",
        THROUGH: "not alike enough by themselves, but one person through the records they are grouped with",
        CONFLICT: f"alike enough, but kept apart: all records of their two groups together speak against it, most of all {pair}",
        NEARER: f"alike enough, but kept apart: this record of the suppression list stands for whom it is most like, {pair}",
        UNMET: "alike enough, but kept apart: no key of the search for pairs brings them together",
        CROWD: "alike enough, but kept apart: they stand in a chain of likenesses too long for all its pairs to be compared",
    }
    return words[found.rule]


def calibrate_weights(brief: Path, labels: Path, out: Path) -> int:
    """Fit the weights on labelled records and write the table; returns the exit status."""
    from tasks.merge_purge.brief import Brief, BriefError
    from tasks.merge_purge.calibration import UnusableLabels, calibrate
    from tasks.merge_purge.reading import UnreadableFile

    try:
        pairs = calibrate(Brief.read(brief), labels, out)
    except UnreadableFile as fault:
        return _complain(f"refused: {fault.detail} ({fault.code})", REFUSED)
    except (BriefError, UnusableLabels, OSError) as fault:
        return _complain(f"refused: {fault}", REFUSED)
    click.echo(f"{out}: fitted on {pairs} pairs; name it as weights in a brief to use it")
    return 0


def _record(text: str) -> tuple[str, str]:
    source, colon, record = text.partition(":")
    if not (source and colon and record):
        raise click.BadParameter(f"{text!r} is no SOURCE:ID")
    return source, record


def summary(report: dict[str, Any], out: Path) -> str:
    """The account in a few lines."""
    columns = ("gross", "rejected", "suppressed", "intra", "inter", "net")
    lines = [f"{'':<12}" + "".join(f"{name:>12}" for name in columns)]
    rows = [*report["lists"].items(), ("total", report["total"])]
    for code, counts in rows:
        values = (counts["suppressed_total"] if name == "suppressed" else counts[name] for name in columns)
        lines.append(f"{code[:12]:<12}" + "".join(f"{value:>12,}".replace(",", " ") for value in values))
    return "\n".join([*lines, f"written to {out}"])


_COUNTED = {
    "reading": "records read",
    "normalising": "records",
    "pairing": "records",
    "matching": "pairs to compare",
    "deciding": "records",
    "writing": "net records",
}


class _Progress:
    """Each stage on a line of its own, with what it counts and how long it took; to stderr, so that stdout stays the account."""

    def __init__(self) -> None:
        self._stage, self._line, self._since = "", "", time.monotonic()
        self._live = sys.stderr.isatty()

    def tell(self, stage: str, done: int, total: int, counted: int) -> None:
        if stage != "done":  # all is in place then
            _stop.look()
        if stage != self._stage:
            self.end()
            self._stage, self._since = stage, time.monotonic()
        if stage not in _COUNTED:
            self._stage = ""
            return
        counts = f"{counted:>14,} {_COUNTED[stage]}".replace(",", " ") if counted else ""
        self._line = f"{done + 1}/{total} {stage:<12}{counts}"
        if self._live:
            click.echo(f"\r\033[K{self._line}", err=True, nl=False)

    def end(self) -> None:
        """Close the line of the stage that ran."""
        if self._stage:
            start = "\r\033[K" if self._live else ""
            click.echo(f"{start}{self._line:<52}{time.monotonic() - self._since:>8.1f} s", err=True)
            self._stage = ""


def _complain(sentence: str, status: int) -> int:
    click.echo(sentence, err=True)
    return status
