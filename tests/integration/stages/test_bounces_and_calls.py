"""What senders report of e-mails, messages and calls: who brings it, what is undeliverable, what is an answer, what is waited for."""

from collections.abc import Callable, Iterable, Iterator
from datetime import date
from decimal import Decimal
from hashlib import sha256
from pathlib import Path
from uuid import UUID

import pytest
from sqlmodel import col

from app.embedded import EmbeddedPostgres
from tests.integration.papers.brought_contracts import contracts_wanted
from tests.integration.stages.followed import sources
from tests.integration.stages.played import Played, copy_of_played, played_once
from tests.integration.stages.test_responses import gift, import_file, record
from workflows.campaign.contacted.bringing import NothingSentSo, NotTheirsToBring
from workflows.campaign.contacted.recording import FaultyRow, ReportRow
from workflows.campaign.contacted.records import ContactReport
from workflows.campaign.records import Response, ResponseBatch, Undeliverable
from workflows.campaign.results.figures import lot_counts
from workflows.campaign.stages.responses import RecordBatch
from workflows.engine.outbox import OutboxMessage
from workflows.engine.refusals import NotYourMove
from workflows.parties.actor import SYSTEM

Campaigns = Callable[[str], Played]

MAILED, CALLED, POSTED = "26AALZP12BT", "26ADOMD12AR", "26AALZP12AR"


def send_by(campaign: Played, channels: dict[str, str]) -> None:
    """Go on to where answers are waited for, with some lots sent by other channels and suppliers for them."""
    with campaign.behind_the_engine() as connection:
        for nature, code in (("creation", "S-ESP"), ("traitement_informatique", "S-TEL")):
            connection.execute(
                "update cost_item set supplier_id = (select id from supplier where code = %s) where nature = %s", (code, nature)
            )
    with campaign.database.writing(SYSTEM) as session:
        session.add_all(contracts_wanted(campaign.facts(session), campaign.now))
    campaign.reach("responses")
    with campaign.behind_the_engine() as connection:
        for code, channel in channels.items():
            connection.execute("update lot set channel = %s where code like %s", (channel, code))


@pytest.fixture
def sent(played: Campaigns) -> Callable[..., Played]:
    """A campaign that waits for answers, with some lots sent by other channels and suppliers for them."""

    def by(channels: dict[str, str]) -> Played:
        campaign = played("plan")
        send_by(campaign, channels)
        return campaign

    return by


@pytest.fixture(scope="module")
def sent_once(postgres: EmbeddedPostgres, migrated_template: str, server_folder: Path) -> Played:
    """One lot went out by e-mail, one was called, the others were posted."""
    return played_once(
        postgres, migrated_template, server_folder, "plan", lambda campaign: send_by(campaign, {MAILED: "email", CALLED: "phone"})
    )


@pytest.fixture
def campaign(postgres: EmbeddedPostgres, sent_once: Played) -> Iterator[Played]:
    """A copy of it that is the test's own."""
    with copy_of_played(postgres, sent_once) as campaign:
        yield campaign


def report(piece: int, outcome: str, on: int = 14, lot: str = MAILED, amount: str = "0.00") -> ReportRow:
    return ReportRow(
        row_sha256=sha256(f"{piece} {outcome} {on}".encode()).hexdigest(),
        reported_on=date(2026, 10, on),
        lot_code=lot,
        unique_id=f"{lot}-{piece}",
        outcome=outcome,
        amount=Decimal(amount),
    )


def bring(
    campaign: Played, kind: str, reports: Iterable[ReportRow], faults: tuple[FaultyRow, ...] = (), name: str = ""
) -> dict[str, object]:
    """Bring a file and let a machine read it; what became of its rows."""
    reports = tuple(reports)
    supplier = {"bounces": "S-ESP", "calls": "S-TEL"}[kind]
    batch_id: UUID = import_file(campaign, name or f"{kind} {hash(reports)}.csv", kind=kind, by=campaign.actors[supplier])
    campaign.ask(RecordBatch(subject_id=campaign.campaign_id, batch_id=batch_id, reports=reports, faults=faults), by=SYSTEM)
    (batch,) = campaign.rows(ResponseBatch, col(ResponseBatch.id) == batch_id)
    assert batch.supplier_id == campaign.supplier_id(supplier)
    return dict(batch.counts)


