"""`jalon merge-purge`: a run alone, without a database or a queue. Only words and exit statuses; the work is the engine's.

Here and not in the engine, which knows nothing of documents: this brings a run and the drawing of its report together. A campaign's
run is ``tasks.dedupe``.
"""

import functools
import signal
import sys
import time
from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any, NoReturn

import click

from app.file_to_write import FileToWrite
from tasks.merge_purge.memory import keep_freed
from tasks.merge_purge.sentences import Sentence

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
@click.argument("brief", type=click.Path(path_type=Path))
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
@click.argument("brief", type=click.Path(path_type=Path))
@click.argument("left", metavar="SOURCE:ID")
@click.argument("right", metavar="SOURCE:ID")
def merge_purge_explain(brief: Path, left: str, right: str) -> None:
    """Show why two records were taken for one person or not: points gained and lost."""
    _end_with(lambda: explain_pair(brief, left, right))


@merge_purge.command("calibrate")
@click.argument("brief", type=click.Path(path_type=Path))
@click.option("--labels", type=click.Path(path_type=Path), required=True, help="SOURCE;ID;ENTITY: who is who.")
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
        status = _complain(Sentence("cancelled, nothing was written"), _stop.status or CANCELLED)
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
        from app.documents.merge_purge import draw_report, report_workbook

        (folder / "report.xlsx").write_bytes(report_workbook(report, locale))
        (folder / "report.pdf").write_bytes(draw_report(report, (folder / "report.json").read_bytes(), locale))
        _stop.look()

    show = _Progress()
    try:
        report = run(Brief.read(brief), out.absolute(), show.tell, finish=draw, engine=engine)
    except BrokenAccounting as fault:
        return _complain(Sentence("incident: the accounting does not add up, nothing was written: {why}", why=str(fault)), INCIDENT)
    except UnreadableFile as fault:
        return _complain(Sentence("refused, nothing was written: {why} ({code})", why=_told(fault), code=fault.code), REFUSED)
    except (BriefError, OutputTaken) as fault:
        return _complain(Sentence("refused, nothing was written: {why}", why=_told(fault)), REFUSED)
    except OSError as fault:
        return _complain(Sentence("nothing was written: {why}", why=_closed(fault)), REFUSED)
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
        return _complain(Sentence("no record {record} in the files of this brief", record=str(fault)), REFUSED)
    except UnreadableFile as fault:
        return _complain(Sentence("refused: {why} ({code})", why=_told(fault), code=fault.code), REFUSED)
    except BriefError as fault:
        return _complain(Sentence("refused: {why}", why=_told(fault)), REFUSED)
    except OSError as fault:
        return _complain(Sentence("refused: {why}", why=_closed(fault)), REFUSED)
    say = _words()
    compared = [(_feature(feature, level, say), points) for feature, level, points in found.points]
    width = max(len(words) for words, _ in compared)
    click.echo(f"{left}\n{right}\n")
    click.echo(f"{Sentence('to begin with').in_words(say):<{width}}  {found.base:+7.2f}")
    for words, points in compared:
        click.echo(f"{words:<{width}}  {points:+7.2f}")
    above = Sentence("one person above {threshold:+.2f}", threshold=found.threshold).in_words(say)
    click.echo(f"{Sentence('score').in_words(say):<{width}}  {found.score:+7.2f}   {above}")
    click.echo(_verdict(found, say))
    return 0


def _feature(feature: str, level: str, say: Callable[[str], str]) -> str:
    """What was compared and what was found, in words; a feature or level of another engine's table as it is."""
    from app.comparison_words import FEATURES, LEVELS

    name, found = (say(words[one]) if one in words else one for words, one in ((FEATURES, feature), (LEVELS, level)))
    return str(Sentence("{feature}: {found}", feature=name, found=found).in_words(say))


def _verdict(found: "Explanation", say: Callable[[str], str]) -> str:
    """What a run makes of two records: the score decides, or what overruled it, and the two records that speak most for that."""
    from app.comparison_words import REASONS, verdict

    lines = [say(verdict(found.rule, found.is_alike))]
    if found.rule:
        lines.append(say(REASONS[found.rule]))
    if found.against:
        left, right, score = found.against
        pair = Sentence("{left} and {right}: {score:+.2f}", left=":".join(left), right=":".join(right), score=score)
        lines.append(pair.in_words(say))
    return "\n".join(lines)


