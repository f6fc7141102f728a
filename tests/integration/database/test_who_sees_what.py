"""Row-level security: nobody who does not say who asks sees a row, and nobody sees another's."""

from collections.abc import Callable
from dataclasses import replace
from uuid import uuid4

import psycopg
import pytest
from sqlalchemy import text
from sqlalchemy.exc import DBAPIError
from sqlmodel import Session

from app.database import act_for_advertiser, as_asked, say_who_asks
from app.evidence.notes import Signer
from app.evidence.sealer import seal
from tests.integration.stages.played import Played
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.roles import STAFF, Role

Campaigns = Callable[[str], Played]

A_SUPPLIER_S = {
    "advertiser",
    "campaign",
    "campaign_list",
    "count_request",
    "delivered_file",
    "destruction_certificate",
    "document",
    "document_pdf",
    "handed_file",
    "invoice",
    "list_basis",
    "list_count",
    "membership",
    "objection_file",
    "person",
    "proof",
    "purchase_order",
    "refund_claim",
    "response_batch",
    "sample_approval",
    "sample_piece",
    "supplier",
    "user_task",
}
"""Tables of which a supplier sees its own rows."""

NOT_ONE_S_ALONE = {"advertiser", "campaign", "campaign_list", "delivered_file", "document", "document_pdf", "membership", "person", "proof"}
OF_SUPPLIERS = sorted(A_SUPPLIER_S - NOT_ONE_S_ALONE - {"purchase_order", "sample_piece", "supplier", "user_task"})
"""Tables whose rows are each one supplier's, once it may know of them."""

ITS_OWN_PEOPLE_S = {"api_token", "idempotency_key", "passkey", "provider_account"}
"""Tables of which anybody sees the rows of their own person."""


def tables(campaign: Played) -> list[str]:
    """Every table but the migrations' own."""
    with campaign.behind_the_engine() as connection:
        names = {name for (name,) in connection.execute("select tablename from pg_tables where schemaname = 'public'")}
    return sorted(names - {"alembic_version"})


def seen(session: Session, campaign: Played) -> dict[str, int]:
    """How many rows of each table a transaction sees, where it sees any."""
    counts = {name: session.connection().execute(text(f"select count(*) from {name}")).scalar_one() for name in tables(campaign)}
    return {name: count for name, count in counts.items() if count}


NOBODY_S = {"mailed_head", "password_letter", "process_shape", "sign_in_challenge"}
"""What belongs to no advertiser: only the machine sees it."""


def everything(campaign: Played) -> dict[str, int]:
    with campaign.behind_the_engine() as connection:
        counts = {name: connection.execute(f"select count(*) from {name}").fetchone()[0] for name in tables(campaign)}
    return {name: count for name, count in counts.items() if count}


