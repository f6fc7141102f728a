"""What the mailer has to know of the pieces, version after version.

Revision ID: 0047
Revises: 0046
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0047"
down_revision = "0046"

REFERENCES = {"advertiser_id": "advertiser", "campaign_id": "campaign", "described_by_id": "person"}


def upgrade() -> None:
    op.create_table(
        "mailing_description",
        *(sa.Column(name, sa.Uuid(), nullable=False) for name in ("id", "campaign_id", "advertiser_id")),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("body", postgresql.JSONB(astext_type=sa.Text()), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("described_by_id", sa.Uuid(), nullable=True),
        sa.Column("described_at", sa.DateTime(timezone=True), nullable=False),
        *(
            sa.ForeignKeyConstraint([column], [f"{to}.id"], name=op.f(f"fk_mailing_description_{column}_{to}"))
            for column, to in REFERENCES.items()
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_mailing_description")),
    )
    for column in REFERENCES:
        op.create_index(op.f(f"ix_mailing_description_{column}"), "mailing_description", [column], unique=False)
    op.create_index(
        op.f("ix_mailing_description_current"),
        "mailing_description",
        ["campaign_id"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.execute("grant select, insert, update on mailing_description to jalon_app")
    op.execute("alter table mailing_description enable row level security")
    op.execute(
        "create policy members on mailing_description using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