def unreached(campaign: Played) -> dict[str, tuple[str, date | None]]:
    return {row.unique_id: (row.reason, row.returned_on) for row in campaign.rows(Undeliverable)}


def writings(campaign: Played) -> int:
    return len(campaign.rows(OutboxMessage, col(OutboxMessage.name) == "write_objections"))


def test_a_hard_bounce_is_undeliverable_at_once_and_told_to_whoever_keeps_addresses(campaign: Played) -> None:
    counts = bring(campaign, "bounces", [report(1, "hard"), report(2, "soft")])

    assert counts == {"rows": 2, "new": 2, "repeated": 0, "unreadable": 0, "hard": 1, "soft": 1, "undeliverable": 1}
    assert unreached(campaign) == {f"{MAILED}-1": ("hard_bounce", date(2026, 10, 14))}
    assert writings(campaign) == 1
    with campaign.reading() as session:
        assert lot_counts(campaign.facts(session))[MAILED].undeliverable == 1


def test_whoever_unsubscribes_or_complains_objects_by_the_channel_that_was_used(campaign: Played) -> None:
    counts = bring(campaign, "bounces", [report(1, "unsubscribed"), report(2, "complaint"), report(3, "hard")])

    assert (counts["unsubscribed"], counts["complaint"], counts["undeliverable"]) == (1, 1, 1)
    answers = {row.unique_id: (row.kind, row.channel) for row in campaign.rows(Response)}
    assert answers == {f"{MAILED}-1": ("opposition", "email"), f"{MAILED}-2": ("opposition", "email")}
    assert writings(campaign) == 1


@pytest.mark.parametrize(("most", "verdict"), [("0.003", "warning"), ("0.5", "ok"), ("0", "ok")])
def test_complaints_are_held_against_what_policy_lets_a_sender_get(campaign: Played, most: str, verdict: str) -> None:
    campaign.tune_policy({"thresholds": {"complaint_share": most}})

    bring(campaign, "bounces", [report(1, "complaint"), report(1, "complaint", on=15), report(2, "complaint"), report(3, "unsubscribed")])

    expected, actual, found = campaign.controls("campaign.responses.imported")["complaints"]
    with campaign.reading() as session:
        facts = campaign.facts(session)
        mailed = next(lot.mailed for lot in facts.lots if lot.code == MAILED)
    assert (Decimal(expected), found) == (Decimal(most), verdict)
    assert Decimal(actual) == (Decimal(2) / mailed).quantize(Decimal("0.000001")), "a person once"


def test_soft_bounces_count_when_there_were_as_many_as_policy_says_over_all_files(campaign: Played) -> None:
    bring(campaign, "bounces", [report(1, "soft", 14), report(1, "soft", 15), report(2, "soft", 15)])
    again = bring(campaign, "bounces", [report(1, "soft", 14), report(1, "soft", 15)], name="mardi.csv")
    assert (again["new"], again["repeated"], unreached(campaign), writings(campaign)) == (0, 2, {}, 0)

    bring(campaign, "bounces", [report(1, "soft", 16)])
    assert unreached(campaign) == {f"{MAILED}-1": ("soft_bounces", date(2026, 10, 16))}

    bring(campaign, "bounces", [report(1, "hard", 17), report(1, "soft", 18)])
    assert len(campaign.rows(Undeliverable)) == 1, "a piece is undeliverable once"


@pytest.mark.parametrize(("enough", "gone"), [(1, {"soft_bounces"}), (0, set())])
def test_how_many_soft_bounces_is_policy(campaign: Played, enough: int, gone: set[str]) -> None:
    campaign.tune_policy({"thresholds": {"soft_bounces": enough}})

    bring(campaign, "bounces", [report(1, "soft", on) for on in (14, 15, 16, 17)])

    assert {reason for reason, _ in unreached(campaign).values()} == gone


