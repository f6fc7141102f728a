"""Spark started for a run and stopped after it, or a sentence on what is missing. Imports PySpark only when asked to start."""

import logging
import os
import shutil
import signal
import sys
import threading
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from pathlib import Path
from typing import TYPE_CHECKING, Any

if TYPE_CHECKING:
    from tasks.merge_purge.spark.engine import SparkEngine

_QUIET = Path(__file__).with_name("log4j2.properties")


class SparkMissing(RuntimeError):
    """Spark cannot start here; ``what`` is missing: ``packages`` (PySpark, pandas, PyArrow), ``java`` or ``master``."""

    def __init__(self, what: str, detail: str) -> None:
        super().__init__(f"{what}: {detail}")
        self.what, self.detail = what, detail


class SparkFailed(RuntimeError):
    """Spark gave up in the middle of a run; the message is the first line of its own."""


@contextmanager
def spark_engine(master: str, out: Path, settings: Mapping[str, str] | None = None) -> Iterator["SparkEngine"]:
    """An engine for one run, whose session ends with the block, and whose folder beside ``out`` goes with it.

    :param settings: Spark's own settings, which go before ours
    :raises SparkMissing: when the packages, Java or the master are not there
    :raises SparkFailed: when Spark breaks off a run
    """
    work = out.parent / f".{out.name}.partial-spark-{os.getpid()}"  # `output.sweep` knows the name
    with _packages():
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException

        from tasks.merge_purge.spark.engine import SparkEngine
    shutil.rmtree(work, ignore_errors=True)
    try:
        work.mkdir(parents=True, mode=0o700)
        with spark_session(master, work / "spill", settings) as session:
            yield SparkEngine(session, work / "stages")
    except (PySparkException, Py4JError) as fault:
        raise SparkFailed(str(fault).strip().partition("\n")[0]) from fault
    finally:
        shutil.rmtree(work, ignore_errors=True)


@contextmanager
def spark_session(master: str, spill: Path, settings: Mapping[str, str] | None = None) -> Iterator[Any]:
    """A session that ends with the block.

    :param spill: where Spark spills on a local master; on a cluster it is where the cluster says
    :raises SparkMissing: when the packages, Java or the master are not there
    """
    with _packages():
        from py4j.protocol import Py4JError
        from pyspark.errors import PySparkException, PySparkRuntimeError
        from pyspark.sql import SparkSession

        from tasks.merge_purge.spark.functions import teach
    builder = SparkSession.builder.appName("jalon merge-purge").master(master)
    for name, value in (_settings(master, spill) | dict(settings or {})).items():
        builder = builder.config(name, value)
    interrupted = signal.getsignal(signal.SIGINT)
    try:
        session = builder.getOrCreate()
    except PySparkRuntimeError as fault:
        raise SparkMissing("java", str(fault)) from fault
    except (PySparkException, Py4JError) as fault:
        raise SparkMissing("master", str(fault).strip().partition("\n")[0]) from fault
    root = logging.getLogger()
    root.addFilter(_not_of_an_interrupt)
    try:
        if threading.current_thread() is threading.main_thread():
            signal.signal(signal.SIGINT, interrupted)  # PySpark's own asks Spark from within the call that it interrupts
        if master.startswith("local"):
            session.sparkContext.pythonExec = sys.executable  # elsewhere PYSPARK_PYTHON says which
        teach(session)
        yield session
    except KeyboardInterrupt:
        with suppress(Py4JError):
            session.sparkContext.setLogLevel("OFF")  # that its jobs are broken off is no news then
        raise
    finally:
        with suppress(Py4JError):  # a call that was interrupted may have broken the line; the JVM ends with this process
            session.stop()
        root.removeFilter(_not_of_an_interrupt)


def _not_of_an_interrupt(record: logging.LogRecord) -> bool:
    """Py4J logs what interrupts a call, with its whole stack; who interrupted knows."""
    return not record.getMessage().endswith("while sending command.")


@contextmanager
def _packages() -> Iterator[None]:
    try:
        yield
    except ImportError as fault:
        raise SparkMissing("packages", str(fault)) from fault


def _settings(master: str, spill: Path) -> dict[str, str]:
    ours = {
        "spark.ui.showConsoleProgress": "false",
        "spark.driver.extraJavaOptions": f"-Dlog4j2.configurationFile={_QUIET.as_uri()}",
        "spark.sql.execution.arrow.maxRecordsPerBatch": "20000",
        # the comparison is too long to be compiled as one method with its neighbours; in pieces it is compiled
        "spark.sql.codegen.wholeStage": "false",
        # what is spilled holds addresses
        "spark.io.encryption.enabled": "true",
    }
    if not master.startswith("local"):
        return ours
    return ours | {
        "spark.driver.memory": "2g",
        "spark.driver.host": "127.0.0.1",
        "spark.driver.bindAddress": "127.0.0.1",
        "spark.ui.enabled": "false",
        "spark.local.dir": str(spill),
    }
