"""Contracts with processors, for their advertiser alone.

Revision ID: 0037
Revises: 0036
"""

import sqlalchemy as sa
from alembic import op

revision = "0037"
down_revision = "0036"

REFERENCES = {
    "advertiser_id": "advertiser",
    "campaign_id": "campaign",
    "file_id": "stored_file",
    "recorded_by_id": "person",
    "supplier_id": "supplier",
}


def upgrade() -> None:
    op.create_table(
        "processor_contract",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("signed_on", sa.Date(), nullable=False),
        sa.Column("signatory", sa.Text(), nullable=False),
        sa.Column("ends_on", sa.Date(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_by_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_processor_contract_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_processor_contract")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_processor_contract_{column}"), "processor_contract", [column], unique=False)
    op.execute("grant select, insert, update (to_seq, signatory, number) on processor_contract to jalon_app")
    op.execute("alter table processor_contract enable row level security")
    op.execute(
        "create policy members on processor_contract using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
