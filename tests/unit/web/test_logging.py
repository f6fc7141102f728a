import io
import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from app.logging import configure_logging


@pytest.fixture(autouse=True)
def logging_as_before() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = root.handlers[:], root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
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


def test_configuring_twice_writes_each_line_once() -> None:
    stream = io.StringIO()
    configure_logging(stream=stream)
    configure_logging(stream=stream)
    logging.getLogger("library").warning("once")

    assert len(stream.getvalue().splitlines()) == 1
