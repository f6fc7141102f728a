"""Structured lines on standard error: readable at a terminal, JSON elsewhere. Never names, addresses or file contents."""

import logging
import sys
from typing import TextIO

import structlog

TALKATIVE = ("fontTools", "transitions", "weasyprint")
"""Libraries that tell at INFO each glyph, state or step of a page: of theirs, warnings are written alone, unless DEBUG is asked for."""


def configure_logging(*, level: str = "INFO", stream: TextIO | None = None) -> None:
    """Send the standard library's and structlog's lines through one formatter. Calling it again replaces what it did."""
    target = stream or sys.stderr
    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_logger_name,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True),
    ]
    # What stood in variables where something failed is left out: it may be a donor's row.
    ending: list[structlog.typing.Processor] = (
        [structlog.dev.ConsoleRenderer(exception_formatter=structlog.dev.plain_traceback)]
        if target.isatty()
        else [
            structlog.processors.ExceptionRenderer(structlog.tracebacks.ExceptionDictTransformer(show_locals=False)),
            structlog.processors.JSONRenderer(),
        ]
    )
    handler = logging.StreamHandler(target)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[structlog.stdlib.ProcessorFormatter.remove_processors_meta, *ending],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(level)
    for name in TALKATIVE:
        logging.getLogger(name).setLevel(level if level == "DEBUG" else max(logging.WARNING, logging.getLevelName(level)))
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        cache_logger_on_first_use=False,
    )