@pytest.fixture
def campaign(played: Campaigns) -> Played:
    """A campaign with rows in nearly every table, and a drawn document."""
    campaign = played("closed")
    with campaign.behind_the_engine() as connection:
        connection.execute(
            "insert into document_pdf (id, document_id, advertiser_id, supplier_id, locale, pdf, sha256)"
            " select gen_random_uuid(), id, advertiser_id, supplier_id, 'fr', '', '' from document"
        )
        connection.execute(
            "insert into api_token (id, person_id, name, token_sha256, fingerprint, created_at, expires_at)"
            " select gen_random_uuid(), id, 'x', id::text, '', now(), now() from person;"
            "insert into passkey (id, person_id, name, credential_id, public_key, uses, created_at)"
            " select gen_random_uuid(), id, 'x', id::text, '', 0, now() from person;"
            "insert into provider_account (id, person_id, issuer, subject, tied_at, last_used_at)"
            " select gen_random_uuid(), id, '', id::text, now(), now() from person;"
            "insert into sign_in_challenge (challenge_sha256, purpose, person_id, expires_at) select id::text, 'add', id, now() from person"
        )
        connection.execute(
            "insert into password_letter (id, email, kind, about, advertiser_id, asked_at, due_at, attempts)"
            " select gen_random_uuid(), email, 'password', '', %s, now(), now(), 0 from person",
            [campaign.advertiser_id],
        )
        connection.execute(
            "insert into idempotency_key (person_id, key, advertiser_id, fingerprint, answer, answered_at)"
            " select id, 'x', %s, '', '[]', now() from person",
            [campaign.advertiser_id],
        )
        connection.execute(
            "insert into override (id, campaign_id, advertiser_id, from_seq, control, about, is_grant, expected, actual, reason,"
            " overridden_at, review, comment)"
            " select gen_random_uuid(), id, advertiser_id, 1, '', '', false, '', '', '', now(), '', '' from campaign"
        )
        connection.execute(
            "insert into budget_question (id, campaign_id, advertiser_id, from_seq, budget_id, number, words, asked_at, answer)"
            " select gen_random_uuid(), campaign_id, advertiser_id, 1, id, 1, '', now(), '' from budget_version"
        )
        connection.execute(
            "insert into objection_file (id, campaign_id, advertiser_id, from_seq, supplier_id, file_id, sha256, counts, as_of_seq,"
            " handed_over_at)"
            " select gen_random_uuid(), file.campaign_id, file.advertiser_id, 1, supplier.id, file.id, '', '{}', 1, now()"
            " from supplier, (select * from stored_file limit 1) as file where supplier.code in ('S-CRT', 'S-ECL')"
        )
        connection.execute(
            "insert into handed_file (id, campaign_id, advertiser_id, from_seq, supplier_id, name, sha256, quantity, handed_at)"
            " select gen_random_uuid(), campaign_id, advertiser_id, 1, supplier_id, '', '', 1, now() from purchase_order"
            " on conflict do nothing"
        )
        connection.execute(
            "insert into destruction_certificate (id, campaign_id, advertiser_id, from_seq, supplier_id, due_on, state, method, remaining,"
            " operator, signatory, waived_reason)"
            " select distinct on (supplier_id) gen_random_uuid(), campaign_id, advertiser_id, 1, supplier_id, current_date, 'awaited', '',"
            " '', '', '', '' from purchase_order on conflict do nothing"
        )
        for table, columns, values in (
            ("count_request", "wanted, exclusions, due_on, asked_at", "'{}', '', current_date, now()"),
            (
                "refund_claim",
                "number, order_number, list_code, mailed_qty, undeliverable_qty, allowed_qty, warranty_rate, amount, counts, due_on,"
                " claimable_until_on, state, answer, reason, claimed_at",
                "'', '', '', 1, 1, 0, 0, 1, '{}', current_date, current_date, 'sent', '', '', now()",
            ),
            ("sample_approval", "samples, asked_at, objection, on_behalf", """'{"A": {"version": 1, "sha256": ""}}', now(), '', false"""),
            ("list_count", "available, remark, on_behalf, counted_at", "'{}', '', false, now()"),
            (
                "list_basis",
                "legal_basis, collected_through, partners_named, objections_purged_on, data_role, on_behalf, stated_at",
                "'', '', true, now(), '', false, now()",
            ),
        ):
            connection.execute(
                f"insert into {table} (id, campaign_id, advertiser_id, from_seq, list_id, supplier_id, {columns})"
                f" select gen_random_uuid(), campaign_id, advertiser_id, 1, id, coalesce(broker_id, owner_id), {values} from campaign_list"
                " where nature <> 'house'"
            )
        connection.execute(
            "insert into sample_piece (id, campaign_id, advertiser_id, from_seq, message, version, file_id, sha256, media_type,"
            " attached_at) select gen_random_uuid(), campaign_id, advertiser_id, 1, 'A', 1, id, '', '', now() from stored_file limit 1;"
            "insert into suppression_reading (id, campaign_id, advertiser_id, from_seq, file_id, record_count, fault, detail)"
            " select gen_random_uuid(), campaign_id, advertiser_id, 1, id, 1, '', '' from stored_file limit 1"
        )
        connection.execute(
            "insert into budget_overrun (id, campaign_id, advertiser_id, from_seq, budget_id, body, sha256, forecast_amount, prepared_at)"
            " select gen_random_uuid(), campaign_id, advertiser_id, 1, id, '', '', 1, now() from budget_version"
        )
        connection.execute("update response_batch set supplier_id = (select id from supplier where code = 'S-CAG')")
        for table, columns, values in (
            ("drop_move", "from_on, to_on, moved_at", "drop_on, drop_on, now()"),
            ("lot_tracking", "body, sha256, stated_at", "'{}', '', now()"),
            ("mailing_description", "body, sha256, described_at", "'{}', '', now()"),
            (
                "contact_report",
                "batch_id, row_sha256, reported_on, lot_code, unique_id, outcome, hour",
                "(select min(id::text)::uuid from response_batch), '', drop_on, '', '', '', ''",
            ),
            ("cancellation", "reason, owed, owed_amount, requested_at, decision, comment", "'', '{}', 0, now(), 'refused', ''"),
        ):
            connection.execute(
                f"insert into {table} (id, campaign_id, advertiser_id, from_seq, {columns})"
                f" select gen_random_uuid(), id, advertiser_id, 1, {values} from campaign"
            )
        connection.execute(
            "insert into substitution (id, advertiser_id, person_id, substitute_id, role, from_on, to_on, arranged_by_id, arranged_at)"
            " select gen_random_uuid(), advertiser_id, person_id, person_id, role, '2026-07-06', '2026-07-07', person_id, now()"
            " from membership where role = 'budget_approver'"
        )
        connection.execute(
            "insert into erasure (id, advertiser_id, person_id, erased_at, campaigns)"
            " select gen_random_uuid(), advertiser_id, person_id, now(), 1 from membership where role = 'budget_approver'"
        )
    seal(campaign.database, Signer(bytes(32)), now=campaign.now)
    with campaign.behind_the_engine() as connection:
        connection.execute("insert into mailed_head select size, now() from signed_head")
    return campaign


