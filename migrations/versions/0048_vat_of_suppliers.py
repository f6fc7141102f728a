"""How a supplier stands with VAT, and where it is reached by electronic invoices.

Revision ID: 0048
Revises: 0047
"""

import sqlalchemy as sa
from alembic import op

revision = "0048"
down_revision = "0047"

BEFORE = {"vat_status": "standard", "einvoice_address": ""}


def upgrade() -> None:
    for name, value in BEFORE.items():
        op.add_column("supplier", sa.Column(name, sa.String(), nullable=False, server_default=value))
        op.alter_column("supplier", name, server_default=None)
