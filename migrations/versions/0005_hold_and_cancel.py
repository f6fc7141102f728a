"""Campaigns that rest or are given up: where they stood, what was left of each delay, and what a cancellation costs.

Revision ID: 0005
Revises: 0004
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0005"
down_revision = "0004"


def upgrade() -> None:
    op.add_column("campaign", sa.Column("stood_in", sa.String(), nullable=True))
    op.add_column("campaign", sa.Column("rested_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_task", sa.Column("remaining_days", sa.Integer(), nullable=True))
    op.add_column("outbox_message", sa.Column("remaining_days", sa.Integer(), nullable=True))
    op.create_table(
        "cancellation",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("owed", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("owed_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("requested_by_id", sa.Uuid(), nullable=True),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_by_id", sa.Uuid(), nullable=True),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_cancellation_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_cancellation_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["decided_by_id"], ["person.id"], name=op.f("fk_cancellation_decided_by_id_person")),
        sa.ForeignKeyConstraint(["requested_by_id"], ["person.id"], name=op.f("fk_cancellation_requested_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cancellation")),
    )
    for column in ("advertiser_id", "campaign_id", "decided_by_id", "requested_by_id"):
        op.create_index(op.f(f"ix_cancellation_{column}"), "cancellation", [column], unique=False)
    op.execute("grant select, insert, update, delete on cancellation to jalon_app")
    op.execute("alter table cancellation enable row level security")
    op.execute(
        "create policy members on cancellation using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
