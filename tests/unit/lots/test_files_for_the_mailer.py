"""Files for the mailer are written as the lot plan and the mailing order say."""

import csv
from pathlib import Path

import pytest

from tests.unit.lots.test_reserve import built


@pytest.mark.parametrize("name", ["mailing_postal.csv", "proof_postal.csv"])
def test_a_file_is_in_the_encoding_and_layout_that_its_plan_names(name: str, tmp_path: Path) -> None:
    told = built(tmp_path).summary["files"][name]

    written = (tmp_path / "out" / name).read_bytes()
    lines = written.decode(told["encoding"]).split("\r\n")

    assert told["layout"] == "csv_semicolon_crlf"
    assert not written.startswith(b"\xef\xbb\xbf")
    assert lines.pop() == ""
    assert not any("\n" in line or "\r" in line for line in lines)
    titles, *rows = csv.reader(lines, delimiter=";")
    assert len(rows) == told["rows"]
    assert {len(row) for row in rows} == {len(titles)}
