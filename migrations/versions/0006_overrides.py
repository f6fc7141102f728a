"""Controls that were passed over, with their reasons and reviews.

Revision ID: 0006
Revises: 0005
"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"


def upgrade() -> None:
    op.create_table(
        "override",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("control", sa.String(), nullable=False),
        sa.Column("about", sa.String(), nullable=False),
        sa.Column("is_grant", sa.Boolean(), nullable=False),
        sa.Column("expected", sa.String(), nullable=False),
        sa.Column("actual", sa.String(), nullable=False),
        sa.Column("reason", sa.Text(), nullable=False),
        sa.Column("overridden_by_id", sa.Uuid(), nullable=True),
        sa.Column("granted_by_id", sa.Uuid(), nullable=True),
        sa.Column("overridden_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("review", sa.String(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("reviewed_by_id", sa.Uuid(), nullable=True),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_override_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_override_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["granted_by_id"], ["person.id"], name=op.f("fk_override_granted_by_id_person")),
        sa.ForeignKeyConstraint(["overridden_by_id"], ["person.id"], name=op.f("fk_override_overridden_by_id_person")),
        sa.ForeignKeyConstraint(["reviewed_by_id"], ["person.id"], name=op.f("fk_override_reviewed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_override")),
    )
    for column in ("advertiser_id", "campaign_id", "granted_by_id", "overridden_by_id", "reviewed_by_id"):
        op.create_index(op.f(f"ix_override_{column}"), "override", [column], unique=False)
    op.execute("grant select, insert, update, delete on override to jalon_app")
    op.execute("alter table override enable row level security")
    op.execute(
        "create policy members on override using"
        " ((select jalon_asker()) = 'system' or advertiser_id = any ((select jalon_advertisers())::uuid[]))"
    )
