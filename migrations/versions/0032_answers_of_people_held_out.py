"""Whom the match key names in an answer, and the lot they are in, so that mailed and held out can be compared by the same means.

Revision ID: 0032
Revises: 0031
"""

import sqlalchemy as sa
from alembic import op

revision = "0032"
down_revision = "0031"


def upgrade() -> None:
    for name in ("matched_id", "matched_lot"):
        op.add_column("response", sa.Column(name, sa.String(), nullable=False, server_default=""))
        op.alter_column("response", name, server_default=None)
