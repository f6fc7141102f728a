"""The first tables: parties, campaigns, the engine's own, and what the stages leave.

Revision ID: 0001
Revises:
"""

import sqlalchemy as sa
from alembic import op
from sqlalchemy.dialects import postgresql

revision = "0001"
down_revision = None


def upgrade() -> None:
    op.create_table(
        "advertiser",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("siren", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_advertiser")),
        sa.UniqueConstraint("name", name=op.f("uq_advertiser_name")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("password_hash", sa.String(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_person")),
        sa.UniqueConstraint("email", name=op.f("uq_person_email")),
    )
    op.create_table(
        "policy_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("saved_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("saved_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_policy_version_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["saved_by_id"], ["person.id"], name=op.f("fk_policy_version_saved_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_policy_version")),
        sa.UniqueConstraint("advertiser_id", "number", name=op.f("uq_policy_version_advertiser_id_number")),
    )
    op.create_index(op.f("ix_policy_version_advertiser_id"), "policy_version", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_policy_version_saved_by_id"), "policy_version", ["saved_by_id"], unique=False)
    op.create_table(
        "supplier",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("siren", sa.String(), nullable=False),
        sa.Column("vat_number", sa.String(), nullable=False),
        sa.Column("email", sa.String(), nullable=False),
        sa.Column("address", sa.String(), nullable=False),
        sa.Column("postcode", sa.String(), nullable=False),
        sa.Column("town", sa.String(), nullable=False),
        sa.Column("payment_days", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_supplier_advertiser_id_advertiser")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_supplier")),
        sa.UniqueConstraint("advertiser_id", "code", name=op.f("uq_supplier_advertiser_id_code")),
    )
    op.create_index(op.f("ix_supplier_advertiser_id"), "supplier", ["advertiser_id"], unique=False)
    op.create_table(
        "campaign",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("title", sa.String(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("chain_seq", sa.Integer(), nullable=False),
        sa.Column("chain_head", sa.String(), nullable=False),
        sa.Column("policy_version_id", sa.Uuid(), nullable=False),
        sa.Column("policy_number", sa.Integer(), nullable=False),
        sa.Column("currency", sa.String(), nullable=False),
        sa.Column("vat_rate", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("drop_on", sa.Date(), nullable=False),
        sa.Column("offer_ends_on", sa.Date(), nullable=True),
        sa.Column("dropped_on", sa.Date(), nullable=True),
        sa.Column("envelope_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("target_responses", sa.Integer(), nullable=True),
        sa.Column("target_roi", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("minimum_net_quantity", sa.Integer(), nullable=True),
        sa.Column("dedupe", postgresql.JSONB(), nullable=False),
        sa.Column("seed", sa.Integer(), nullable=False),
        sa.Column("projection", postgresql.JSONB(), nullable=True),
        sa.Column("pinned_history", postgresql.JSONB(), nullable=True),
        sa.Column("retroplanning", postgresql.JSONB(), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("opened_by_id", sa.Uuid(), nullable=True),
        sa.Column("copied_from_id", sa.Uuid(), nullable=True),
        sa.Column("calendar_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_campaign_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["copied_from_id"], ["campaign.id"], name=op.f("fk_campaign_copied_from_id_campaign")),
        sa.ForeignKeyConstraint(["opened_by_id"], ["person.id"], name=op.f("fk_campaign_opened_by_id_person")),
        sa.ForeignKeyConstraint(["policy_version_id"], ["policy_version.id"], name=op.f("fk_campaign_policy_version_id_policy_version")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign")),
        sa.UniqueConstraint("code", name=op.f("uq_campaign_code")),
    )
    op.create_index(op.f("ix_campaign_advertiser_id"), "campaign", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_campaign_copied_from_id"), "campaign", ["copied_from_id"], unique=False)
    op.create_index(op.f("ix_campaign_opened_by_id"), "campaign", ["opened_by_id"], unique=False)
    op.create_index(op.f("ix_campaign_policy_version_id"), "campaign", ["policy_version_id"], unique=False)
    op.create_index(op.f("ix_campaign_state"), "campaign", ["state"], unique=False)
    op.create_table(
        "membership",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("approval_limit_amount", sa.Numeric(precision=14, scale=2), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_membership_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_membership_person_id_person")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_membership_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_membership")),
        sa.UniqueConstraint(
            "person_id",
            "advertiser_id",
            "role",
            "supplier_id",
            name=op.f("uq_membership_person_id_advertiser_id_role_supplier_id"),
            postgresql_nulls_not_distinct=True,
        ),
    )
    op.create_index(op.f("ix_membership_advertiser_id"), "membership", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_membership_person_id"), "membership", ["person_id"], unique=False)
    op.create_index(op.f("ix_membership_supplier_id"), "membership", ["supplier_id"], unique=False)
    op.create_table(
        "budget_version",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("total_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("prepared_by_id", sa.Uuid(), nullable=True),
        sa.Column("prepared_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("approved_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_budget_version_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_budget_version_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["prepared_by_id"], ["person.id"], name=op.f("fk_budget_version_prepared_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_version")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_budget_version_campaign_id_number")),
    )
    op.create_index(op.f("ix_budget_version_advertiser_id"), "budget_version", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_budget_version_campaign_id"), "budget_version", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_budget_version_prepared_by_id"), "budget_version", ["prepared_by_id"], unique=False)
    op.create_table(
        "campaign_list",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("owner_id", sa.Uuid(), nullable=True),
        sa.Column("broker_id", sa.Uuid(), nullable=True),
        sa.Column("cpm", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("selection_cpm", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("run_charge_cpm", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("min_billing_rate", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("min_invoice_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("technical_fee", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("undeliverable_guarantee", sa.Numeric(precision=12, scale=6), nullable=True),
        sa.Column("lead_days", sa.Integer(), nullable=False),
        sa.Column("terms_agreed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("consent_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_campaign_list_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["broker_id"], ["supplier.id"], name=op.f("fk_campaign_list_broker_id_supplier")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_list_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["owner_id"], ["supplier.id"], name=op.f("fk_campaign_list_owner_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_list")),
    )
    op.create_index(op.f("ix_campaign_list_advertiser_id"), "campaign_list", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_campaign_list_broker_id"), "campaign_list", ["broker_id"], unique=False)
    op.create_index(op.f("ix_campaign_list_campaign_id"), "campaign_list", ["campaign_id"], unique=False)
    op.create_index(
        op.f("ix_campaign_list_campaign_id_code"),
        "campaign_list",
        ["campaign_id", "code"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.create_index(op.f("ix_campaign_list_owner_id"), "campaign_list", ["owner_id"], unique=False)
    op.create_table(
        "campaign_result",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("computed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("published_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_campaign_result_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_campaign_result_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_campaign_result")),
    )
    op.create_index(op.f("ix_campaign_result_advertiser_id"), "campaign_result", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_campaign_result_campaign_id"), "campaign_result", ["campaign_id"], unique=False)
    op.create_table(
        "checkpoint",
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("event", sa.String(), nullable=False),
        sa.Column("body", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_checkpoint_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_checkpoint_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("campaign_id", "seq", name=op.f("pk_checkpoint")),
    )
    op.create_index(op.f("ix_checkpoint_advertiser_id"), "checkpoint", ["advertiser_id"], unique=False)
    op.create_table(
        "cost_item",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("basis", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=12, scale=6), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_cost_item_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_cost_item_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_cost_item_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_cost_item")),
    )
    op.create_index(op.f("ix_cost_item_advertiser_id"), "cost_item", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_cost_item_campaign_id"), "cost_item", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_cost_item_supplier_id"), "cost_item", ["supplier_id"], unique=False)
    op.create_table(
        "document",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("chain_head", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("subject_id", sa.Uuid(), nullable=True),
        sa.Column("requested_seq", sa.Integer(), nullable=False),
        sa.Column("requested_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_document_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_document_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_document_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document")),
        sa.UniqueConstraint("campaign_id", "number", "revision", name=op.f("uq_document_campaign_id_number_revision")),
    )
    op.create_index(op.f("ix_document_advertiser_id"), "document", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_document_campaign_id"), "document", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_document_subject_id"), "document", ["subject_id"], unique=False)
    op.create_index(op.f("ix_document_supplier_id"), "document", ["supplier_id"], unique=False)
    op.create_table(
        "erasable_text",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("field", sa.String(), nullable=False),
        sa.Column("salt", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("text", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_erasable_text_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_erasable_text_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_erasable_text")),
    )
    op.create_index(op.f("ix_erasable_text_advertiser_id"), "erasable_text", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_erasable_text_campaign_id"), "erasable_text", ["campaign_id"], unique=False)
    op.create_table(
        "history_row",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("campaign", sa.String(), nullable=False),
        sa.Column("list_code", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("nature", sa.String(), nullable=False),
        sa.Column("gross", sa.Integer(), nullable=False),
        sa.Column("net", sa.Integer(), nullable=False),
        sa.Column("mailed", sa.Integer(), nullable=False),
        sa.Column("undeliverable", sa.Integer(), nullable=False),
        sa.Column("responses", sa.Integer(), nullable=False),
        sa.Column("gifts", sa.Integer(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("cost", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("published_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_history_row_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["published_by_id"], ["campaign.id"], name=op.f("fk_history_row_published_by_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_history_row")),
        sa.UniqueConstraint(
            "advertiser_id",
            "campaign",
            "list_code",
            "segment",
            "channel",
            "message",
            name=op.f("uq_history_row_advertiser_id_campaign_list_code_segment_channel_message"),
        ),
    )
    op.create_index(op.f("ix_history_row_advertiser_id"), "history_row", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_history_row_published_by_id"), "history_row", ["published_by_id"], unique=False)
    op.create_table(
        "lesson",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("words", sa.Text(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=True),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_lesson_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_lesson_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_lesson_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lesson")),
    )
    op.create_index(op.f("ix_lesson_advertiser_id"), "lesson", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_lesson_campaign_id"), "lesson", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_lesson_person_id"), "lesson", ["person_id"], unique=False)
    op.create_table(
        "message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("tags", sa.String(), nullable=False),
        sa.Column("notice", sa.Text(), nullable=False),
        sa.Column("proof_signed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("proof_signed_by_id", sa.Uuid(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_message_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_message_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["proof_signed_by_id"], ["person.id"], name=op.f("fk_message_proof_signed_by_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_message")),
    )
    op.create_index(op.f("ix_message_advertiser_id"), "message", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_message_campaign_id"), "message", ["campaign_id"], unique=False)
    op.create_index(
        op.f("ix_message_campaign_id_code"), "message", ["campaign_id", "code"], unique=True, postgresql_where=sa.text("to_seq is null")
    )
    op.create_index(op.f("ix_message_proof_signed_by_id"), "message", ["proof_signed_by_id"], unique=False)
    op.create_table(
        "monitor_seed",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("address", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_monitor_seed_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_monitor_seed_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_monitor_seed")),
    )
    op.create_index(op.f("ix_monitor_seed_advertiser_id"), "monitor_seed", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_monitor_seed_campaign_id"), "monitor_seed", ["campaign_id"], unique=False)
    op.create_index(
        op.f("ix_monitor_seed_campaign_id_code"),
        "monitor_seed",
        ["campaign_id", "code"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.create_table(
        "outbox_message",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("payload", postgresql.JSONB(), nullable=False),
        sa.Column("requested_seq", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("not_before", sa.DateTime(timezone=True), nullable=False),
        sa.Column("created_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("attempts", sa.Integer(), nullable=False),
        sa.Column("lease_token", sa.Uuid(), nullable=True),
        sa.Column("lease_until", sa.DateTime(timezone=True), nullable=True),
        sa.Column("progress", postgresql.JSONB(), nullable=True),
        sa.Column("error", sa.String(), nullable=True),
        sa.Column("done_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_outbox_message_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_outbox_message_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_outbox_message")),
    )
    op.create_index(op.f("ix_outbox_message_advertiser_id"), "outbox_message", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_outbox_message_campaign_id"), "outbox_message", ["campaign_id"], unique=False)
    op.create_index(
        "ix_outbox_message_waiting",
        "outbox_message",
        ["not_before"],
        unique=False,
        postgresql_where=sa.text("state in ('pending', 'queued', 'running')"),
    )
    op.create_table(
        "responsibility",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_responsibility_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_responsibility_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_responsibility_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_responsibility")),
    )
    op.create_index(op.f("ix_responsibility_advertiser_id"), "responsibility", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_responsibility_campaign_id"), "responsibility", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_responsibility_person_id"), "responsibility", ["person_id"], unique=False)
    op.create_table(
        "stored_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("blob_id", sa.Uuid(), nullable=False),
        sa.Column("wrapped_key", sa.LargeBinary(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("stored_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("purge_on", sa.Date(), nullable=True),
        sa.Column("purged_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_stored_file_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_stored_file_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_stored_file_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_stored_file")),
    )
    op.create_index(op.f("ix_stored_file_advertiser_id"), "stored_file", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_stored_file_campaign_id"), "stored_file", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_stored_file_supplier_id"), "stored_file", ["supplier_id"], unique=False)
    op.create_table(
        "user_task",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("subject_kind", sa.String(), nullable=False),
        sa.Column("subject_id", sa.Uuid(), nullable=False),
        sa.Column("label", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("stage", sa.String(), nullable=False),
        sa.Column("candidate_role", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("assignee_id", sa.Uuid(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("due_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("closed_by_id", sa.Uuid(), nullable=True),
        sa.Column("opened_seq", sa.Integer(), nullable=False),
        sa.Column("closed_seq", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_user_task_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["assignee_id"], ["person.id"], name=op.f("fk_user_task_assignee_id_person")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_user_task_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["closed_by_id"], ["person.id"], name=op.f("fk_user_task_closed_by_id_person")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_user_task_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_user_task")),
    )
    op.create_index(op.f("ix_user_task_advertiser_id"), "user_task", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_user_task_assignee_id"), "user_task", ["assignee_id"], unique=False)
    op.create_index(op.f("ix_user_task_campaign_id"), "user_task", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_user_task_closed_by_id"), "user_task", ["closed_by_id"], unique=False)
    op.create_index("ix_user_task_open", "user_task", ["advertiser_id", "due_at"], unique=False, postgresql_where=sa.text("state = 'open'"))
    op.create_index(op.f("ix_user_task_subject_id"), "user_task", ["subject_id"], unique=False)
    op.create_index(op.f("ix_user_task_supplier_id"), "user_task", ["supplier_id"], unique=False)
    op.create_table(
        "budget_decision",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("budget_id", sa.Uuid(), nullable=False),
        sa.Column("budget_sha256", sa.String(), nullable=False),
        sa.Column("person_id", sa.Uuid(), nullable=False),
        sa.Column("decision", sa.String(), nullable=False),
        sa.Column("limit_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("comment", sa.Text(), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_budget_decision_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["budget_id"], ["budget_version.id"], name=op.f("fk_budget_decision_budget_id_budget_version")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_budget_decision_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("fk_budget_decision_person_id_person")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_budget_decision")),
    )
    op.create_index(op.f("ix_budget_decision_advertiser_id"), "budget_decision", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_budget_decision_budget_id"), "budget_decision", ["budget_id"], unique=False)
    op.create_index(op.f("ix_budget_decision_campaign_id"), "budget_decision", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_budget_decision_person_id"), "budget_decision", ["person_id"], unique=False)
    op.create_table(
        "deposit",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("deposited_on", sa.Date(), nullable=False),
        sa.Column("slip_number", sa.String(), nullable=False),
        sa.Column("quantities", postgresql.JSONB(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=True),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("explanation", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_deposit_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_deposit_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_deposit_file_id_stored_file")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_deposit_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_deposit")),
    )
    op.create_index(op.f("ix_deposit_advertiser_id"), "deposit", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_deposit_campaign_id"), "deposit", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_deposit_file_id"), "deposit", ["file_id"], unique=False)
    op.create_index(op.f("ix_deposit_supplier_id"), "deposit", ["supplier_id"], unique=False)
    op.create_table(
        "document_pdf",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("document_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("locale", sa.String(), nullable=False),
        sa.Column("pdf", sa.LargeBinary(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_document_pdf_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["document_id"], ["document.id"], name=op.f("fk_document_pdf_document_id_document")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_document_pdf_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_document_pdf")),
        sa.UniqueConstraint("document_id", "locale", name=op.f("uq_document_pdf_document_id_locale")),
    )
    op.create_index(op.f("ix_document_pdf_advertiser_id"), "document_pdf", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_document_pdf_document_id"), "document_pdf", ["document_id"], unique=False)
    op.create_index(op.f("ix_document_pdf_supplier_id"), "document_pdf", ["supplier_id"], unique=False)
    op.create_table(
        "list_segment",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("universe", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_list_segment_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_list_segment_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["list_id"], ["campaign_list.id"], name=op.f("fk_list_segment_list_id_campaign_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_list_segment")),
    )
    op.create_index(op.f("ix_list_segment_advertiser_id"), "list_segment", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_list_segment_campaign_id"), "list_segment", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_list_segment_list_id"), "list_segment", ["list_id"], unique=False)
    op.create_index(
        op.f("ix_list_segment_list_id_code"), "list_segment", ["list_id", "code"], unique=True, postgresql_where=sa.text("to_seq is null")
    )
    op.create_table(
        "merge_purge_run",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("brief", postgresql.JSONB(), nullable=False),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("result_file_id", sa.Uuid(), nullable=True),
        sa.Column("finished_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("void_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_merge_purge_run_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_merge_purge_run_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["result_file_id"], ["stored_file.id"], name=op.f("fk_merge_purge_run_result_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_merge_purge_run")),
        sa.UniqueConstraint("campaign_id", "number", name=op.f("uq_merge_purge_run_campaign_id_number")),
    )
    op.create_index(op.f("ix_merge_purge_run_advertiser_id"), "merge_purge_run", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_merge_purge_run_campaign_id"), "merge_purge_run", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_merge_purge_run_result_file_id"), "merge_purge_run", ["result_file_id"], unique=False)
    op.create_table(
        "plan_line",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("list_code", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("gross_qty", sa.Integer(), nullable=False),
        sa.Column("rank", sa.Integer(), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_plan_line_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_plan_line_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["list_id"], ["campaign_list.id"], name=op.f("fk_plan_line_list_id_campaign_list")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_plan_line")),
    )
    op.create_index(op.f("ix_plan_line_advertiser_id"), "plan_line", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_plan_line_campaign_id"), "plan_line", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_plan_line_list_id"), "plan_line", ["list_id"], unique=False)
    op.create_table(
        "purchase_order",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("number", sa.String(), nullable=False),
        sa.Column("revision", sa.Integer(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=False),
        sa.Column("list_id", sa.Uuid(), nullable=True),
        sa.Column("list_code", sa.String(), nullable=True),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("total_amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("budget_sha256", sa.String(), nullable=False),
        sa.Column("content_sha256", sa.String(), nullable=False),
        sa.Column("body", postgresql.JSONB(), nullable=False),
        sa.Column("deliver_by", sa.Date(), nullable=True),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("answered_by_id", sa.Uuid(), nullable=True),
        sa.Column("refusal_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_purchase_order_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["answered_by_id"], ["person.id"], name=op.f("fk_purchase_order_answered_by_id_person")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_purchase_order_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["list_id"], ["campaign_list.id"], name=op.f("fk_purchase_order_list_id_campaign_list")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_purchase_order_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_purchase_order")),
        sa.UniqueConstraint("campaign_id", "number", "revision", name=op.f("uq_purchase_order_campaign_id_number_revision")),
    )
    op.create_index(op.f("ix_purchase_order_advertiser_id"), "purchase_order", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_purchase_order_answered_by_id"), "purchase_order", ["answered_by_id"], unique=False)
    op.create_index(op.f("ix_purchase_order_campaign_id"), "purchase_order", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_purchase_order_list_id"), "purchase_order", ["list_id"], unique=False)
    op.create_index(op.f("ix_purchase_order_supplier_id"), "purchase_order", ["supplier_id"], unique=False)
    op.create_table(
        "response_batch",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("counts", postgresql.JSONB(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_response_batch_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_response_batch_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_response_batch_file_id_stored_file")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response_batch")),
    )
    op.create_index(
        op.f("ix_response_batch_campaign_id_sha256"),
        "response_batch",
        ["campaign_id", "sha256"],
        unique=True,
        postgresql_where=sa.text("to_seq is null"),
    )
    op.create_index(op.f("ix_response_batch_advertiser_id"), "response_batch", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_response_batch_campaign_id"), "response_batch", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_response_batch_file_id"), "response_batch", ["file_id"], unique=False)
    op.create_table(
        "delivered_file",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("list_id", sa.Uuid(), nullable=False),
        sa.Column("list_code", sa.String(), nullable=False),
        sa.Column("supplier_id", sa.Uuid(), nullable=True),
        sa.Column("order_id", sa.Uuid(), nullable=True),
        sa.Column("tranche", sa.Integer(), nullable=False),
        sa.Column("file_version", sa.Integer(), nullable=False),
        sa.Column("state", sa.String(), nullable=False),
        sa.Column("version", sa.Integer(), nullable=False),
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("file_id", sa.Uuid(), nullable=False),
        sa.Column("layout", sa.Text(), nullable=False),
        sa.Column("declared_count", sa.Integer(), nullable=True),
        sa.Column("declared_sha256", sa.String(), nullable=False),
        sa.Column("declared_encoding", sa.String(), nullable=False),
        sa.Column("extracted_on", sa.Date(), nullable=True),
        sa.Column("owner_seed_count", sa.Integer(), nullable=True),
        sa.Column("record_count", sa.Integer(), nullable=True),
        sa.Column("conforming", sa.Boolean(), nullable=True),
        sa.Column("report", postgresql.JSONB(), nullable=True),
        sa.Column("findings", postgresql.JSONB(), nullable=True),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("rejection_reason", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_delivered_file_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_delivered_file_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["file_id"], ["stored_file.id"], name=op.f("fk_delivered_file_file_id_stored_file")),
        sa.ForeignKeyConstraint(["list_id"], ["campaign_list.id"], name=op.f("fk_delivered_file_list_id_campaign_list")),
        sa.ForeignKeyConstraint(["order_id"], ["purchase_order.id"], name=op.f("fk_delivered_file_order_id_purchase_order")),
        sa.ForeignKeyConstraint(["supplier_id"], ["supplier.id"], name=op.f("fk_delivered_file_supplier_id_supplier")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_delivered_file")),
        sa.UniqueConstraint("list_id", "tranche", "file_version", name=op.f("uq_delivered_file_list_id_tranche_file_version")),
    )
    op.create_index(op.f("ix_delivered_file_advertiser_id"), "delivered_file", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_delivered_file_campaign_id"), "delivered_file", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_delivered_file_file_id"), "delivered_file", ["file_id"], unique=False)
    op.create_index(op.f("ix_delivered_file_list_id"), "delivered_file", ["list_id"], unique=False)
    op.create_index(op.f("ix_delivered_file_order_id"), "delivered_file", ["order_id"], unique=False)
    op.create_index(op.f("ix_delivered_file_supplier_id"), "delivered_file", ["supplier_id"], unique=False)
    op.create_table(
        "lot",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("code", sa.String(), nullable=False),
        sa.Column("list_code", sa.String(), nullable=False),
        sa.Column("segment", sa.String(), nullable=False),
        sa.Column("offer", sa.String(), nullable=False),
        sa.Column("message", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("role", sa.String(), nullable=False),
        sa.Column("quantity", sa.Integer(), nullable=False),
        sa.Column("seeds", sa.Integer(), nullable=False),
        sa.Column("unit_sha256", sa.String(), nullable=False),
        sa.Column("deposited", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_lot_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_lot_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["run_id"], ["merge_purge_run.id"], name=op.f("fk_lot_run_id_merge_purge_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot")),
    )
    op.create_index(op.f("ix_lot_advertiser_id"), "lot", ["advertiser_id"], unique=False)
    op.create_index("ix_lot_campaign_code", "lot", ["campaign_id", "code"], unique=False)
    op.create_index(op.f("ix_lot_campaign_id"), "lot", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_lot_run_id"), "lot", ["run_id"], unique=False)
    op.create_table(
        "lot_plan",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("run_id", sa.Uuid(), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("sha256", sa.String(), nullable=False),
        sa.Column("result_file_id", sa.Uuid(), nullable=False),
        sa.Column("summary", postgresql.JSONB(), nullable=False),
        sa.Column("frozen_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_lot_plan_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_lot_plan_campaign_id_campaign")),
        sa.ForeignKeyConstraint(["result_file_id"], ["stored_file.id"], name=op.f("fk_lot_plan_result_file_id_stored_file")),
        sa.ForeignKeyConstraint(["run_id"], ["merge_purge_run.id"], name=op.f("fk_lot_plan_run_id_merge_purge_run")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_lot_plan")),
    )
    op.create_index(op.f("ix_lot_plan_advertiser_id"), "lot_plan", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_lot_plan_campaign_id"), "lot_plan", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_lot_plan_result_file_id"), "lot_plan", ["result_file_id"], unique=False)
    op.create_index(op.f("ix_lot_plan_run_id"), "lot_plan", ["run_id"], unique=False)
    op.create_table(
        "response",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("row_sha256", sa.String(), nullable=False),
        sa.Column("responded_on", sa.Date(), nullable=True),
        sa.Column("lot_code", sa.String(), nullable=True),
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("channel", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("amount", sa.Numeric(precision=14, scale=2), nullable=False),
        sa.Column("method", sa.String(), nullable=False),
        sa.Column("is_new", sa.Boolean(), nullable=False),
        sa.Column("attribution", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_response_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["batch_id"], ["response_batch.id"], name=op.f("fk_response_batch_id_response_batch")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_response_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_response")),
        sa.UniqueConstraint("campaign_id", "row_sha256", name=op.f("uq_response_campaign_id_row_sha256")),
    )
    op.create_index(op.f("ix_response_advertiser_id"), "response", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_response_batch_id"), "response", ["batch_id"], unique=False)
    op.create_index(op.f("ix_response_campaign_id"), "response", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_response_lot_code"), "response", ["lot_code"], unique=False)
    op.create_table(
        "undeliverable",
        sa.Column("id", sa.Uuid(), nullable=False),
        sa.Column("campaign_id", sa.Uuid(), nullable=False),
        sa.Column("advertiser_id", sa.Uuid(), nullable=False),
        sa.Column("from_seq", sa.Integer(), nullable=False),
        sa.Column("to_seq", sa.Integer(), nullable=True),
        sa.Column("batch_id", sa.Uuid(), nullable=False),
        sa.Column("returned_on", sa.Date(), nullable=True),
        sa.Column("lot_code", sa.String(), nullable=True),
        sa.Column("unique_id", sa.String(), nullable=False),
        sa.Column("reason", sa.String(), nullable=False),
        sa.ForeignKeyConstraint(["advertiser_id"], ["advertiser.id"], name=op.f("fk_undeliverable_advertiser_id_advertiser")),
        sa.ForeignKeyConstraint(["batch_id"], ["response_batch.id"], name=op.f("fk_undeliverable_batch_id_response_batch")),
        sa.ForeignKeyConstraint(["campaign_id"], ["campaign.id"], name=op.f("fk_undeliverable_campaign_id_campaign")),
        sa.PrimaryKeyConstraint("id", name=op.f("pk_undeliverable")),
        sa.UniqueConstraint("campaign_id", "unique_id", name=op.f("uq_undeliverable_campaign_id_unique_id")),
    )
    op.create_index(op.f("ix_undeliverable_advertiser_id"), "undeliverable", ["advertiser_id"], unique=False)
    op.create_index(op.f("ix_undeliverable_batch_id"), "undeliverable", ["batch_id"], unique=False)
    op.create_index(op.f("ix_undeliverable_campaign_id"), "undeliverable", ["campaign_id"], unique=False)
    op.create_index(op.f("ix_undeliverable_lot_code"), "undeliverable", ["lot_code"], unique=False)
