"""Accounts at organisations' own providers, and challenges of whichever sign-in asks one.

Revision ID: 0054
Revises: 0053
"""

import sqlalchemy as sa
from alembic import op

revision = "0054"
down_revision = "0053"


def upgrade() -> None:
    op.create_table(
        "provider_account",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("issuer", sa.String(), nullable=False),
        sa.Column("subject", sa.String(), nullable=False),
        sa.Column("tied_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("last_used_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_provider_account_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_provider_account")),
        sa.UniqueConstraint("issuer", "subject", name=op.f("uq_provider_account_issuer_subject")),
        sa.UniqueConstraint("person_id", "issuer", name=op.f("uq_provider_account_person_id_issuer")),
    )
    op.create_index(op.f("ix_provider_account_person_id"), "provider_account", ["person_id"], unique=False)
    op.execute("grant select, insert, update, delete on provider_account to jalon_app")
    op.execute("alter table provider_account enable row level security")
    op.execute("create policy oneself on provider_account using ((select jalon_asker()) = 'system' or person_id = (select jalon_person()))")
    op.rename_table("passkey_challenge", "sign_in_challenge")
    op.execute("alter table sign_in_challenge rename constraint pk_passkey_challenge to pk_sign_in_challenge")
    op.execute(
        "alter table sign_in_challenge rename constraint fk_passkey_challenge_person_id_person to fk_sign_in_challenge_person_id_person"
    )
    op.execute("alter index ix_passkey_challenge_person_id rename to ix_sign_in_challenge_person_id")
