"""Work that a machine gave up moves like anything else: it has a version, and the moments when it failed and was sent back.

Revision ID: 0011
Revises: 0010
"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    op.add_column("outbox_message", sa.Column("version", sa.Integer(), server_default="0", nullable=False))
    op.alter_column("outbox_message", "version", server_default=None)
    op.add_column("outbox_message", sa.Column("failed_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("outbox_message", sa.Column("retried_at", sa.DateTime(timezone=True), nullable=True))
    op.execute("update outbox_message set failed_at = coalesce(done_at, created_at) where state = 'failed'")
