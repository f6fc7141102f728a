"""The rules of the house that a test can see: names, sizes, money, time, the environment, and what must not be told."""

import ast
import re
from pathlib import Path

import pytest
from sqlalchemy import Date, Float, Numeric
from sqlmodel import SQLModel

from app import database
from app.api import tokens
from tests.architecture.tree import ROOMS, ROOT, imports, modules, parsed, tracked
from workflows.engine.columns import MONEY, Instant

NO_NAMES = {"utils", "util", "helpers", "helper", "common", "base", "misc", "manager", "managers", "constants", "stuff"}
LONGEST = 400
HANDED_OUT_WHOLE = {"app/evidence/verify.py"}
"""Longer, because an outsider gets this one file and nothing else."""
TABLES_OF_DATA = {"migrations/versions/0001_first_tables.py", "tests/documents/samples_production.py"}
"""Longer, because they list things one after the other and are never read through."""


def text_of(path: Path) -> str | None:
    """What a tracked file says; None for bytes."""
    try:
        return path.read_text(encoding="utf-8")
    except UnicodeDecodeError:
        return None


def called(module: ast.Module) -> set[str]:
    """Dotted names that a module mentions, as `os.environ`."""
    return {
        f"{node.value.id}.{node.attr}" for node in ast.walk(module) if isinstance(node, ast.Attribute) and isinstance(node.value, ast.Name)
    }


def test_no_module_has_a_name_that_says_nothing() -> None:
    portals = ROOT / "app" / "portals"
    named = [
        path.relative_to(ROOT).as_posix()
        for path in tracked()
        if path.suffix == ".py"
        for part in (path.stem, *(parent.name for parent in path.relative_to(ROOT).parents))
        if part in NO_NAMES and not (part == "manager" and (portals in path.parents or path.name == "test_manager.py"))
    ]

    assert named == []


def test_every_file_is_short_enough_to_be_read() -> None:
    long = {
        path.relative_to(ROOT).as_posix(): lines
        for path in tracked()
        if path.suffix == ".py" and (lines := len((text_of(path) or "").splitlines())) >= LONGEST
    }

    assert sorted(set(long) - TABLES_OF_DATA - HANDED_OUT_WHOLE) == []


def test_every_module_says_what_it_is() -> None:
    silent = [path for path, module in modules(*ROOMS, "migrations") if not ast.get_docstring(module)]

    assert silent == []


def test_every_public_function_and_class_of_the_workflows_says_what_it_does() -> None:
    """But for properties and methods whose name is the whole story."""
    silent = [
        f"{path}: {node.name}"
        for path, module in modules("workflows")
        for node in module.body
        if isinstance(node, ast.FunctionDef | ast.ClassDef) and not node.name.startswith("_") and not ast.get_docstring(node)
    ]

    assert silent == []


def test_every_form_remarks_a_text_that_cannot_be_kept() -> None:
    bare = {path for path, module in modules("app") if "flask_wtf.FlaskForm" in imports(module)}

    assert bare == {"app/portals/shared/kept_text.py", "app/portals/shared/style_page.py"}


def test_only_the_settings_read_the_environment() -> None:
    """But for what a run of merge-purge sets there for the libraries that look nowhere else."""
    readers = [path for path, module in modules() if called(module) & {"os.environ", "os.getenv", "os.environb", "os.putenv"}]

    assert readers == ["app/settings.py", "tasks/merge_purge/memory.py"]


def test_only_the_clock_asks_for_the_time() -> None:
    asked = {"datetime.now", "datetime.utcnow", "datetime.today", "date.today", "time.time"}

    assert [path for path, module in modules() if called(module) & asked] == ["app/clock.py"]


def test_only_the_database_s_room_commits() -> None:
    committers = [
        path
        for path, module in modules()
        for node in ast.walk(module)
        if isinstance(node, ast.Call) and isinstance(node.func, ast.Attribute) and node.func.attr == "commit"
    ]

    assert set(committers) == {"app/database.py"}


def test_checkpoints_are_written_in_one_place() -> None:
    writers = {
        path
        for path, module in modules()
        for node in ast.walk(module)
        if (isinstance(node, ast.Call) and ast.unparse(node.func) in ("checkpoints.append", "Checkpoint", "effects.write"))
        or (isinstance(node, ast.Constant) and "insert into checkpoint" in str(node.value))
    }

    assert sorted(writers) == ["workflows/engine/checkpoints.py", "workflows/engine/dispatch.py", "workflows/engine/effects.py"]


