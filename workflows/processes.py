"""All processes in one registry. The one place that knows every machine; to add a machine, add it here."""

from workflows.campaign.model import Campaign
from workflows.campaign.process import CAMPAIGN
from workflows.delivery.process import DELIVERY
from workflows.engine.registry import Registry
from workflows.engine.rendering import document_process
from workflows.order.process import ORDER
from workflows.plan_line.process import PLAN_LINE
from workflows.service_task.process import SERVICE_TASK
from workflows.user_task.process import USER_TASK

DOCUMENT = document_process(lambda session, row: session.get(Campaign, row.campaign_id))
REGISTRY = Registry(CAMPAIGN, PLAN_LINE, ORDER, DELIVERY, USER_TASK, SERVICE_TASK, DOCUMENT)
