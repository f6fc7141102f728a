"""The house's own certificates of destruction: when a list's files are purged, whoever delivered it gets that in writing."""

from collections.abc import Callable
from datetime import time

from sqlmodel import col

from tests.integration.stages.played import Played
from tests.integration.stages.test_certificates import entry, give_up
from workflows.campaign.data_protection.purging import PurgeFiles
from workflows.campaign.records import StoredFile
from workflows.delivery.model import DeliveredFile
from workflows.engine.documents import Document
from workflows.parties.actor import SYSTEM
from workflows.trade.working_days import instant_at

Campaigns = Callable[[str], Played]


def purge(campaign: Played) -> None:
    campaign.ask(PurgeFiles(subject_id=campaign.campaign_id), by=SYSTEM)


def on_its_day(campaign: Played) -> Played:
    campaign.now = instant_at(campaign.campaign.purge_on, time(7))
    return campaign


def test_the_supplier_of_each_list_gets_one_with_the_files_it_delivered_by_the_day_that_its_order_names(played: Campaigns) -> None:
    campaign = on_its_day(played("responses"))
    delivered = campaign.rows(DeliveredFile)
    hashes = {row.id: row.sha256 for row in campaign.rows(StoredFile, col(StoredFile.kind) == "delivery")}
    orders = {one.content.list_terms.list_code: one.content for one in campaign.issued("purchase_order") if one.content.list_terms}

    purge(campaign)

    found = {one.content.list_code: one for one in campaign.issued("purge_certificate")}
    assert set(found) == set(orders), "the house's own list is nobody else's"
    for code, one in found.items():
        said, files = one.content, [file for file in delivered if file.list_code == code]
        assert one.document.supplier_id == files[0].supplier_id
        assert [(file.name, file.sha256, file.quantity) for file in said.files] == [
            (file.name, hashes[file.file_id], file.record_count) for file in files
        ]
        assert (said.due_on, said.order_number) == (orders[code].list_terms.certificate_due_on, orders[code].head.number)
        assert said.destroyed_on == campaign.campaign.purge_on <= said.due_on
        assert said.nothing_left
    numbers = {document["number"] for document in entry(campaign, "campaign.files.purged")["documents"]}
    assert numbers == {f"CP-26A-{code}" for code in orders}


def test_what_was_purged_is_certified_once(played: Campaigns) -> None:
    campaign = on_its_day(played("responses"))
    purge(campaign)
    before = len(campaign.rows(Document))

    purge(campaign)

    assert len(campaign.rows(Document)) == before


def test_nothing_is_certified_before_the_day_and_a_campaign_given_up_certifies_at_once(played: Campaigns) -> None:
    campaign = played("send")
    purge(campaign)
    assert campaign.issued("purge_certificate") == []

    give_up(campaign)
    purge(campaign)

    assert {one.content.list_code for one in campaign.issued("purge_certificate")} >= {"ALZ", "BTN"}


def test_a_list_of_which_nothing_came_is_not_certified(played: Campaigns) -> None:
    campaign = played("delivery")
    give_up(campaign)

    purge(campaign)

    assert campaign.issued("purge_certificate") == []
