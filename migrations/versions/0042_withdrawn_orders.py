"""The moment at which an order was withdrawn: what it still owes may be invoiced from that day on.

Revision ID: 0042
Revises: 0041
"""

import sqlalchemy as sa
from alembic import op

revision = "0042"
down_revision = "0041"


def upgrade() -> None:
    op.add_column("purchase_order", sa.Column("withdrawn_at", sa.DateTime(timezone=True), nullable=True))
