"""What an approver asks about a budget that waits, and the answers.

Revision ID: 0022
Revises: 0021
"""

import sqlalchemy as sa
from alembic import op

revision = "0022"
down_revision = "0021"


def upgrade() -> None:
    op.create_table(
        "budget_question",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("asked_by_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answer", sa.Text(), nullable=False),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_budget_question_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_budget_question_answered_by_id_person")),
        sa.ForeignKeyConstraint(["asked_by_id"], ["person.id"], name=op.f("fk_budget_question_asked_by_id_person")),
        sa.ForeignKeyConstraint(["budget_id"], ["budget_version.id"], name=op.f("fk_budget_question_budget_id_budget_version")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_budget_question_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_question")),
    )
    for column in ("advertiser_id", "answered_by_id", "asked_by_id", "budget_id", "campaign_id"):
        op.create_index(op.f(f"ix_budget_question_{column}"), "budget_question", [column], unique=False)
    op.execute("grant select, insert, update, delete on budget_question to jalon_app")
    op.execute("alter table budget_question enable row level security")
    op.execute(
        "create policy members on budget_question using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
