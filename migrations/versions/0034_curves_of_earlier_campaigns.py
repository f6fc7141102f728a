"""How fast the answers of earlier campaigns came in, by channel, and the curves that a campaign keeps from its drop on.

Revision ID: 0034
Revises: 0033
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0034"
down_revision = "0033"

REFERENCES = {"advertiser_id": "advertiser", "published_by_id": "campaign"}


def upgrade() -> None:
    op.create_table(
        "history_curve",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("by_day", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_history_curve_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_curve")),
        sa.UniqueConstraint("advertiser_id", "campaign", "channel", name=op.f("uq_history_curve_advertiser_id_campaign_channel")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_history_curve_{column}"), "history_curve", [column], unique=False)
    op.execute("grant select, insert on history_curve to jalon_app")
    op.execute("alter table history_curve enable row level security")
    op.execute(
        "create policy members on history_curve using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.add_column("campaign", sa.Column("response_curves", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
