"""Overruns of a budget that have to be approved, and which of its decisions are about one.

A campaign that has frozen its lots already is sent without.

Revision ID: 0026
Revises: 0025
"""

import sqlalchemy as sa
from alembic import op

revision = "0026"
down_revision = "0025"


def upgrade() -> None:
    op.create_table(
        "budget_overrun",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("forecast_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_budget_overrun_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["budget_id"], ["budget_version.id"], name=op.f("fk_budget_overrun_budget_id_budget_version")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_budget_overrun_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["person.id"], name=op.f("fk_budget_overrun_prepared_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_overrun")),
    )
    for column in ("advertiser_id", "budget_id", "campaign_id", "prepared_by_id"):
        op.create_index(op.f(f"ix_budget_overrun_{column}"), "budget_overrun", [column], unique=False)
    op.execute("grant select, insert on budget_overrun to jalon_app")
    op.execute("grant update (to_seq, approved_at) on budget_overrun to jalon_app")
    op.execute("alter table budget_overrun enable row level security")
    op.execute(
        "create policy members on budget_overrun using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.add_column("budget_decision", sa.Column("overrun_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_budget_decision_overrun_id_budget_overrun"), "budget_decision", "budget_overrun", ["overrun_id"], ["id"])
    op.create_index(op.f("ix_budget_decision_overrun_id"), "budget_decision", ["overrun_id"], unique=False)
