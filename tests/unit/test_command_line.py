"""What the command line answers to what it cannot do: a sentence and a status, never a traceback."""

from pathlib import Path

import click
import pytest
from click.testing import CliRunner

from app import cli


@pytest.mark.parametrize("verb", ["demo", "web"])
@pytest.mark.parametrize("port", ["0", "-1", "99999", "http"])
def test_a_port_that_is_none_is_refused_before_anything_starts(verb: str, port: str) -> None:
    done = CliRunner().invoke(cli.main, [verb, "--port", port])

    assert done.exit_code == 2
    assert "Invalid value for '--port'" in done.output


def test_a_role_that_is_none_is_refused_before_the_password_is_asked() -> None:
    done = CliRunner().invoke(cli.main, ["user", "create", "--email=a@example.org", "--name=Ada", "--advertiser=Fleuve", "--role=king"])

    assert done.exit_code == 2
    assert "'king' is not one of 'project_manager'" in done.output
    assert "Password" not in done.output


def test_a_path_that_cannot_be_written_is_named_with_its_reason(tmp_path: Path) -> None:
    out = tmp_path / f"{'long' * 100}.bpmn"

    done = CliRunner().invoke(cli.main, ["process", "bpmn", "--out", str(out)])

    assert (done.exit_code, done.output) == (1, f"Error: {out}: File name too long\n")


@pytest.mark.parametrize(
    "verb", [["backup"], ["evidence", "export", "26A"], ["process", "bpmn"], ["merge-purge", "calibrate", __file__, "--labels", __file__]]
)
def test_a_file_is_written_only_into_a_folder_that_is_there(verb: list[str], tmp_path: Path) -> None:
    nowhere = tmp_path / "not mounted"

    done = CliRunner().invoke(cli.main, [*verb, "--out", str(nowhere / "file")])

    assert done.exit_code == 2
    assert f"Error: Invalid value for '--out': there is no folder '{nowhere}'\n" in done.output
    assert not nowhere.exists()


def test_a_fault_of_ours_keeps_its_traceback() -> None:
    @click.group(cls=cli.Told)
    def main() -> None: ...

    @main.command()
    def broken() -> None:
        raise OSError("no path in it")

    assert isinstance(CliRunner().invoke(main, ["broken"]).exception, OSError)
