"""The chain: anybody can compute it again, nobody can change it, and a person can be forgotten without breaking it."""

import json
from collections.abc import Callable, Iterator
from contextlib import closing
from hashlib import sha256
from typing import Any

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import ProgrammingError
from sqlmodel import col

from tests.integration.stages.played import Played
from workflows.campaign.stages.budget import ApproveBudget
from workflows.campaign.stages.negotiation import ReturnToPlan
from workflows.engine.canonical import canonical_json, read_json
from workflows.engine.checkpoints import Checkpoint, ErasableText, salted_sha256
from workflows.parties.actor import SYSTEM
from workflows.processes import REGISTRY

Campaigns = Callable[[str], Played]
APPEND_ONLY = ("checkpoint", "document_pdf", "policy_version")


def chain(campaign: Played) -> list[Checkpoint]:
    return campaign.rows(Checkpoint, order=col(Checkpoint.seq))


def assert_unbroken(campaign: Played) -> list[dict[str, Any]]:
    """Compute the chain again from its bytes alone, and return what its entries say."""
    previous, entries = "0" * 64, []
    for number, row in enumerate(chain(campaign), start=1):
        entry = json.loads(row.body)
        assert sha256(row.body).hexdigest() == row.sha256
        assert (entry["seq"], entry["prev"], entry["chain"]) == (number, previous, str(campaign.campaign_id))
        assert (row.seq, row.event, row.at.isoformat()) == (entry["seq"], entry["event"], entry["at"])
        previous = row.sha256
        entries.append(entry)
    assert (campaign.campaign.chain_seq, campaign.campaign.chain_head) == (len(entries), previous)
    return entries


def test_a_whole_campaign_is_one_unbroken_chain(played: Campaigns) -> None:
    entries = assert_unbroken(played("closed"))

    assert len(entries) > 150
    assert entries[0]["event"] == "campaign.plan.opened"
    assert entries[-1]["event"] == "campaign.analysis.closed"
    assert {entry["v"] for entry in entries} == {1}
    assert {entry["policy"]["version"] for entry in entries} == {1}


def test_entries_are_stored_as_their_canonical_bytes(played: Campaigns) -> None:
    for row in chain(played("closed")):
        assert canonical_json(read_json(row.body)) == row.body


def test_an_entry_says_who_asked_what_from_where_to_where_and_under_which_process(played: Campaigns) -> None:
    campaign = played("budget")
    with campaign.reading() as session:
        budget = campaign.facts(session).budget
    outcome = campaign.ask(
        ApproveBudget(subject_id=campaign.campaign_id, budget_sha256=budget.sha256, comment="D’accord."), by=campaign.president
    )

    entry = assert_unbroken(campaign)[outcome.seq - 1]
    assert entry["subject"] == {"kind": "campaign", "id": str(campaign.campaign_id), "version": outcome.version}
    assert (entry["from"], entry["to"]) == ("budget", "order")
    assert entry["actor"] == {"id": str(campaign.president.person_id), "roles": ["budget_approver"], "stands_in_for": None}
    assert entry["command"] == {
        "name": "approve_budget",
        "subject_id": str(campaign.campaign_id),
        "budget_sha256": budget.sha256,
        "cap_amount": None,
        "excluded_lists": [],
    }
    assert entry["process"] == {"name": "campaign", "sha256": REGISTRY.process("campaign").sha256}
    assert [(check["code"], check["verdict"]) for check in entry["checks"]] == [
        ("budget_hash", "ok"),
        ("signatures", "ok"),
        *((f"processor_contract:{code}", "ok") for code in ("S-CAG", "S-IMP", "S-ROU")),
    ]
    issued = {document["number"]: document["content_sha256"] for document in entry["documents"]}
    assert issued == {one.document.number: one.document.content_sha256 for one in campaign.issued("purchase_order")}
    follow = assert_unbroken(campaign)[outcome.seq]
    assert (follow["subject"]["kind"], follow["actor"]) == ("plan_line", entry["actor"]), "on behalf of who asked"


def test_free_text_is_known_by_its_salted_hash_alone(played: Campaigns) -> None:
    campaign = played("negotiation")
    words = "Mme Dupont, 4 rue des Lilas, ne veut pas."
    outcome = campaign.ask(ReturnToPlan(subject_id=campaign.campaign_id, reason=words))

    (row,) = campaign.rows(ErasableText, col(ErasableText.seq) == outcome.seq)
    entry = assert_unbroken(campaign)[-1]
    assert entry["texts"] == {"reason": salted_sha256(row.salt, words)}
    assert entry["command"] == {"name": "return_to_plan", "subject_id": str(campaign.campaign_id)}
    assert (row.field, row.text, len(row.salt)) == ("reason", words, 32)


