import io
import json
import logging
from collections.abc import Iterator
from contextlib import contextmanager

import pytest
import structlog
from click.testing import CliRunner

from app.cli import main
from app.logging import TALKATIVE, configure_logging
from app.settings import Settings


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(logging.NOTSET)
    structlog.reset_defaults()


def test_lines_of_both_libraries_come_out_as_json_with_their_time() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    logging.getLogger("library").warning("plain %s", "words")
    structlog.get_logger("jalon").info("order sent", number="BC-1")
    plain, structured = [json.loads(line) for line in stream.getvalue().splitlines()]

    assert (plain["event"], plain["level"], plain["logger"]) == ("plain words", "warning", "library")
    assert (structured["event"], structured["number"]) == ("order sent", "BC-1")
    assert structured["timestamp"].endswith("Z")


@pytest.mark.parametrize(("level", "told"), [("INFO", ["a job"]), ("DEBUG", ["a job", "step 1"]), ("ERROR", [])])
def test_what_a_library_tells_of_each_step_is_for_those_who_look_for_faults(level: str, told: list[str]) -> None:
    stream = io.StringIO()
    configure_logging(level=level, stream=stream)
    logging.getLogger("jalon").info("a job")
    logging.getLogger("weasyprint.progress").info("step 1")

    assert [json.loads(line)["event"] for line in stream.getvalue().splitlines()] == told


def test_configuring_twice_writes_each_line_once() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    configure_logging(stream=stream)
    logging.getLogger("library").warning("once")

    assert len(stream.getvalue().splitlines()) == 1


@pytest.mark.parametrize(("command", "runs"), [("web", "app.serve.serve"), ("worker", "tasks.worker.work")])
def test_servers_write_lines_of_the_level_that_was_asked_for(monkeypatch: pytest.MonkeyPatch, command: str, runs: str) -> None:
    @contextmanager
    def ready(settings: Settings) -> Iterator[Settings]:
        yield settings

    def running(_: Settings, **__: object) -> None:
        logging.getLogger("jalon").info("passed over")
        logging.getLogger("jalon").warning("written")

    monkeypatch.setattr("app.cli.servers", ready)
    monkeypatch.setattr(Settings, "export", lambda _: None)
    monkeypatch.setattr(runs, running)
    ended = CliRunner().invoke(main, [command], env={"JALON_LOG_LEVEL": "warning"})

    assert ended.exit_code == 0, ended.output
    assert [json.loads(line)["event"] for line in ended.stderr.splitlines()] == ["written"]


class Terminal(io.StringIO):
    """A stream that says it is one."""

    def isatty(self) -> bool:
        return True


@pytest.mark.parametrize("stream", [io.StringIO(), Terminal()], ids=["json", "terminal"])
def test_a_fault_is_told_with_its_place_and_without_what_stood_in_variables(stream: io.StringIO) -> None:
    configure_logging(stream=stream)

    def read(row: dict[str, str]) -> None:
        raise ValueError("no such lot")

    try:
        read({"NOM": "".join(["CHRÉ", "TIEN"])})  # never as one word in a line of source, which a terminal shows
    except ValueError:
        structlog.get_logger("jalon").exception("a file could not be read")

    said = stream.getvalue()
    assert "no such lot" in said
    assert "test_logging.py" in said
    assert "CHRÉTIEN" not in said
