"""Certificates of destruction: owed by whoever was handed a file of people, by the day of its order; given, recorded, chased or let be."""

from collections.abc import Callable
from dataclasses import replace
from datetime import UTC, date, datetime, time
from typing import Any
from uuid import UUID

import pytest
from sqlmodel import col, select

from tests.integration.papers.journey import kept
from tests.integration.stages.played import Played
from workflows.campaign.any_stage.cancelling import ApproveCancellation, RequestCancellation
from workflows.campaign.data_protection import certificates as rules
from workflows.campaign.data_protection.certificates import CertifyDestruction
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.papers.ordering import certificate_day
from workflows.campaign.records import DestructionCertificate, HandedFile, StoredFile
from workflows.campaign.rules import NotOfThisCampaign
from workflows.campaign.send.handing_over import NoteHandOver, NothingToHandOver, TakeMailing
from workflows.campaign.send.proving import RecordDeposit
from workflows.campaign.stages.send import ConfirmDrop
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import Checkpoint
from workflows.engine.refusals import ConditionsUnmet, NotYourMove
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import instant_at

Campaigns = Callable[[str], Played]
PDF = {"media_type": "application/pdf"}


def owed(campaign: Played) -> DestructionCertificate:
    """The one certificate that a campaign with one mailer waits for, or has."""
    (found,) = campaign.rows(DestructionCertificate)
    return found


def certify(campaign: Played, *, by: str = "S-ROU", **changes: Any) -> None:
    """The mailer certifies, or who is named; everything in order but for `changes`."""
    asked = {
        "certificate_id": owed(campaign).id,
        "method": "overwritten",
        "destroyed_on": campaign.now.date(),
        "operator": "Service informatique",
        "signatory": "Mme Roulier, gérante",
    } | changes
    campaign.ask(CertifyDestruction(subject_id=campaign.campaign_id, **asked), by=campaign.actors[by])


def take(campaign: Played) -> None:
    campaign.ask(TakeMailing(subject_id=campaign.campaign_id, file="mailing_postal.csv"), by=campaign.actors["S-ROU"])


def drop_late(campaign: Played) -> None:
    """Post six days after the day that was planned."""
    campaign.order_mailing()
    campaign.now = datetime(2026, 10, 20, 8, 0, tzinfo=UTC)
    with campaign.reading() as session:
        pieces = {lot.code: lot.quantity + lot.seeds for lot in campaign.facts(session).lots}
    posted = {"deposited_on": date(2026, 10, 19), "slip_number": "D-1", "quantities": pieces, "explanation": "Panne."}
    campaign.ask(RecordDeposit(subject_id=campaign.campaign_id, **posted))
    campaign.ask(ConfirmDrop(subject_id=campaign.campaign_id))


def give_up(campaign: Played) -> None:
    """Cancel, once orders are out."""
    campaign.ask(RequestCancellation(subject_id=campaign.campaign_id, reason="Plus de budget."))
    with campaign.reading() as session:
        amount = campaign.facts(session).cancellation.owed_amount
    campaign.ask(ApproveCancellation(subject_id=campaign.campaign_id, owed_amount=amount), by=campaign.president)


def task(campaign: Played, name: str, state: str = "open") -> UserTask:
    (found,) = campaign.rows(UserTask, col(UserTask.name) == name, col(UserTask.state) == state)
    return found


def entry(campaign: Played, event: str) -> dict[str, Any]:
    """What the newest entry of an event says."""
    found = campaign.rows(Checkpoint, col(Checkpoint.event) == event, order=col(Checkpoint.seq))
    said: dict[str, Any] = read_json(found[-1].body)
    return said


# --- who owes one, and until when -----------------------------------------------------------------------------------------------------


def test_the_mailer_owes_one_from_the_drop_on_by_the_day_that_its_order_names_and_nobody_else_does(played: Campaigns) -> None:
    campaign = played("responses")

    row = owed(campaign)

    (order,) = (one.content for one in campaign.issued("purchase_order") if one.document.supplier_id == campaign.supplier_id("S-ROU"))
    assert row.supplier_id == campaign.supplier_id("S-ROU")
    assert row.due_on == order.processing.certificate_due_on == certificate_day(campaign.campaign)
    asked = task(campaign, "certify_destruction")
    assert (asked.label, asked.supplier_id, asked.due_at) == ("S-ROU", row.supplier_id, instant_at(row.due_on, time(18)))