def test_no_name_no_address_and_no_words_of_a_person_stand_in_a_chain(played: Campaigns) -> None:
    campaign = played("closed")
    bodies = b"\n".join(row.body for row in chain(campaign)).decode()

    found = sorted({words for words in personal_words(campaign) if words in bodies})
    assert found == []


def personal_words(campaign: Played) -> Iterator[str]:
    """Everything in the database that names somebody, or that somebody wrote."""
    questions = (
        "select name from person union all select email from person",
        "select name from supplier union all select email from supplier union all select address from supplier",
        "select name from advertiser union all select address from advertiser",
        "select value from monitor_seed, jsonb_each_text(address) where length(value) > 5",
        "select text from erasable_text",
        "select notice from message where notice <> ''",
        "select words from lesson",
        "select comment from budget_decision where comment <> ''",
    )
    with campaign.behind_the_engine() as connection:
        for question in questions:
            yield from (words for (words,) in connection.execute(question.encode()) if words)


def test_forgetting_a_person_s_words_leaves_the_chain_whole(played: Campaigns) -> None:
    campaign = played("closed")
    assert campaign.rows(ErasableText)

    with campaign.database.writing(SYSTEM) as session:
        session.connection().execute(text("delete from erasable_text"))
        session.connection().execute(text("update person set name = '', email = id::text"))

    assert campaign.rows(ErasableText) == []
    assert_unbroken(campaign)


def test_one_changed_byte_is_found(played: Campaigns) -> None:
    campaign = played("plan")
    with campaign.behind_the_engine() as connection:
        connection.execute("set session_replication_role = replica")
        connection.execute("update checkpoint set body = overlay(body placing 'x' from 20) where seq = 1")

    with pytest.raises((AssertionError, ValueError)):
        assert_unbroken(campaign)


@pytest.mark.parametrize("table", APPEND_ONLY)
def test_not_even_the_owner_changes_removes_or_empties_what_is_append_only(played: Campaigns, table: str) -> None:
    campaign = played("negotiation")
    with campaign.behind_the_engine() as connection:
        connection.execute(
            "insert into document_pdf (id, document_id, advertiser_id, locale, pdf, sha256)"
            " select gen_random_uuid(), id, advertiser_id, 'fr', '', '' from document limit 1"
        )

    for url in (campaign.urls.owner, campaign.urls.administrator):
        with closing(psycopg.connect(url.replace("+psycopg", ""), autocommit=True)) as owner:
            assert owner.execute(f"select count(*) > 0 from {table}").fetchone() == (True,)
            for attempt in (f"update {table} set advertiser_id = advertiser_id", f"delete from {table}", f"truncate {table} cascade"):
                with pytest.raises(psycopg.errors.RestrictViolation):
                    owner.execute(attempt)


def test_not_even_by_way_of_the_campaign_is_a_chain_emptied(played: Campaigns) -> None:
    campaign = played("plan")
    with closing(psycopg.connect(campaign.urls.owner.replace("+psycopg", ""), autocommit=True)) as owner:
        with pytest.raises(psycopg.errors.RestrictViolation):
            owner.execute("truncate campaign cascade")
        with pytest.raises(psycopg.errors.ForeignKeyViolation):
            owner.execute("delete from campaign")


@pytest.mark.parametrize("table", APPEND_ONLY)
@pytest.mark.parametrize("attempt", ["update {} set advertiser_id = advertiser_id", "delete from {}", "truncate {}"])
def test_the_application_has_no_right_to_change_history(played: Campaigns, table: str, attempt: str) -> None:
    campaign = played("plan")

    with pytest.raises(ProgrammingError, match="permission denied"), campaign.database.writing(SYSTEM) as session:
        session.connection().execute(text(attempt.format(table)))


@pytest.mark.parametrize(
    "attempt",
    [
        "update budget_version set body = ''",
        "update budget_version set total_amount = 0",
        "delete from budget_version",
        "update budget_decision set decision = 'approved'",
        "update document set content = ''",
        "update document set content_sha256 = ''",
        "delete from document",
    ],
)
def test_the_application_cannot_rewrite_what_was_decided_or_issued(played: Campaigns, attempt: str) -> None:
    campaign = played("plan")

    with pytest.raises(ProgrammingError, match="permission denied"), campaign.database.writing(SYSTEM) as session:
        session.connection().execute(text(attempt))