def test_calls_that_agree_or_object_are_answers_a_wrong_number_is_undeliverable_and_the_rest_is_kept(campaign: Played) -> None:
    ends = ["agreed", "opt_out", "wrong_number", "refused", "callback", "reached"]
    rows = [report(number, end, lot=CALLED, amount="25.00" if end == "agreed" else "0.00") for number, end in enumerate(ends)]

    counts = bring(campaign, "calls", rows)

    assert counts == {"rows": 6, "new": 6, "repeated": 0, "unreadable": 0, "undeliverable": 1, **dict.fromkeys(ends, 1)}
    answers = {row.kind: (row.unique_id, row.lot_code, row.attribution, row.amount) for row in campaign.rows(Response)}
    assert answers == {
        "promesse": (f"{CALLED}-0", CALLED, "unique_id", Decimal("25.00")),
        "opposition": (f"{CALLED}-1", CALLED, "unique_id", Decimal("0.00")),
    }
    assert unreached(campaign) == {f"{CALLED}-2": ("wrong_number", date(2026, 10, 14))}
    assert len(campaign.rows(ContactReport)) == 6
    assert writings(campaign) == 1
    with campaign.reading() as session:
        counted = lot_counts(campaign.facts(session))[CALLED]
    assert (counted.responses, counted.gifts, counted.amount) == (2, 0, 0), "a promise brings nothing yet"


def test_who_agreed_refused_or_could_not_be_reached_by_call_is_left_out_of_a_follow_up(campaign: Played) -> None:
    with campaign.behind_the_engine() as connection:
        connection.execute("update campaign_list set reuse_until_on = '2027-03-01' where code = 'DOM'")
    before = sources(campaign)["DOM"].left_out

    bring(campaign, "calls", [report(n, end, lot=CALLED) for n, end in enumerate(("agreed", "refused", "wrong_number", "callback"))])

    assert (before, sources(campaign)["DOM"].left_out) == (0, 3)


def test_lines_that_could_not_be_read_are_counted_and_the_first_of_them_named(campaign: Played) -> None:
    faults = tuple(FaultyRow(row=number, fault="id_unknown") for number in range(2, 102))

    counts = bring(campaign, "bounces", [report(1, "soft")], faults)

    assert (counts["rows"], counts["new"], counts["unreadable"]) == (101, 1, 100)
    assert counts["faults"] == [[number, "id_unknown"] for number in range(2, 52)]


@pytest.mark.parametrize(
    ("supplier", "kind", "refusal"),
    [
        ("S-ESP", "calls", NotTheirsToBring),
        ("S-ESP", "undeliverables", NotTheirsToBring),
        ("S-TEL", "bounces", NotTheirsToBring),
        ("S-TEL", "responses", NotTheirsToBring),
        ("S-CAG", "bounces", NotTheirsToBring),
        ("S-ROU", "bounces", NotTheirsToBring),
        ("S-IMP", "bounces", NotYourMove),
        ("S-ESP", "responses", None),
        ("S-ROU", "undeliverables", None),
    ],
)
def test_each_supplier_brings_what_comes_back_to_it(campaign: Played, supplier: str, kind: str, refusal: type[Exception] | None) -> None:
    if refusal is None:
        import_file(campaign, "lundi.csv", kind=kind, by=campaign.actors[supplier])
        return
    with pytest.raises(refusal):
        import_file(campaign, "lundi.csv", kind=kind, by=campaign.actors[supplier])


def test_the_mailer_brings_the_bounces_where_nobody_else_sends_the_e_mails(played: Campaigns) -> None:
    campaign = played("responses")
    with campaign.behind_the_engine() as connection:
        connection.execute("update lot set channel = 'sms' where code = %s", (MAILED,))

    import_file(campaign, "lundi.csv", kind="bounces", by=campaign.actors["S-ROU"])

    with pytest.raises(NothingSentSo):
        import_file(campaign, "lundi.csv", kind="calls")


def test_a_campaign_waits_for_what_each_of_its_channels_brings_back(campaign: Played) -> None:
    assert list(campaign.unmet("close_responses")) == [
        "responses.none_imported",
        "responses.no_undeliverables",
        "responses.no_bounces",
        "responses.no_calls",
    ]

    bring(campaign, "bounces", [])
    bring(campaign, "calls", [])
    record(campaign, import_file(campaign, "pnd.csv", kind="undeliverables"))
    assert list(campaign.unmet("close_responses")) == ["responses.none_imported"]
    record(campaign, import_file(campaign, "lundi.csv"), gift(1))
    assert list(campaign.unmet("close_responses")) == []


@pytest.mark.parametrize(
    ("channel", "waits"),
    [
        ("email", ["responses.none_imported", "responses.no_bounces"]),
        ("phone", ["responses.no_calls"]),
    ],
)
def test_a_campaign_of_one_channel_waits_for_nothing_of_another(sent: Callable[..., Played], channel: str, waits: list[str]) -> None:
    assert list(sent({"%": channel}).unmet("close_responses")) == waits
