"""Numbers and addresses that one lot carries: how they are compared, and what they tell."""

import pytest

from workflows.trade.tracking import Kind, TrackedLots, TrackedReference, address_for, address_mark, number_mark, web_address


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("09 70 12 34 56", "+33970123456"),
        ("09.70.12.34.56", "+33970123456"),
        ("09\u00a070\u202f12-34-56", "+33970123456"),
        ("970123456", "+33970123456"),
        ("+33 (0)9 70 12 34 56", "+33970123456"),
        ("0033970123456", "+33970123456"),
        ("33970123456", "+33970123456"),
        ("0 800 123 456", "+33800123456"),
        ("+32 2 123 45 67", "+3221234567"),
        ("3620", "3620"),
        ("118 712", "118712"),
        ("", None),
        ("12", None),
        ("4620", None),
        ("09 70 12 34 5", None),
        ("0970123456789", None),
        ("+0970123456", None),
        ("+33", None),
        ("09 70 12 34 5A", None),
        ("٠٩٧٠١٢٣٤٥٦", None),
    ],
)
def test_a_telephone_number_is_compared_by_its_digits_with_the_country_s(written: str, mark: str | None) -> None:
    assert number_mark(written) == mark


@pytest.mark.parametrize(
    ("written", "mark"),
    [
        ("https://Don.Example.org/a/", "don.example.org/a"),
        ("HTTP://don.example.org/a", "don.example.org/a"),
        (" don.example.org/a#top ", "don.example.org/a"),
        ("don.example.org", "don.example.org"),
        ("don.example.org/", "don.example.org"),
        ("don.example.org/Ab", "don.example.org/Ab"),
        ("don.example.org/a?y=2&x=1", "don.example.org/a?y=2&x=1"),
        ("don.example.org:8443/a", "don.example.org:8443/a"),
        ("don.exemple-été.fr/a", "don.exemple-été.fr/a"),
        ("", None),
        ("don", None),
        ("don example.org", None),
        ("ftp://don.example.org/a", None),
        ("https://", None),
        ("https://[x/a", None),
        ("user@don.example.org", None),
        ("don.example.org/a\nb", None),
        ("courrier", None),
    ],
)
def test_an_address_is_compared_without_scheme_last_slash_and_the_case_of_its_host(written: str, mark: str | None) -> None:
    assert address_mark(written) == mark


def test_an_address_is_made_of_a_common_one_and_the_code_of_a_lot() -> None:
    assert address_for("https://don.example.org/a/", "26NO1P03S2A18") == "https://don.example.org/a/26NO1P03S2A18"
    assert address_for("don.example.org/a?from=mail#x", "26NO1P03S2A18") == "don.example.org/a/26NO1P03S2A18?from=mail"
    assert address_for("don.example.org/a", "26NO1P03S2A18", "lot") == "don.example.org/a?lot=26NO1P03S2A18"
    assert address_for("don.example.org/a?from=mail", "26NO1P03S2A18", "lot") == "don.example.org/a?from=mail&lot=26NO1P03S2A18"


def carried(*those: tuple[str, Kind, str]) -> TrackedLots:
    return TrackedLots.of(TrackedReference(lot_code=lot, kind=kind, value=value) for lot, kind, value in those)


def test_what_an_answer_came_by_is_told_however_it_is_written() -> None:
    lots = carried(
        ("A", Kind.PHONE, "09 70 12 34 56"), ("B", Kind.URL, "https://don.example.org/b"), ("B", Kind.QR, "don.example.org/b?q=1")
    )

    for written in ("0970123456", "+33970123456", "970123456"):
        assert lots.lot_by_mark[lots.mark_in(written)] == "A"
    for written in ("http://don.example.org/b/", "/b", "/b/", "/b?q=1", "DON.example.org/b?q=1"):
        assert lots.lot_by_mark[lots.mark_in(written)] == "B"
    for written in ("", "0970123457", "courrier", "/c", "/B", "/b?q=2", "don.example.org"):
        assert lots.mark_in(written) == ""


def test_what_two_lots_carry_and_a_path_under_two_hosts_tell_nothing() -> None:
    lots = carried(("A", Kind.URL, "x.org/a"), ("B", Kind.URL, "https://x.org/a/"), ("A", Kind.QR, "x.org/q"), ("B", Kind.QR, "y.org/q"))

    assert lots.mark_in("x.org/a") == ""
    assert lots.mark_in("/q") == ""
    assert lots.lot_by_mark[lots.mark_in("y.org/q")] == "B"


@pytest.mark.parametrize(
    ("stated", "held"),
    [
        ("don.example.org/b", "https://don.example.org/b"),
        ("https://don.example.org/b", "https://don.example.org/b"),
        ("HTTP://don.example.org/b", "HTTP://don.example.org/b"),
    ],
)
def test_a_qr_code_holds_what_a_telephone_opens(stated: str, held: str) -> None:
    assert web_address(stated) == held
    assert address_mark(held) == address_mark(stated)
