"""Passkeys, the challenges that wait for an answer, and the e-mails that tell of a passkey.

Revision ID: 0045
Revises: 0044
"""

import sqlalchemy as sa
from alembic import op

revision = "0045"
down_revision = "0044"


def upgrade() -> None:
    op.create_table(
        "passkey",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("credential_id", sa.String(), nullable=False),
        sa.Column("public_key", sa.String(), nullable=False),
        sa.Column("uses", sa.BigInteger(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_passkey")),
        sa.UniqueConstraint("credential_id", name=op.f("uq_passkey_credential_id")),
    )
    op.create_index(op.f("ix_passkey_person_id"), "passkey", ["person_id"], unique=False)
    op.create_table(
        "passkey_challenge",
        sa.Column("challenge_sha256", sa.String(), nullable=False),
        sa.Column("purpose", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_passkey_challenge_person_id_person")),
        sa.PrimaryKeyConstraint("challenge_sha256", name=op.f("pk_passkey_challenge")),
    )
    op.create_index(op.f("ix_passkey_challenge_person_id"), "passkey_challenge", ["person_id"], unique=False)
    for table in ("passkey", "passkey_challenge"):
        op.execute(f"grant select, insert, update, delete on {table} to jalon_app")
        op.execute(f"alter table {table} enable row level security")
    op.execute("create policy oneself on passkey using ((select jalon_asker()) = 'system' or person_id = (select jalon_person()))")
    op.execute("create policy machine on passkey_challenge using ((select jalon_asker()) = 'system')")
    # One e-mail an address asks to choose a password; of passkeys each is told.
    for name in ("kind", "about"):
        op.add_column("password_letter", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.alter_column("password_letter", name, server_default=None)
    op.execute("update password_letter set kind = 'password'")
    op.drop_constraint(op.f("uq_password_letter_email"), "password_letter", type_="unique")
    op.create_index(
        op.f("uq_password_letter_email"), "password_letter", ["email"], unique=True, postgresql_where=sa.text("kind = 'password'")
    )