def test_no_column_is_a_float_and_money_has_cents() -> None:
    assert database
    assert tokens
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]

    assert [str(column) for column in columns if isinstance(column.type, Float)] == []
    amounts = [column for column in columns if column.name.endswith("_amount") or column.name in ("amount", "cost")]
    assert amounts
    assert [str(column) for column in amounts if not isinstance(column.type, Numeric)] == []
    rates = {"cost_item.amount"}
    assert {str(column) for column in amounts if column.type is not MONEY} == rates


def test_days_end_in_on_and_moments_in_at() -> None:
    columns = [column for table in SQLModel.metadata.tables.values() for column in table.columns]
    moments = {str(column) for column in columns if isinstance(column.type, Instant) and not column.name.endswith(("_at", "_until"))}
    days = {str(column) for column in columns if isinstance(column.type, Date) and not column.name.endswith("_on")}

    assert moments == {"checkpoint.at", "outbox_message.not_before"}
    assert days == {"purchase_order.deliver_by"}


def test_money_is_never_a_float_in_the_code() -> None:
    """An annotation that ends in `_amount`, `cpm` or `price` and says float."""
    wrong = []
    for path, module in modules(*ROOMS):
        for node in ast.walk(module):
            name, annotation = None, None
            if isinstance(node, ast.AnnAssign) and isinstance(node.target, ast.Name):
                name, annotation = node.target.id, node.annotation
            elif isinstance(node, ast.arg):
                name, annotation = node.arg, node.annotation
            if name and annotation and re.search(r"(amount|cpm|price|cost|fee)s?$", name) and "float" in ast.unparse(annotation):
                wrong.append(f"{path}: {name}")

    assert wrong == []


def test_no_migration_imports_a_room() -> None:
    assert [path for path, module in modules("migrations") if {name.split(".")[0] for name in imports(module)} & set(ROOMS)] == []


def test_nothing_is_left_undone() -> None:
    marks = ("TO" + "DO", "FIX" + "ME", "XX" + "X:", "Not" + "ImplementedError")
    found = [
        (path.relative_to(ROOT).as_posix(), mark)
        for path in tracked()
        if path.suffix in (".py", ".html", ".md", ".css", ".toml") or path.name == "dev"
        for mark in marks
        if mark in (text_of(path) or "") and "vendor" not in path.parts
    ]

    assert found == []


PLACES = {
    "a registry": re.compile(
        r"(?:--(?:extra-)?index-url|--find-links|\[\[tool\.uv\.index\]\]|registry\s*=\s*[\"']?http|_authToken|files\.pythonhosted\.org)"
    ),
    "an address of packages": re.compile(r"https?://[^\s\"'<>)]*(?:/simple\b|/pypi/|artifactory|nexus|npm-proxy|pypi-proxy)"),
    "a machine's path": re.compile(r"(?<![\w.~])/(?:root|work|Users|home/\w+|tmp/\w+)/"),
    "an address of a private network": re.compile(r"\b(?:10\.\d{1,3}|192\.168|172\.(?:1[6-9]|2\d|3[01]))\.\d{1,3}\.\d{1,3}\b"),
}


@pytest.mark.parametrize("what", PLACES)
def test_no_tracked_file_tells_where_it_was_made(what: str) -> None:
    found = [
        f"{path.relative_to(ROOT)}: {match.group()}"
        for path in tracked()
        if path.suffix not in (".csv", ".txt", ".tsv") and "vendor" not in path.parts and path.name != Path(__file__).name
        if (text := text_of(path)) is not None
        for match in PLACES[what].finditer(text)
    ]

    assert found == []


def test_tests_do_not_sleep() -> None:
    sleepers = [
        path.relative_to(ROOT).as_posix() for path in sorted((ROOT / "tests").rglob("*.py")) if "time.sleep" in called(parsed(path))
    ]

    assert sleepers == []


@pytest.mark.parametrize(
    ("what", "example"),
    [
        ("a registry", f"pip install --{'index'}-url https://example.org/x"),
        ("an address of packages", "https://example.org/repository/simple/flask"),
        ("a machine's path", 'open("/home/somebody/jalon/file")'),
        ("an address of a private network", "http://192.168.1.20:8000"),
    ],
)
def test_what_must_not_be_told_would_be_found(what: str, example: str) -> None:
    assert PLACES[what].search(example)
