"""E-mails with a link to choose a password, which belong to no campaign: nobody but the machine reads for whom one was asked.

Revision ID: 0039
Revises: 0038
"""

import sqlalchemy as sa
from alembic import op

revision = "0039"
down_revision = "0038"


def upgrade() -> None:
    op.create_table(
        "password_letter",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_password_letter_advertiser_id_advertiser")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_password_letter")),
        sa.UniqueConstraint("email", name=op.f("uq_password_letter_email")),
    )
    op.create_index(op.f("ix_password_letter_advertiser_id"), "password_letter", ["advertiser_id"], unique=False)
    op.execute("grant select, insert, update, delete on password_letter to jalon_app")
    op.execute("alter table password_letter enable row level security")
    op.execute("create policy machine on password_letter using ((select jalon_asker()) = 'system')")
