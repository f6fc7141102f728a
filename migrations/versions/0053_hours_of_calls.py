"""The hour of a call where its report says it, and the person of a report to be found by.

Revision ID: 0053
Revises: 0052
"""

import sqlalchemy as sa
from alembic import op

revision = "0053"
down_revision = "0052"


def upgrade() -> None:
    op.add_column("contact_report", sa.Column("hour", sa.String(), nullable=False, server_default=""))
    op.alter_column("contact_report", "hour", server_default=None)
    op.create_index(op.f("ix_contact_report_unique_id"), "contact_report", ["unique_id"], unique=False)
