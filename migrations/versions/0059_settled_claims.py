"""What the two agreed on where a refund claim is settled.

Revision ID: 0059
Revises: 0058
"""

import sqlalchemy as sa
from alembic import op

revision = "0059"
down_revision = "0058"


def upgrade() -> None:
    op.add_column("refund_claim", sa.Column("settled_amount", sa.Numeric(14, 2), nullable=True))
