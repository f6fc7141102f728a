"""The response rate that somebody states for a line of the plan, where anybody does.

Revision ID: 0052
Revises: 0051
"""

import sqlalchemy as sa
from alembic import op

revision = "0052"
down_revision = "0051"


def upgrade() -> None:
    op.add_column("plan_line", sa.Column("expected_rate", sa.Numeric(12, 6), nullable=True))
