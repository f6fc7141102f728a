"""What a withdrawn order still costs, by its cancellation terms.

Revision ID: 0015
Revises: 0014
"""

import sqlalchemy as sa
from alembic import op

revision = "0015"
down_revision = "0014"


def upgrade() -> None:
    op.add_column("purchase_order", sa.Column("owed_amount", sa.Numeric(14, 2), nullable=True))
