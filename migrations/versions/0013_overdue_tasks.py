"""When somebody was reminded of an overdue user task, and when it was escalated.

Revision ID: 0013
Revises: 0012
"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"


def upgrade() -> None:
    op.add_column("user_task", sa.Column("reminded_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("user_task", sa.Column("escalated_at", sa.DateTime(timezone=True), nullable=True))
