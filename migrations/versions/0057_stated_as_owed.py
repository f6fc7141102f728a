"""What a project manager states that an order for services would owe, and why.

Revision ID: 0057
Revises: 0056
"""

import sqlalchemy as sa
from alembic import op

revision = "0057"
down_revision = "0056"


def upgrade() -> None:
    op.add_column("purchase_order", sa.Column("stated_amount", sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column("purchase_order", sa.Column("stated_reason", sa.Text(), server_default="", nullable=False))
    op.alter_column("purchase_order", "stated_reason", server_default=None)
