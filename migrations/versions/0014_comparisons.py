"""A run of the merge-purge keeps the comparisons that people asked for.

Revision ID: 0014
Revises: 0013
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0014"
down_revision = "0013"


def upgrade() -> None:
    column = sa.Column("comparisons", postgresql.JSONB(astext_type=sa.Text()), server_default="[]", nullable=False)
    op.add_column("merge_purge_run", column)
    op.alter_column("merge_purge_run", "comparisons", server_default=None)
