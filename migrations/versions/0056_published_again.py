"""What a campaign published of how fast answers came may be replaced by what it publishes again.

Revision ID: 0056
Revises: 0055
"""

from alembic import op

revision = "0056"
down_revision = "0055"


def upgrade() -> None:
    op.execute("grant update, delete on history_curve to jalon_app")