def test_whoever_speaks_for_others_too_takes_a_file_as_the_mailer_alone(played: Campaigns) -> None:
    campaign = played("send")
    mailer, other = (campaign.actors[code] for code in ("S-ROU", "S-CAG"))
    campaign.actors["S-ROU"] = replace(mailer, grants=(*mailer.grants, *other.grants))

    campaign.order_mailing()
    take(campaign)

    assert [one.supplier_id for one in campaign.rows(HandedFile)] == [campaign.supplier_id("S-ROU")]


def test_the_day_of_the_order_stands_where_the_purge_comes_later_than_planned(played: Campaigns) -> None:
    campaign = played("send")
    named = certificate_day(campaign.campaign)

    drop_late(campaign)

    assert certificate_day(campaign.campaign) > named == owed(campaign).due_on


def test_an_order_of_before_that_names_no_day_leaves_the_one_that_orders_name_now(played: Campaigns) -> None:
    campaign = played("send")
    with campaign.behind_the_engine() as connection:
        connection.execute("delete from document_pdf")
        connection.execute("alter table document disable trigger all")
        connection.execute(
            "update document set content = convert_to(regexp_replace(convert_from(content, 'UTF8'),"
            " '\"certificate_due_on\":\"[0-9-]+\",', ''), 'UTF8') where kind = 'purchase_order' and supplier_id = %s",
            [campaign.supplier_id("S-ROU")],
        )
    named = certificate_day(campaign.campaign)

    drop_late(campaign)

    assert owed(campaign).due_on == certificate_day(campaign.campaign) > named


def test_what_was_taken_is_written_down_once_with_hash_and_records_and_the_drop_adds_what_went_by_other_means(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    assert campaign.rows(HandedFile) == []
    take(campaign)
    taken = campaign.rows(HandedFile)
    take(campaign)
    campaign.drop()

    with campaign.reading() as session:
        records = sum(lot.quantity + lot.seeds for lot in campaign.facts(session).lots)
    assert [(one.name, one.sha256, one.quantity) for one in taken] == [("mailing_postal.csv", "f" * 64, records)]
    assert campaign.rows(HandedFile) == taken
    assert [one.name for one in played("responses").rows(HandedFile)] == ["mailing_postal.csv"]


def test_whoever_got_the_file_by_other_means_owes_one_once_the_manager_wrote_that_down(played: Campaigns) -> None:
    campaign = played("send")
    printer = {"subject_id": campaign.campaign_id, "supplier_id": campaign.supplier_id("S-IMP")}
    with pytest.raises(ConditionsUnmet):
        campaign.ask(NoteHandOver(**printer, file="mailing_postal.csv"))
    campaign.order_mailing()
    for wrong in ({"supplier_id": campaign.supplier_id("S-CRT")}, {"supplier_id": campaign.supplier_id("S-CAG")}):
        with pytest.raises(NotOfThisCampaign):
            campaign.ask(NoteHandOver(**printer | wrong, file="mailing_postal.csv"))
    with pytest.raises(NothingToHandOver):
        campaign.ask(NoteHandOver(**printer, file="ALZ.csv"))

    campaign.ask(NoteHandOver(**printer, file="mailing_postal.csv"))
    campaign.drop()

    owing = {row.supplier_id for row in campaign.rows(DestructionCertificate)}
    assert owing == {campaign.supplier_id("S-IMP"), campaign.supplier_id("S-ROU")}


def test_a_campaign_given_up_asks_whoever_took_a_file_and_not_who_was_only_ordered_to_post(played: Campaigns) -> None:
    campaign = played("send")
    campaign.order_mailing()
    give_up(campaign)
    assert campaign.rows(DestructionCertificate) == []

    campaign = played("send")
    campaign.order_mailing()
    take(campaign)
    give_up(campaign)

    assert task(campaign, "certify_destruction").supplier_id == owed(campaign).supplier_id == campaign.supplier_id("S-ROU")
    certify(campaign)
    assert owed(campaign).state == "certified"


def test_a_campaign_given_up_after_its_drop_still_asks_for_what_is_not_certified(played: Campaigns) -> None:
    campaign = played("responses")
    asked = task(campaign, "certify_destruction")

    give_up(campaign)

    again = task(campaign, "certify_destruction")
    assert (again.id != asked.id, again.due_at) == (True, asked.due_at)
    assert len(campaign.rows(DestructionCertificate)) == 1


# --- what is certified ------------------------------------------------------------------------------------------------------------------


def test_a_certificate_is_a_document_with_its_hash_and_a_checkpoint_that_names_nobody(played: Campaigns) -> None:
    campaign = played("responses")
    paper = replace(kept("attestation.pdf"), name="attestation.pdf")
    certify(campaign, remaining="bande mensuelle", remaining_until_on=date(2027, 1, 31), file=paper, **PDF)

    (issued,) = campaign.issued("destruction_certificate")
    said = issued.content
    assert (issued.document.number, issued.document.supplier_id) == ("CD-26A-S-ROU", campaign.supplier_id("S-ROU"))
    assert [(file.name, file.sha256) for file in said.files] == [("mailing_postal.csv", "f" * 64)]
    assert (said.method, said.operator, said.signatory) == ("overwritten", "Service informatique", "Mme Roulier, gérante")
    assert (said.remaining, said.remaining_until_on, said.signed_sha256) == ("bande mensuelle", date(2027, 1, 31), paper.sha256)
    assert (said.sender.name, said.addressee.name, said.on_paper) == (said.head.recipient.name, said.head.advertiser.name, False)
    written = entry(campaign, "campaign.certificates.certified")
    assert written["documents"][0]["content_sha256"] == issued.document.content_sha256
    assert [file["sha256"] for file in written["files"]] == [paper.sha256]
    assert written["checks"][0]["code"] == "certificate:S-ROU"
    assert "Roulier" not in str(written)
    assert task(campaign, "certify_destruction", "done").closed_at == owed(campaign).settled_at


def test_the_signed_paper_outlives_the_addresses(played: Campaigns) -> None:
    campaign = played("responses")
    certify(campaign, file=kept("attestation.pdf"), **PDF)
    campaign.now = instant_at(campaign.campaign.purge_on, time(7))

    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)

    (paper,) = campaign.rows(StoredFile, col(StoredFile.kind) == "destruction_certificate")
    assert paper.purged_at is None


