"""Days of a list's terms: until when its offer may be ordered, and its protected dates.

Revision ID: 0036
Revises: 0035
"""

import sqlalchemy as sa
from alembic import op

revision = "0036"
down_revision = "0035"


def upgrade() -> None:
    for name in ("offer_until_on", "protected_from_on", "protected_until_on"):
        op.add_column("campaign_list", sa.Column(name, sa.Date(), nullable=True))
