"""A lot may hold the people of its segment who stand in several files.

Revision ID: 0020
Revises: 0019
"""

import sqlalchemy as sa
from alembic import op

revision = "0020"
down_revision = "0019"


def upgrade() -> None:
    op.add_column("lot", sa.Column("in_several", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.alter_column("lot", "in_several", server_default=None)
