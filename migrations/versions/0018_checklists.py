"""Which points of a user task's checklist are ticked: by whom and when, by the point's code.

Revision ID: 0018
Revises: 0017
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0018"
down_revision = "0017"


def upgrade() -> None:
    op.add_column("user_task", sa.Column("ticks", JSONB(), nullable=False, server_default="{}"))
    op.alter_column("user_task", "ticks", server_default=None)
