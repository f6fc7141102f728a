"""Counts of lists: what suppliers are asked, and what they counted. A supplier sees its own, and the campaign that it is asked about.

Revision ID: 0038
Revises: 0037
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0038"
down_revision = "0037"

REFERENCES = {"advertiser_id": "advertiser", "campaign_id": "campaign", "list_id": "campaign_list", "supplier_id": "supplier"}
COUNTED_BY = {"counted_by_id": "person"}


def upgrade() -> None:
    op.create_table(
        "count_request",
        *_of_a_list(),
        sa.Column("wanted", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("exclusions", sa.Text(), nullable=False),
        sa.Column("due_on", sa.Date(), nullable=False),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("count_request", REFERENCES),
    )
    op.create_table(
        "list_count",
        *_of_a_list(),
        sa.Column("available", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("remark", sa.Text(), nullable=False),
        sa.Column("held_until_on", sa.Date(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        sa.Column("counted_by_id", sa.Uuid(), nullable=True),
        sa.Column("counted_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("list_count", REFERENCES | COUNTED_BY),
    )
    for table, references in (("count_request", REFERENCES), ("list_count", REFERENCES | COUNTED_BY)):
        for column in references:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
        op.create_index(
            op.f(f"ix_{table}_campaign_id_list_id"),
            table,
            ["campaign_id", "list_id"],
            unique=True,
            postgresql_where=sa.text("to_seq is null"),
        )
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy members on {table} using"
            " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
        )
        op.execute(f"create policy addressed on {table} for select using (supplier_id = any (jalon_suppliers()))")
    # Words may name people, who may have to be taken out of them.
    op.execute("grant select, insert, update (to_seq, exclusions) on count_request to jalon_app")
    op.execute("grant select, insert, update (to_seq, remark) on list_count to jalon_app")
    op.execute("drop policy addressed on campaign")
    op.execute(
        "create policy addressed on campaign for select using"
        " (id in (select campaign_id from purchase_order where supplier_id = any (jalon_suppliers()))"
        " or id in (select campaign_id from count_request where supplier_id = any (jalon_suppliers())))"
    )


def _of_a_list() -> list[sa.Column[object]]:
    ids = ("id", "campaign_id", "advertiser_id")
    return [
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ids),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
    ]


def _keys(table: str, references: dict[str, str]) -> list[sa.Constraint]:
    return [
        *(sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}")) for column, to in references.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
