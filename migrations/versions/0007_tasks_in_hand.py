"""User tasks that people take in hand: a version, a priority, a day until which they rest, and who handed them on.

Revision ID: 0007
Revises: 0006
"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    op.add_column("user_task", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    op.add_column("user_task", sa.Column("priority", sa.String(), nullable=False, server_default="normal"))
    for column in ("version", "priority"):
        # For the rows that are there; every new one says it.
        op.alter_column("user_task", column, server_default=None)
    op.add_column("user_task", sa.Column("follow_up_on", sa.Date(), nullable=True))
    op.add_column("user_task", sa.Column("delegated_by_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_user_task_delegated_by_id_person"), "user_task", "person", ["delegated_by_id"], ["id"])
    op.create_index(op.f("ix_user_task_delegated_by_id"), "user_task", ["delegated_by_id"], unique=False)
