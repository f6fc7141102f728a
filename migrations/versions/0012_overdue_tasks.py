"""When somebody was reminded of an overdue user task, and when it was escalated.

Revision ID: 0012
Revises: 0011
"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"


def upgrade() -> None:
    op.add_column("user_task", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_task", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
