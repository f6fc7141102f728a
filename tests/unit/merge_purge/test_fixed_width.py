"""Fixed columns from old systems: line ends of a Macintosh, positions counted in bytes, and layouts of another file."""

from pathlib import Path

import pytest

from tasks.merge_purge.reading import UnreadableFile, take

LAYOUT = "CHAMP;DEBUT;LONGUEUR\nID;1;3\nNOM;4;10\nADR4;14;20\nCP;34;5\nVILLE;39;20\n"
RECORDS = [("001", "Noël", "3 rue de l'Église", "01000", "Bourg"), ("002", "Roux", "4 quai Bas", "76000", "Rouen")]
WIDTHS = (3, 10, 20, 5, 20)


def layout(folder: Path) -> Path:
    path = folder / "layout.csv"
    path.write_text(LAYOUT, encoding="utf-8")
    return path


def lines(end: str) -> str:
    return "".join("".join(text.ljust(width) for text, width in zip(record, WIDTHS, strict=True)) + end for record in RECORDS)


def written(path: Path, data: bytes) -> Path:
    path.write_bytes(data)
    return path


@pytest.mark.parametrize("end", ["\r\n", "\n", "\r", ""], ids=["crlf", "lf", "cr", "none"])
def test_lines_are_parted_whatever_ends_them(tmp_path: Path, end: str) -> None:
    path = written(tmp_path / "a.txt", lines(end).encode("cp1252"))
    frame = take(path, layout=layout(tmp_path)).frame
    assert frame.select("id_source", "last_name", "adr4", "postcode", "town").rows() == RECORDS


def test_positions_that_were_counted_in_bytes_are_cut_in_bytes_and_told(tmp_path: Path) -> None:
    cut = (b"".join(text.encode().ljust(width) for text, width in zip(record, WIDTHS, strict=True)) for record in RECORDS)
    taken = take(written(tmp_path / "a.txt", b"\r\n".join(cut)), layout=layout(tmp_path))
    assert taken.frame.select("id_source", "last_name", "adr4", "postcode", "town").rows() == RECORDS
    assert [(defect.code, defect.count) for defect in taken.defects] == [("layout_in_bytes", 2)]


def test_a_layout_of_another_file_is_refused_where_the_postcode_should_be(tmp_path: Path) -> None:
    path = written(tmp_path / "a.txt", lines("\r\n").replace("00", "  00", 1).replace("002", "  002").encode())
    with pytest.raises(UnreadableFile) as refusal:
        take(path, layout=layout(tmp_path))
    assert str(refusal.value) == (
        "layout_misfit: the layout is not the file's: 2 of 2 lines have no postcode at 34 to 38, the first on row 1"
    )
