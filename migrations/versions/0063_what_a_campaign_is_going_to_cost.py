"""What a campaign is going to cost, as it was last reckoned: kept beside it, for pages with many campaigns.

Revision ID: 0063
Revises: 0062
"""

import sqlalchemy as sa
from alembic import op

revision = "0063"
down_revision = "0062"

_KNOWN = """
update campaign set forecast_amount = coalesce(
    (select forecast_amount from budget_overrun where campaign_id = campaign.id order by prepared_at desc limit 1),
    (projection #>> '{outcomes,central,cost}')::numeric
)
"""


def upgrade() -> None:
    op.add_column("campaign", sa.Column("forecast_amount", sa.Numeric(precision=14, scale=2), nullable=True))
    op.execute(_KNOWN)
