"""Who sees what: the application's role, row-level security, and history that nobody changes.

Every table carries the advertiser it belongs to. A transaction says who asks through `jalon.asker`, `jalon.person`, `jalon.advertisers` and
`jalon.suppliers`; one that says nothing sees no row. Staff and the engine see their advertisers whole, a supplier only what is addressed
to it.

Revision ID: 0002
Revises: 0001
"""

from alembic import op

revision = "0002"
down_revision = "0001"

OF_AN_ADVERTISER = (
    "budget_decision",
    "budget_version",
    "campaign_list",
    "campaign_result",
    "checkpoint",
    "cost_item",
    "delivered_file",
    "deposit",
    "document",
    "document_pdf",
    "erasable_text",
    "history_row",
    "lesson",
    "list_segment",
    "lot",
    "lot_plan",
    "membership",
    "merge_purge_run",
    "message",
    "monitor_seed",
    "outbox_message",
    "plan_line",
    "policy_version",
    "purchase_order",
    "response",
    "response_batch",
    "responsibility",
    "stored_file",
    "supplier",
    "undeliverable",
    "user_task",
    "campaign",
)

TO_A_SUPPLIER = {
    "advertiser": "id in (select advertiser_id from supplier where id = any (jalon_suppliers()))",
    "campaign": "id in (select campaign_id from purchase_order where supplier_id = any (jalon_suppliers()))",
    "campaign_list": "coalesce(broker_id, owner_id) = any (jalon_suppliers())",
    "delivered_file": "supplier_id = any (jalon_suppliers())",
    "document": "supplier_id = any (jalon_suppliers())",
    "document_pdf": "supplier_id = any (jalon_suppliers())",
    "purchase_order": "supplier_id = any (jalon_suppliers())",
    "supplier": "id = any (jalon_suppliers())",
    "user_task": "supplier_id = any (jalon_suppliers())",
}

# What may still change in a row that is otherwise fixed once written.
CHANGEABLE = {
    "budget_version": "to_seq, approved_at",
    "budget_decision": "to_seq",
    "document": "state, version, issued_at",
    "document_pdf": None,
    "policy_version": None,
    "checkpoint": None,
}


def upgrade() -> None:
    op.execute(
        """
        do $$ begin
            if not exists (select from pg_roles where rolname = 'jalon_app') then
                create role jalon_app nologin nobypassrls;
            end if;
            if current_user <> 'jalon_app' and not pg_has_role(current_user, 'jalon_app', 'member') then
                grant jalon_app to current_user;
            end if;
        exception when insufficient_privilege then
            raise notice 'grant jalon_app to the application''s login as an administrator';
        end $$
        """
    )
    op.execute("create function jalon_asker() returns text language sql stable as $$ select current_setting('jalon.asker', true) $$")
    for name in ("advertisers", "suppliers"):
        op.execute(
            f"create function jalon_{name}() returns uuid[] language sql stable as "
            f"$$ select string_to_array(nullif(current_setting('jalon.{name}', true), ''), ',')::uuid[] $$"
        )
    op.execute(
        "create function jalon_person() returns uuid language sql stable as "
        "$$ select nullif(current_setting('jalon.person', true), '')::uuid $$"
    )
    op.execute("grant usage on schema public to jalon_app")
    op.execute("grant select, insert, update, delete on all tables in schema public to jalon_app")
    op.execute("revoke all on alembic_version from jalon_app")
    op.execute("grant select on alembic_version to jalon_app")
    for table, columns in CHANGEABLE.items():
        op.execute(f"revoke update, delete, truncate on {table} from jalon_app")
        if columns:
            op.execute(f"grant update ({columns}) on {table} to jalon_app")
    for table in OF_AN_ADVERTISER:
        _protect(table, "advertiser_id = any ((select jalon_advertisers())::uuid[])")
    _protect("advertiser", "id = any ((select jalon_advertisers())::uuid[])")
    _protect("person", "id in (select person_id from membership where advertiser_id = any (jalon_advertisers()))")
    op.execute("create policy oneself on person for select using (id = (select jalon_person()))")
    op.execute("create policy oneself on membership for select using (person_id = (select jalon_person()))")
    for table, condition in TO_A_SUPPLIER.items():
        op.execute(f"create policy addressed on {table} for select using ({condition})")
    op.execute(
        """
        create function refuse_change() returns trigger language plpgsql as $$
        begin
            raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
        end $$
        """
    )
    for table in ("checkpoint", "document_pdf", "policy_version"):
        op.execute(f"create trigger append_only before update or delete on {table} for each row execute function refuse_change()")
        op.execute(f"create trigger append_only_whole before truncate on {table} execute function refuse_change()")


def _protect(table: str, condition: str) -> None:
    op.execute(f"alter table {table} enable row level security")
    op.execute(f"create policy members on {table} using ((select jalon_asker()) = 'system' or {condition})")
