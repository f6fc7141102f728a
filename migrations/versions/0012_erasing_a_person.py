"""Erasing a person: the register of who was erased, by opaque id, and the one way in which a document's words change.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.create_table(
        "erasure",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("erased_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("campaigns", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_erasure_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_erasure_asked_by_id_person")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_erasure_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasure")),
    )
    for column in ("advertiser_id", "asked_by_id", "person_id"):
        op.create_index(op.f(f"ix_erasure_{column}"), "erasure", [column], unique=False)
    op.execute("grant select, insert on erasure to jalon_app")
    op.execute("alter table erasure enable row level security")
    op.execute(
        "create policy members on erasure using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute("create trigger append_only before update or delete on erasure for each row execute function refuse_change()")
    op.execute("create trigger append_only_whole before truncate on erasure execute function refuse_change()")
    # The application may change no document and delete no PDF; this function may, for one document at a time, asked by the engine.
    op.execute(
        """
        create function jalon_redact_document(redacted uuid, words bytea, words_sha256 text) returns void
        language plpgsql security definer set search_path = public, pg_temp as $$
        begin
            if jalon_asker() is distinct from 'system' then
                raise exception 'only the engine redacts a document' using errcode = 'insufficient_privilege';
            end if;
            perform set_config('jalon.redacted', redacted::text, true);
            delete from document_pdf where document_id = redacted;
            update document set content = words, content_sha256 = words_sha256 where id = redacted;
            perform set_config('jalon.redacted', '', true);
        end $$
        """
    )
    op.execute("revoke all on function jalon_redact_document(uuid, bytea, text) from public")
    op.execute("grant execute on function jalon_redact_document(uuid, bytea, text) to jalon_app")
    op.execute(
        """
        create function refuse_change_of_pdf() returns trigger language plpgsql as $$
        begin
            if tg_op = 'DELETE' and current_setting('jalon.redacted', true) = old.document_id::text then
                return old;
            end if;
            raise exception '% is append-only', tg_table_name using errcode = 'restrict_violation';
        end $$
        """
    )
    op.execute("drop trigger append_only on document_pdf")
    op.execute("create trigger append_only before update or delete on document_pdf for each row execute function refuse_change_of_pdf()")
