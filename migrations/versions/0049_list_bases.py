"""Legal bases of lists, as they were stated. A supplier sees those of what is ordered from it.

Revision ID: 0049
Revises: 0048
"""

import sqlalchemy as sa
from alembic import op

revision = "0049"
down_revision = "0048"

REFERENCES = {
    "advertiser_id": "advertiser",
    "campaign_id": "campaign",
    "list_id": "campaign_list",
    "stated_by_id": "person",
    "supplier_id": "supplier",
}


def upgrade() -> None:
    op.create_table(
        "list_basis",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("legal_basis", sa.String(), nullable=False),
        sa.Column("collected_from_on", sa.Date(), nullable=True),
        sa.Column("collected_until_on", sa.Date(), nullable=True),
        sa.Column("collected_through", sa.String(), nullable=False),
        sa.Column("partners_named", sa.Boolean(), nullable=False),
        sa.Column("objections_purged_on", sa.Date(), nullable=False),
        sa.Column("data_role", sa.String(), nullable=False),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("stated_by_id", sa.Uuid(), nullable=True),
        sa.Column("stated_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_list_basis_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_basis")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_list_basis_{column}"), "list_basis", [column], unique=False)
    op.create_index(
        op.f("ix_list_basis_campaign_id_list_id"),
        "list_basis",
        ["campaign_id", "list_id"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.execute("alter table list_basis enable row level security")
    op.execute(
        "create policy members on list_basis using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute("create policy addressed on list_basis for select using (supplier_id = any (jalon_suppliers()))")
    op.execute("grant select, insert, update (to_seq) on list_basis to jalon_app")
