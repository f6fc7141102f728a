"""Who was mentioned in a comment on a user task and has not looked yet.

Revision ID: 0017
Revises: 0016
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0017"
down_revision = "0016"


def upgrade() -> None:
    op.add_column("user_task", sa.Column("mentioned", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("user_task", "mentioned", server_default=None)
