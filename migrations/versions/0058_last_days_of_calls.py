"""The last day of calls where they are proved.

Revision ID: 0058
Revises: 0057
"""

import sqlalchemy as sa
from alembic import op

revision = "0058"
down_revision = "0057"


def upgrade() -> None:
    op.add_column("deposit", sa.Column("ended_on", sa.Date(), nullable=True))