def calibrate_weights(brief: Path, labels: Path, out: Path) -> int:
    """Fit the weights on labelled records and write the table; returns the exit status."""
    from tasks.merge_purge.brief import Brief, BriefError
    from tasks.merge_purge.calibration import UnusableLabels, calibrate
    from tasks.merge_purge.reading import UnreadableFile

    try:
        pairs = calibrate(Brief.read(brief), labels, out)
    except UnreadableFile as fault:
        return _complain(Sentence("refused: {why} ({code})", why=_told(fault), code=fault.code), REFUSED)
    except (BriefError, UnusableLabels) as fault:
        return _complain(Sentence("refused: {why}", why=_told(fault)), REFUSED)
    except OSError as fault:
        return _complain(Sentence("refused: {why}", why=_closed(fault)), REFUSED)
    fitted = Sentence("{file}: fitted on {pairs} pairs; name it as weights in a brief to use it", file=out, pairs=pairs)
    click.echo(fitted.in_words(_words()))
    return 0


def _record(text: str) -> tuple[str, str]:
    from tasks.merge_purge.brief import BriefError

    source, colon, record = text.partition(":")
    if not (source and colon and record):
        raise BriefError(Sentence("{text!r} is no SOURCE:ID", text=text))
    return source, record


def summary(report: dict[str, Any], out: Path) -> str:
    """The account in a few lines."""
    say = _words()
    titles = {
        "gross": Sentence("gross"),
        "rejected": Sentence("rejected"),
        "suppressed": Sentence("suppressed"),
        "intra": Sentence("intra"),
        "inter": Sentence("inter"),
        "net": Sentence("net"),
    }
    lines = [f"{'':<12}" + "".join(f"{title.in_words(say):>12}" for title in titles.values())]
    rows = [*report["lists"].items(), (Sentence("total").in_words(say), report["total"])]
    for code, counts in rows:
        values = (counts["suppressed_total"] if name == "suppressed" else counts[name] for name in titles)
        lines.append(f"{code[:12]:<12}" + "".join(f"{value:>12,}".replace(",", " ") for value in values))
    return "\n".join([*lines, Sentence("written to {folder}", folder=out).in_words(say)])


_STAGES = {
    "reading": (Sentence("reading"), Sentence("records read")),
    "normalising": (Sentence("normalising"), Sentence("records")),
    "pairing": (Sentence("pairing"), Sentence("records")),
    "matching": (Sentence("matching"), Sentence("pairs to compare")),
    "deciding": (Sentence("deciding"), Sentence("records")),
    "writing": (Sentence("writing"), Sentence("net records")),
}
"""A stage's name, and what it counts."""


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
        if stage not in _STAGES:
            self._stage = ""
            return
        name, what = (text.in_words(_words()) for text in _STAGES[stage])
        counts = f"{counted:>14,} ".replace(",", " ") + what if counted else ""
        self._line = f"{done + 1}/{total} {name:<14}{counts}"
        if self._live:
            click.echo(f"\r\033[K{self._line}", err=True, nl=False)

    def end(self) -> None:
        """Close the line of the stage that ran."""
        if self._stage:
            start = "\r\033[K" if self._live else ""
            click.echo(f"{start}{self._line:<54}{time.monotonic() - self._since:>8.1f} s", err=True)
            self._stage = ""


def _complain(sentence: str, status: int) -> int:
    click.echo(sentence.in_words(_words()) if isinstance(sentence, Sentence) else sentence, err=True)
    return status


def _told(fault: Exception) -> object:
    """What a fault says, to stand in another sentence."""
    return getattr(fault, "detail", None) or (fault.args[0] if fault.args else "")


def _closed(fault: OSError) -> Sentence:
    from tasks.merge_purge.reading.errors import why_closed

    why = why_closed(fault)
    return Sentence("{file}: {why}", file=fault.filename, why=why) if fault.filename else why


@functools.cache
def _words() -> Callable[[str], str]:
    from app.settings import terminal_language
    from app.translations import words

    return words(terminal_language())
