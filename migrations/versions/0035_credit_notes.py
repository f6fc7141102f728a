"""Credit notes: rows of invoices that take back of another what it bills.

Revision ID: 0035
Revises: 0034
"""

import sqlalchemy as sa
from alembic import op

revision = "0035"
down_revision = "0034"


def upgrade() -> None:
    op.add_column("invoice", sa.Column("credits_id", sa.Uuid(), nullable=True))
    op.create_foreign_key(op.f("fk_invoice_credits_id_invoice"), "invoice", "invoice", ["credits_id"], ["id"])
    op.create_index(op.f("ix_invoice_credits_id"), "invoice", ["credits_id"], unique=False)
