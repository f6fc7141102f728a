"""The change that a supplier proposes to its order, and what was answered; what its delivery note says of criteria and segments.

Revision ID: 0025
Revises: 0024
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0025"
down_revision = "0024"


def upgrade() -> None:
    for column, kind in (("proposal_state", sa.String()), ("proposal_words", sa.Text()), ("proposal_answer", sa.Text())):
        op.add_column("purchase_order", sa.Column(column, kind, nullable=False, server_default=""))
        op.alter_column("purchase_order", column, server_default=None)
    op.add_column("purchase_order", sa.Column("proposal", JSONB(), nullable=True))
    op.add_column("delivered_file", sa.Column("criteria", sa.Text(), nullable=False, server_default=""))
    op.alter_column("delivered_file", "criteria", server_default=None)
    op.add_column("delivered_file", sa.Column("declared_segments", JSONB(), nullable=True))
