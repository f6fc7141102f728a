"""Imports every table, so that metadata is whole. Only for migrations' checks and for opening the database."""

from workflows.campaign import model as campaign_model
from workflows.campaign import policy, records
from workflows.campaign.claims import records as claim_records
from workflows.campaign.counts import records as count_records
from workflows.campaign.exchanges import records as exchange_records
from workflows.campaign.processors import records as processor_records
from workflows.campaign.samples import records as sample_records
from workflows.campaign.suppressions import records as suppression_records
from workflows.delivery import model as delivery_model
from workflows.engine import checkpoints, documents, idempotency, outbox, seals, shapes, user_tasks
from workflows.order import model as order_model
from workflows.parties import model as parties_model
from workflows.plan_line import model as plan_line_model

__all__ = [
    "campaign_model",
    "checkpoints",
    "claim_records",
    "count_records",
    "delivery_model",
    "documents",
    "exchange_records",
    "idempotency",
    "order_model",
    "outbox",
    "parties_model",
    "plan_line_model",
    "policy",
    "processor_records",
    "records",
    "sample_records",
    "seals",
    "shapes",
    "suppression_records",
    "user_tasks",
]
