"""A supplier sees the campaign of every document that is addressed to it: of a terms sheet, too, before anything is ordered from it.

Revision ID: 0040
Revises: 0039
"""

from alembic import op

revision = "0040"
down_revision = "0039"


def upgrade() -> None:
    op.execute("drop policy addressed on campaign")
    op.execute(
        "create policy addressed on campaign for select using"
        " (id in (select campaign_id from purchase_order where supplier_id = any (jalon_suppliers()))"
        " or id in (select campaign_id from count_request where supplier_id = any (jalon_suppliers()))"
        " or id in (select campaign_id from document where supplier_id = any (jalon_suppliers())))"
    )
