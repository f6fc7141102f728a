"""A send keeps by which channel it got to whom, and the lots of the next are told who is at the cap of one."""

import io
from collections.abc import Sequence
from datetime import date
from pathlib import Path

import polars as pl
import pytest
from sqlmodel import select

from tasks.barred import barred_places
from tasks.contacts import keep_contacts, secret_of
from tests.integration.papers.journey import Journey
from tests.integration.papers.sealed import files
from tests.integration.portals.test_bounces_and_calls import NOBODY, deduped, journey, seal_dedupe, work_off  # noqa: F401
from tests.integration.working import working
from workflows.campaign.contacted.barring import KeptKeys
from workflows.campaign.records import StoredFile
from workflows.engine.columns import new_key
from workflows.parties.actor import SYSTEM
from workflows.trade.barring import Bar

PEOPLE = pl.DataFrame([(n, "person", f"person {n}".encode()) for n in range(1, 7)], schema=NOBODY.schema, orient="row")


@pytest.fixture
def stage() -> str:
    return "responses"


@pytest.fixture
def sent(journey: Journey, tmp_path: Path) -> StoredFile:  # noqa: F811
    """What the campaign's own send keeps: three people e-mailed, the same three and three more called."""
    seal_dedupe(journey, tmp_path, ALZ=(PEOPLE.head(3), ["S;;"] * 3), DOM=(PEOPLE, ["S;;"] * 6))
    work_off(journey, tmp_path, "keep_contacts", keep_contacts)
    with journey.database.reading(SYSTEM) as session:
        found = session.exec(select(StoredFile).where(StoredFile.kind == "contact_keys")).one()
        session.expunge_all()
    return found


def at_cap(journey: Journey, tmp_path: Path, sends: Sequence[StoredFile], channel: str, most: int) -> list[int]:  # noqa: F811
    """The places of six people in another net whom a channel leaves alone under such a cap."""
    folder = deduped(tmp_path / "next", XYZ=(PEOPLE, ["S;;"] * 6))
    kept = [KeptKeys(bar=Bar.AT_CAP, since=date(2026, 10, 1), file=file, campaign="26A") for file in sends]
    work, secret = working(journey, tmp_path, new_key()), secret_of(working(journey, tmp_path, new_key()), journey.advertiser_id)
    places = barred_places(work, kept, folder, ["XYZ"], [channel], secret, {channel: most} if most else {})
    return sorted(places["XYZ"].filter(bar="at_cap", channel=channel)["place"])


def test_a_send_keeps_the_channel_of_each_key(journey: Journey, sent: StoredFile, tmp_path: Path) -> None:  # noqa: F811
    keys = pl.read_parquet(io.BytesIO(files(tmp_path).read(sent)))
    assert keys.columns == ["kind", "key", "channel"]
    assert dict(keys.group_by("channel").len().rows()) == {"email": 3, "phone": 6}


@pytest.mark.parametrize(
    ("channel", "most", "found"), [("email", 1, [1, 2, 3]), ("phone", 1, [1, 2, 3, 4, 5, 6]), ("sms", 1, []), ("email", 0, [])]
)
def test_a_channel_leaves_alone_whom_it_got_to_and_no_other_does(
    journey: Journey,  # noqa: F811
    sent: StoredFile,
    tmp_path: Path,
    channel: str,
    most: int,
    found: list[int],
) -> None:
    assert at_cap(journey, tmp_path, [sent], channel, most) == found


def test_a_cap_counts_sends_and_those_that_do_not_say_their_channel_are_not_counted(
    journey: Journey,  # noqa: F811
    sent: StoredFile,
    tmp_path: Path,
) -> None:
    keys = pl.read_parquet(io.BytesIO(files(tmp_path).read(sent)))
    others = []
    for name, kept in {"again": keys.filter(pl.col("key") == b"person 2"), "older": keys.drop("channel")}.items():
        kept.write_parquet(tmp_path / f"{name}.parquet")
        others.append(StoredFile(kind="contact_keys", **vars(files(tmp_path).keep(tmp_path / f"{name}.parquet", f"{name}.parquet"))))

    assert at_cap(journey, tmp_path, [sent, *others], "email", 2) == [2]
