"""What stays of what people give or buy, as a campaign's brief says it; all of it stays in those there are.

Revision ID: 0060
Revises: 0059
"""

import sqlalchemy as sa
from alembic import op

revision = "0060"
down_revision = "0059"


def upgrade() -> None:
    op.add_column("campaign", sa.Column("margin_rate", sa.Numeric(12, 6), nullable=False, server_default="1"))
    op.add_column("campaign", sa.Column("handling_amount", sa.Numeric(14, 2), nullable=False, server_default="0"))
    for name in ("margin_rate", "handling_amount"):
        op.alter_column("campaign", name, server_default=None)
