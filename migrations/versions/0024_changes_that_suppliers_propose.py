"""The change that a supplier proposes to its order, and what was answered.

Revision ID: 0024
Revises: 0023
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0024"
down_revision = "0023"


def upgrade() -> None:
    for column, kind in (("proposal_state", sa.String()), ("proposal_words", sa.Text()), ("proposal_answer", sa.Text())):
        op.add_column("purchase_order", sa.Column(column, kind, nullable=False, server_default=""))
        op.alter_column("purchase_order", column, server_default=None)
    op.add_column("purchase_order", sa.Column("proposal", JSONB(), nullable=True))
