"""The report as a page: of thirty files as of two, nothing lies beyond the paper."""

import io
from pathlib import Path
from typing import Any

import pypdf
import pytest

from app.documents.merge_purge import draw_report
from tasks.merge_purge.run import run
from tests.unit.merge_purge.people import brief_of, record


@pytest.mark.parametrize("length", [3, 12])
def test_every_list_of_thirty_stands_on_the_paper_in_both_matrices(tmp_path: Path, length: int) -> None:
    codes = [f"{'F' * (length - 2)}{number:02}" for number in range(30)]
    report = run(brief_of(tmp_path, {code: [record()] for code in codes}), tmp_path / "out")
    seen: dict[str, list[float]] = {}

    def note(text: str, page_to: list[float], to_text: list[float], _font: Any, _size: Any) -> None:
        for code in codes:
            if code in text:
                seen.setdefault(code, []).append(page_to[0] * to_text[4] + page_to[2] * to_text[5] + page_to[4])

    for page in pypdf.PdfReader(io.BytesIO(draw_report(report, b"", "fr"))).pages:
        width = float(page.mediabox.width)
        page.extract_text(visitor_text=note)
    assert set(seen) == set(codes)
    assert max(max(places) for places in seen.values()) < width - 20
