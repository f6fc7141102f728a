"""What a machine found in each suppression file. No supplier sees it.

Revision ID: 0064
Revises: 0063
"""

import sqlalchemy as sa
from alembic import op

revision = "0064"
down_revision = "0063"

REFERENCES = {"advertiser_id": "advertiser", "campaign_id": "campaign", "file_id": "stored_file"}


def upgrade() -> None:
    op.create_table(
        "suppression_reading",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("record_count", sa.Integer(), nullable=False),
        sa.Column("fault", sa.String(), nullable=False),
        sa.Column("detail", sa.Text(), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{table}.id"], name=op.f(f"fk_suppression_reading_{column}_{table}"))
            for column, table in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_suppression_reading")),
        sa.UniqueConstraint("file_id", name=op.f("uq_suppression_reading_file_id")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_suppression_reading_{column}"), "suppression_reading", [column], unique=False)
    op.execute("alter table suppression_reading enable row level security")
    op.execute(
        "create policy members on suppression_reading using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
    op.execute("grant select, insert, update (to_seq) on suppression_reading to jalon_app")
