"""Conditions that a signature sets on a budget, the orders that wait for them, and the lines that are let go to meet them.

Orders of budgets approved before went out with the approval.

Revision ID: 0023
Revises: 0022
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects.postgresql import JSONB

revision = "0023"
down_revision = "0022"


def upgrade() -> None:
    op.add_column("budget_decision", sa.Column("cap_amount", sa.Numeric(precision=14, scale=2), nullable=True))
    op.add_column("budget_decision", sa.Column("excluded_lists", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("budget_decision", "excluded_lists", server_default=None)
    op.add_column("budget_version", sa.Column("ordered_at", sa.DateTime(timezone=True), nullable=True))
    op.add_column("budget_version", sa.Column("left_out", JSONB(), nullable=False, server_default="[]"))
    op.alter_column("budget_version", "left_out", server_default=None)
    op.execute("grant update (ordered_at, left_out) on budget_version to jalon_app")
    op.execute("update budget_version set ordered_at = approved_at")
