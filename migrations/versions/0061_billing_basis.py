"""Of what the least share of a list is a share, and which of its losses are never billed.

Revision ID: 0061
Revises: 0060
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0061"
down_revision = "0060"


def upgrade() -> None:
    losses = sa.Column("unbilled_reasons", postgresql.JSONB(astext_type=sa.Text()), nullable=False, server_default="[]")
    op.add_column("campaign_list", sa.Column("billing_basis", sa.String(), nullable=False, server_default="delivered"))
    op.add_column("campaign_list", losses)
    for name in ("billing_basis", "unbilled_reasons"):
        op.alter_column("campaign_list", name, server_default=None)
