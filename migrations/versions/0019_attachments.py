"""A stored file may be put with a user task.

Revision ID: 0019
Revises: 0018
"""

import sqlalchemy as sa
from alembic import op

revision = "0019"
down_revision = "0018"


def upgrade() -> None:
    op.add_column("stored_file", sa.Column("user_task_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_stored_file_user_task_id_user_task"), "stored_file", "user_task", ["user_task_id"], ["id"])
    op.create_index(op.f("ix_stored_file_user_task_id"), "stored_file", ["user_task_id"], unique=False)
