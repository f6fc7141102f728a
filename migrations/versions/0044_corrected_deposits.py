"""Deposits that are corrected, version after version, or refused.

Revision ID: 0044
Revises: 0043
"""

import sqlalchemy as sa
from alembic import op

revision = "0044"
down_revision = "0043"


def upgrade() -> None:
    op.add_column("deposit", sa.Column("rest_follows", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.add_column("deposit", sa.Column("version", sa.Integer(), nullable=False, server_default="1"))
    for name in ("correction", "refusal"):
        op.add_column("deposit", sa.Column(name, sa.Text(), nullable=False, server_default=""))
    for name in ("rest_follows", "version", "correction", "refusal"):
        op.alter_column("deposit", name, server_default=None)
    op.add_column("deposit", sa.Column("refused_at", sa.DateTime(timezone=True), nullable=True))
    for column, to in (("corrects_id", "deposit"), ("refused_by_id", "person")):
        op.add_column("deposit", sa.Column(column, sa.Uuid(), nullable=True))
        op.create_foreign_key(op.f(f"fk_deposit_{column}_{to}"), "deposit", to, [column], ["id"])
        op.create_index(op.f(f"ix_deposit_{column}"), "deposit", [column], unique=False)
