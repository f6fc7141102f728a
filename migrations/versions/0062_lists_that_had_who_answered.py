"""All lists that had the person of an answer: what the merge-purge left tells them until it is destroyed.

Revision ID: 0062
Revises: 0061
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0062"
down_revision = "0061"


def upgrade() -> None:
    op.add_column("response", sa.Column("lists", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("response", "lists", server_default=None)