def test_every_table_is_protected(campaign: Played) -> None:
    with campaign.behind_the_engine() as connection:
        bare = connection.execute(
            "select relname from pg_class c join pg_namespace n on n.oid = c.relnamespace"
            " where nspname = 'public' and relkind in ('r', 'p', 'v', 'm') and not relrowsecurity"
        ).fetchall()
    assert bare == [("alembic_version",)]


def test_a_query_that_does_not_say_who_asks_sees_nothing(campaign: Played) -> None:
    assert set(tables(campaign)) == set(everything(campaign)), "there is something to be seen in every table"

    with Session(campaign.database.engine) as session:
        assert seen(session, campaign) == {}


def test_somebody_without_any_role_sees_only_what_is_theirs(campaign: Played) -> None:
    nobody = Actor(person_id=uuid4())
    with campaign.database.reading(nobody) as session:
        assert seen(session, campaign) == {}

    with campaign.database.reading(replace(campaign.deputy, grants=())) as session:
        assert seen(session, campaign) == dict.fromkeys(("person", "membership", *ITS_OWN_PEOPLE_S), 1)


def test_the_machine_sees_everything(campaign: Played) -> None:
    with campaign.database.reading(SYSTEM) as session:
        assert seen(session, campaign) == everything(campaign)


@pytest.mark.parametrize("role", sorted(STAFF))
def test_staff_see_their_advertiser_whole_and_their_own_tokens(campaign: Played, role: Role) -> None:
    with campaign.database.reading(campaign.as_role(role)) as session:
        whole = {name: count for name, count in everything(campaign).items() if name not in NOBODY_S}
        assert seen(session, campaign) == {**whole, **dict.fromkeys(ITS_OWN_PEOPLE_S - {"idempotency_key"}, 1)}


def test_staff_of_one_advertiser_see_nothing_of_another_s(campaign: Played) -> None:
    with campaign.behind_the_engine() as connection:
        (other_id,) = connection.execute(
            "insert into advertiser (id, name, siren, vat_number, address, postcode, town)"
            " values (gen_random_uuid(), 'Autre Maison', '', '', '', '', '') returning id"
        ).fetchone()
    stranger = Actor(person_id=uuid4(), grants=tuple(Grant(advertiser_id=other_id, role=role) for role in STAFF))

    with campaign.database.reading(stranger) as session:
        assert seen(session, campaign) == {"advertiser": 1, "signed_head": 1}, "a head is of all history and tells nothing of it"


