"""Sample mail pieces, version by version, and what owners of lists are asked and answer about them.

A supplier sees its own requests, the samples that they name, and the campaign that it is asked about.

Revision ID: 0046
Revises: 0045
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0046"
down_revision = "0045"

OF_PIECES = {"advertiser_id": "advertiser", "campaign_id": "campaign", "file_id": "stored_file", "attached_by_id": "person"}
OF_APPROVALS = {
    "advertiser_id": "advertiser",
    "campaign_id": "campaign",
    "list_id": "campaign_list",
    "supplier_id": "supplier",
    "before_id": "sample_approval",
    "approved_by_id": "person",
}
SHOWN = (
    "exists (select from sample_approval asked where asked.campaign_id = sample_piece.campaign_id"
    " and asked.supplier_id = any (jalon_suppliers())"
    " and (asked.samples -> sample_piece.message ->> 'version')::integer = sample_piece.version)"
)


def upgrade() -> None:
    op.create_table(
        "sample_piece",
        *_fact(),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("media_type", sa.String(), nullable=False),
        sa.Column("attached_by_id", sa.Uuid(), nullable=True),
        sa.Column("attached_at", sa.DateTime(timezone=True), nullable=False),
        *_keys("sample_piece", OF_PIECES),
        sa.UniqueConstraint("campaign_id", "message", "version", name=op.f("uq_sample_piece_campaign_id_message_version")),
    )
    op.create_table(
        "sample_approval",
        *_fact(),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("samples", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("before_id", sa.Uuid(), nullable=True),
        sa.Column("asked_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("objection", sa.Text(), nullable=False),
        sa.Column("objected_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("approved_by_id", sa.Uuid(), nullable=True),
        sa.Column("on_behalf", sa.Boolean(), nullable=False),
        *_keys("sample_approval", OF_APPROVALS),
    )
    op.create_index(
        op.f("ix_sample_approval_campaign_id_list_id"),
        "sample_approval",
        ["campaign_id", "list_id"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    for table, references in (("sample_piece", OF_PIECES), ("sample_approval", OF_APPROVALS)):
        for column in references:
            op.create_index(op.f(f"ix_{table}_{column}"), table, [column], unique=False)
        op.execute(f"alter table {table} enable row level security")
        op.execute(
            f"create policy members on {table} using"
            " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
        )
    op.execute("create policy addressed on sample_approval for select using (supplier_id = any (jalon_suppliers()))")
    op.execute(f"create policy addressed on sample_piece for select using ({SHOWN})")
    op.execute("grant select, insert, update (to_seq) on sample_piece to jalon_app")
    op.execute(
        "grant select, insert, update (to_seq, objection, objected_at, approved_at, approved_by_id, on_behalf)"
        " on sample_approval to jalon_app"
    )
    op.execute("drop policy addressed on campaign")
    op.execute(
        "create policy addressed on campaign for select using"
        " (id in (select campaign_id from purchase_order where supplier_id = any (jalon_suppliers()))"
        " or id in (select campaign_id from count_request where supplier_id = any (jalon_suppliers()))"
        " or id in (select campaign_id from sample_approval where supplier_id = any (jalon_suppliers()))"
        " or id in (select campaign_id from document where supplier_id = any (jalon_suppliers())))"
    )


def _fact() -> list[sa.Column[object]]:
    return [
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "campaign_id", "advertiser_id")),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
    ]


def _keys(table: str, references: dict[str, str]) -> list[sa.Constraint]:
    return [
        *(sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_{table}_{column}_{to}")) for column, to in references.items()),
        sa.PrimaryKeyConstraint("id", name=op.f(f"pk_{table}")),
    ]
