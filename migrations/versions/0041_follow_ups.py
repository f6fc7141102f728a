"""Follow-up campaigns: what owners let be mailed again, whom a campaign follows up, and what its files were made of.

Revision ID: 0041
Revises: 0040
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0041"
down_revision = "0040"


def upgrade() -> None:
    op.add_column("campaign_list", sa.Column("reuse_cpm", sa.Numeric(12, 6), nullable=True))
    op.add_column("campaign_list", sa.Column("reuse_until_on", sa.Date(), nullable=True))
    op.add_column("campaign_list", sa.Column("reuse_seconds", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("campaign_list", "reuse_seconds", server_default=None)
    op.add_column("delivered_file", sa.Column("brought_over", postgresql.JSONB(astext_type=sa.Text()), nullable=True))
    for table, column, to in (("campaign", "follow_up_of_id", "campaign"), ("campaign_list", "source_list_id", "campaign_list")):
        op.add_column(table, sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_{table}_{column}_{to}"), table, to, [column], ["id"])
        op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
