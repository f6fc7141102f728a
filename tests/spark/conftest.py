"""A real Spark for the tests of its engine. A process has one session at a time: each module starts its own."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tasks.merge_purge.spark.session import spark_session

HERE = Path(__file__).parent
# Py4J leaves it to the garbage collector to close its sockets.
SOCKETS = pytest.mark.filterwarnings(r"ignore:Exception ignored in\W+<socket:pytest.PytestUnraisableExceptionWarning")


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Let these tests, and no others, forgive Py4J its sockets."""
    for item in items:
        if item.path.is_relative_to(HERE):
            item.add_marker(SOCKETS)


@pytest.fixture(scope="module")
def session(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Any]:
    """Spark on two cores of this machine."""
    with spark_session("local[2]", tmp_path_factory.mktemp("spill"), {"spark.sql.shuffle.partitions": "4"}) as session:
        yield session


@pytest.fixture
def keep(session: Any, tmp_path: Path) -> Any:
    """Keeps a Spark frame as Parquet, as the engine does."""

    def kept(name: str, frame: Any) -> Any:
        place = (tmp_path / name).as_uri()
        frame.write.parquet(place)
        return session.read.schema(frame.schema).parquet(place)

    return kept
