"""The exchange ledger: addresses received of partners and given to them, for their advertiser alone.

Revision ID: 0033
Revises: 0032
"""

import sqlalchemy as sa
from alembic import op

revision = "0033"
down_revision = "0032"

REFERENCES = {"advertiser_id": "advertiser", "campaign_id": "campaign", "partner_id": "supplier", "recorded_by_id": "person"}


def upgrade() -> None:
    op.create_table(
        "exchange_entry",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("partner_id", sa.Uuid(), nullable=False),
        sa.Column("direction", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("dealt_on", sa.Date(), nullable=False),
        sa.Column("expires_on", sa.Date(), nullable=True),
        sa.Column("quality", sa.Text(), nullable=False),
        sa.Column("written_in", sa.Text(), nullable=False),
        sa.Column("list_code", sa.String(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_exchange_entry_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_exchange_entry")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_exchange_entry_{column}"), "exchange_entry", [column], unique=False)
    op.execute("grant select, insert, update (to_seq) on exchange_entry to jalon_app")
    op.execute("alter table exchange_entry enable row level security")
    op.execute(
        "create policy members on exchange_entry using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