def test_staff_write_nothing_into_another_s_campaign(campaign: Played) -> None:
    stranger = Actor(person_id=uuid4(), grants=(Grant(advertiser_id=uuid4(), role=Role.PROJECT_MANAGER),))
    with campaign.database.writing(stranger) as session:
        assert session.connection().execute(text("update campaign set title = 'volé'")).rowcount == 0
        assert session.connection().execute(text("delete from lesson")).rowcount == 0

    with pytest.raises(DBAPIError, match="row-level security"), campaign.database.writing(stranger) as session:
        session.connection().execute(text(f"insert into supplier values (gen_random_uuid(), '{campaign.advertiser_id}', 'X', 'X', 'x')"))


@pytest.mark.parametrize("code", ["S-CRT", "S-ECL", "S-ROU", "S-CAG"])
def test_a_supplier_sees_its_own_rows_and_no_other(campaign: Played, code: str) -> None:
    supplier = campaign.actors[code]
    (mine,) = supplier.supplier_ids
    with campaign.database.reading(supplier) as session:
        found = seen(session, campaign)
        owners = {
            table: set(session.connection().execute(text(f"select distinct supplier_id from {table}")).scalars())
            for table in ("delivered_file", "document", "document_pdf", "purchase_order", "user_task", "membership", *OF_SUPPLIERS)
        }
        lists = set(session.connection().execute(text("select coalesce(broker_id, owner_id) from campaign_list")).scalars())
        others = session.connection().execute(text("select count(*) from supplier where id <> :mine"), {"mine": mine}).scalar_one()
        people = set(
            session.connection()
            .execute(
                text("select id from person union all select person_id from api_token union all select person_id from idempotency_key")
            )
            .scalars()
        )

    assert set(found) <= A_SUPPLIER_S | ITS_OWN_PEOPLE_S
    assert {table: ids for table, ids in owners.items() if not ids <= {mine}} == {}
    assert owners["purchase_order"] == {mine}
    assert lists <= {mine}
    assert (others, people) == (0, {supplier.person_id})


def test_of_suppliers_those_that_print_or_mail_see_proofs(campaign: Played) -> None:
    def proofs(code: str) -> int:
        with campaign.database.reading(campaign.actors[code]) as session:
            return seen(session, campaign).get("proof", 0)

    assert {code: proofs(code) for code in ("S-IMP", "S-ROU", "S-CAG", "S-CRT", "S-TEL")} == {
        "S-IMP": 2,
        "S-ROU": 2,
        "S-CAG": 0,
        "S-CRT": 0,
        "S-TEL": 0,
    }
    with campaign.behind_the_engine() as connection:
        connection.execute("update purchase_order set state = 'cancelled' where list_id is null")
        connection.commit()
    assert (proofs("S-IMP"), proofs("S-ROU")) == (0, 0), "whoever does nothing for it any more sees nothing of it"


def test_a_supplier_without_an_order_sees_no_campaign(campaign: Played) -> None:
    with campaign.database.reading(campaign.actors["S-TEL"]) as session:
        assert set(seen(session, campaign)) == {"advertiser", "membership", "person", "supplier"} | ITS_OWN_PEOPLE_S


def test_a_supplier_changes_no_row_by_itself(campaign: Played) -> None:
    supplier = campaign.actors["S-CRT"]
    with campaign.database.writing(supplier) as session:
        for attempt in (
            "update purchase_order set total_amount = 0",
            "update campaign_list set cpm = 0",
            "update user_task set state = 'done'",
            "delete from delivered_file",
            "update membership set role = 'project_manager'",
            "update person set email = 'x'",
        ):
            assert session.connection().execute(text(attempt)).rowcount == 0, attempt


