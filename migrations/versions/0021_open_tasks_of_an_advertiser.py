"""The index of an advertiser's user tasks tells open ones from those that are done: whoever has few open has long had many.

Revision ID: 0021
Revises: 0020
"""

from alembic import op

revision = "0021"
down_revision = "0020"


def upgrade() -> None:
    op.create_index("ix_user_task_of_advertiser", "user_task", ["advertiser_id", "state"])
    op.drop_index("ix_user_task_advertiser_id", table_name="user_task")