@pytest.mark.parametrize(
    ("changes", "refusal"),
    [
        ({"method": "burnt"}, rules.MethodUnknown),
        ({"destroyed_on": date(2027, 9, 1)}, rules.DestructionIsToCome),
        ({"destroyed_on": date(2026, 10, 1)}, rules.DestroyedBeforeHanded),
        ({"operator": "  "}, rules.NamesMissing),
        ({"signatory": ""}, rules.NamesMissing),
        ({"remaining": "bande"}, rules.RemainderIncomplete),
        ({"remaining_until_on": date(2027, 9, 1)}, rules.RemainderIncomplete),
        ({"remaining": "bande", "remaining_until_on": date(2026, 10, 1)}, rules.RemainderIncomplete),
        ({"file": kept("note.txt"), "media_type": ""}, rules.PaperUnreadable),
        ({"file": replace(kept("gros.pdf"), size=rules.MOST_BYTES + 1), **PDF}, rules.PaperTooLarge),
        ({"certificate_id": UUID(int=7)}, NotOfThisCampaign),
        ({"by": "chef.projet"}, rules.PaperMissing),
    ],
    ids=lambda value: "" if isinstance(value, dict) else value.__name__,
)
def test_what_cannot_be_certified_is_refused_and_leaves_no_trace(
    played: Campaigns, changes: dict[str, Any], refusal: type[Exception]
) -> None:
    campaign = played("responses")
    before = campaign.trace()

    with pytest.raises(refusal):
        certify(campaign, **changes)

    assert campaign.trace() == before


def test_nobody_certifies_for_another_supplier_and_nothing_is_certified_twice(played: Campaigns) -> None:
    campaign = played("responses")
    with pytest.raises(NotYourMove):
        certify(campaign, by="S-CRT")
    certify(campaign)

    with pytest.raises(rules.CertificateNotAwaited):
        certify(campaign)


def test_a_manager_records_a_paper_that_came_by_post_and_the_certificate_says_so(played: Campaigns) -> None:
    campaign = played("responses")

    certify(campaign, by="chef.projet", file=kept("courrier.pdf"), **PDF)

    (issued,) = campaign.issued("destruction_certificate")
    assert issued.content.on_paper
    assert owed(campaign).settled_by_id == campaign.manager.person_id


def test_a_supplier_sees_its_own_and_no_other(played: Campaigns) -> None:
    campaign = played("responses")

    def seen(who: str) -> tuple[int, int]:
        with campaign.database.reading(campaign.actors[who]) as session:
            return len(list(session.exec(select(DestructionCertificate)))), len(list(session.exec(select(HandedFile))))

    assert (seen("S-ROU"), seen("S-CRT"), seen("S-IMP")) == ((1, 1), (0, 0), (0, 0))