def test_who_asked_is_forgotten_with_the_transaction_on_the_very_same_connection(campaign: Played) -> None:
    database = campaign.database
    connections = set()

    def look() -> dict[str, int]:
        with Session(database.engine) as session:
            connections.add(session.connection().execute(text("select pg_backend_pid()")).scalar_one())
            return seen(session, campaign)

    assert look() == {}
    with database.reading(SYSTEM) as session:
        assert seen(session, campaign)
    assert look() == {}
    with database.writing(campaign.manager) as session:
        act_for_advertiser(session, campaign.advertiser_id, campaign.manager)
        assert seen(session, campaign)
    assert look() == {}
    with pytest.raises(DBAPIError), database.writing(SYSTEM) as session:
        session.connection().execute(text("select 1 / 0"))
    assert look() == {}
    assert len(connections) == 1, "the connection was the same all along"


def test_a_question_is_answered_for_whoever_asks_it_each_time_anew(campaign: Played) -> None:
    titles = as_asked("with seen as materialized (select title from campaign) select title, %(word)s from seen")
    stranger = replace(campaign.manager, person_id=uuid4(), grants=(Grant(advertiser_id=uuid4(), role=Role.PROJECT_MANAGER),))

    # More often than the driver takes to prepare it, and the server to keep its plan.
    for _ in range(12):
        assert len(campaign.database.asked(campaign.manager, titles, {"word": "a"})) == 1
        assert campaign.database.asked(stranger, titles, {"word": "b"}) == []
        assert len(campaign.database.asked(SYSTEM, titles, {"word": "c"})) == 1
        with Session(campaign.database.engine) as session:
            assert session.connection().execute(text("select count(*) from campaign")).scalar_one() == 0, "nothing is left of who asked"


def test_a_connection_is_lent_for_a_question_and_comes_back_as_it_was(campaign: Played) -> None:
    with pytest.raises(psycopg.errors.DivisionByZero):
        campaign.database.asked(SYSTEM, as_asked("select 1 / %(by)s"), {"by": 0})
    with Session(campaign.database.engine) as session:
        say_who_asks(session, SYSTEM)
        session.connection().execute(text("update campaign set title = 'x'"))
        session.rollback()
    with campaign.database.reading(SYSTEM) as session:
        assert session.connection().execute(text("select title from campaign")).scalar_one() != "x"


def test_what_only_reads_cannot_write(campaign: Played) -> None:
    with pytest.raises(DBAPIError, match="read-only"), campaign.database.reading(SYSTEM) as session:
        session.connection().execute(text("update campaign set title = 'x'"))
    with pytest.raises(psycopg.errors.SyntaxError):
        campaign.database.asked(SYSTEM, as_asked("update campaign set title = 'x' returning title"), {})
    with pytest.raises(psycopg.errors.FeatureNotSupported):
        campaign.database.asked(SYSTEM, as_asked("with x as (update campaign set title = 'x' returning title) select title from x"), {})
    with campaign.database.writing(SYSTEM) as session:
        assert session.connection().execute(text("update campaign set title = 'x'")).rowcount == 1


def test_the_application_owns_nothing_and_bypasses_nothing(campaign: Played) -> None:
    with campaign.behind_the_engine() as connection:
        rights = "select rolsuper, rolbypassrls, rolcreaterole, rolcreatedb from pg_roles where rolname = 'jalon_app'"
        assert connection.execute(rights).fetchone() == (False, False, False, False)
        owned = connection.execute("select count(*) from pg_shdepend where deptype = 'o' and refobjid = 'jalon_app'::regrole").fetchone()
        assert owned == (0,)
        member = "select count(*) from pg_auth_members where member = 'jalon_app'::regrole"
        assert connection.execute(member).fetchone() == (0,)
        create = "select has_schema_privilege('jalon_app', 'public', 'create')"
        assert connection.execute(create).fetchone() == (False,)


def test_the_engine_sees_no_other_advertiser_of_its_asker(campaign: Played) -> None:
    grants = (*campaign.manager.grants, Grant(advertiser_id=uuid4(), role=Role.PROJECT_MANAGER))
    both = replace(campaign.manager, grants=grants)

    def seen_advertisers() -> str:
        return str(session.connection().execute(text("select current_setting('jalon.advertisers')")).scalar_one())

    with campaign.database.writing(both) as session:
        assert "," in seen_advertisers()
        act_for_advertiser(session, campaign.advertiser_id, both)
        assert seen_advertisers() == str(campaign.advertiser_id)
