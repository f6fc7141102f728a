"""Lots that were to be mailed and are not: why, and the entry that decided it.

Revision ID: 0028
Revises: 0027
"""

import sqlalchemy as sa
from alembic import op

revision = "0028"
down_revision = "0027"


def upgrade() -> None:
    op.add_column("lot", sa.Column("not_sent_reason", sa.Text(), nullable=False, server_default=""))
    op.alter_column("lot", "not_sent_reason", server_default=None)
    op.add_column("lot", sa.Column("sending_decided_seq", sa.Integer(), nullable=True))
