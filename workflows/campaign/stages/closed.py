"""The end: a closed campaign can still be read and proved; with a reason its *analysis* is opened again."""

from workflows.campaign.certificates import CERTIFICATES_MOVES
from workflows.campaign.erasing import ERASE
from workflows.campaign.invoice_decisions import INVOICES_AFTER_DROP
from workflows.campaign.objections import OBJECTIONS_MOVES
from workflows.campaign.overriding import OVERRIDES
from workflows.campaign.pressure import KEEP_CONTACTS
from workflows.campaign.reworking import going_back
from workflows.campaign.shared_moves import PURGE
from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(
    state=CampaignState.CLOSED,
    moves=(
        going_back(CampaignState.ANALYSIS),
        *OVERRIDES,
        PURGE,
        *INVOICES_AFTER_DROP,
        *OBJECTIONS_MOVES,
        *CERTIFICATES_MOVES,
        KEEP_CONTACTS,
        ERASE,
    ),
)
