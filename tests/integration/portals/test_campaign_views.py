"""Views of one's own among the campaigns: an address that holds filters and a name, to be bookmarked or sent to a colleague."""

import pytest

from tests.integration.papers.journey import Journey
from tests.integration.portals.visiting import Visitor

PAGE = "/manager/campaigns"


@pytest.fixture
def stage() -> str:
    return "negotiation"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    """A campaign in negotiation, and one whose plan is being made."""
    opened.open("26B")
    return opened


@pytest.mark.parametrize(
    ("query", "there", "gone"),
    [
        ("stage=negotiation", "26A ·", "26B ·"),
        ("stage=plan", "26B ·", "26A ·"),
        ("health=on_time&view=all", "26A ·", "No campaign is like that"),
        ("stage=send", "No campaign is like that", "26A ·"),
        ("stage=plan&q=automne", "26B ·", "26A ·"),
        ("view=closed&name=Anciennes", "No campaign is like that", "26A ·"),
        ("stage=nothing&health=%00", "No campaign is like that", "26A ·"),
    ],
)
def test_a_view_is_narrowed_down_by_its_address(marion: Visitor, query: str, there: str, gone: str) -> None:
    told = marion.words(f"{PAGE}?{query}")

    assert there in told
    assert gone not in told


def test_a_view_with_a_name_is_called_so_and_says_how_to_keep_it(marion: Visitor) -> None:
    page = marion.open(f"{PAGE}?stage=plan&name=Plans+de+la+semaine+<b>").text

    assert "<title>Plans de la semaine &lt;b&gt; · Campaigns" in page
    assert ">Plans de la semaine &lt;b&gt;</h1>" in page
    assert "1 campaign · Plan" in marion.words(f"{PAGE}?stage=plan")
    assert "1 campaign · Plan · On time" in marion.words(f"{PAGE}?stage=plan&health=on_time")
    assert "bookmark it, or send it to a colleague" in page
    assert 'value="Plans de la semaine &lt;b&gt;"' in page
    assert "bookmark it, or send it to a colleague" not in marion.words(PAGE)


def test_words_alone_look_through_every_view_and_a_view_of_ones_own_keeps_to_itself(marion: Visitor) -> None:
    assert "Found for “automne”: 2" in marion.words(f"{PAGE}?q=automne")
    assert "26B ·" not in marion.words(f"{PAGE}?q=automne&stage=negotiation")
