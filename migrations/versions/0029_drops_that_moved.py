"""Drops that were moved: from which day to which, by whom, and the schedule that held until then.

Revision ID: 0029
Revises: 0028
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0029"
down_revision = "0028"


def upgrade() -> None:
    op.create_table(
        "drop_move",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("from_on", sa.Date(), nullable=False),
        sa.Column("to_on", sa.Date(), nullable=False),
        sa.Column("retroplanning", postgresql.JSONB(astext_type=sa.Text()), nullable=True),
        sa.Column("moved_by_id", sa.Uuid(), nullable=True),
        sa.Column("moved_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_drop_move_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_drop_move_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["moved_by_id"], ["person.id"], name=op.f("fk_drop_move_moved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_drop_move")),
    )
    for column in ("advertiser_id", "campaign_id", "moved_by_id"):
        op.create_index(op.f(f"ix_drop_move_{column}"), "drop_move", [column], unique=False)
    op.execute("grant select, insert on drop_move to jalon_app")
    op.execute("alter table drop_move enable row level security")
    op.execute(
        "create policy members on drop_move using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
