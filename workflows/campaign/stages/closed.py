"""The end: a closed campaign can still be read and proved; with a reason its *analysis* is opened again."""

from workflows.campaign.any_stage.overriding import OVERRIDES
from workflows.campaign.any_stage.reworking import going_back
from workflows.campaign.any_stage.shared_moves import PURGE
from workflows.campaign.claims.claiming import CLAIMS
from workflows.campaign.contacted.barring import KEEP_BARRED
from workflows.campaign.data_protection.certificates import CERTIFICATES_MOVES
from workflows.campaign.data_protection.erasing import ERASE
from workflows.campaign.data_protection.objections import OBJECTIONS_MOVES
from workflows.campaign.dedupe.pressure import KEEP_CONTACTS
from workflows.campaign.exchanges.exchanging import EXCHANGES
from workflows.campaign.invoices.decisions import INVOICES_AFTER_DROP
from workflows.campaign.processors.contracting import CONTRACTS
from workflows.campaign.send.correcting_confirmed import CORRECT_CONFIRMED
from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(
    state=CampaignState.CLOSED,
    moves=(
        going_back(CampaignState.ANALYSIS),
        *OVERRIDES,
        *EXCHANGES,
        *CONTRACTS,
        PURGE,
        *INVOICES_AFTER_DROP,
        *CLAIMS,
        *OBJECTIONS_MOVES,
        *CERTIFICATES_MOVES,
        KEEP_CONTACTS,
        KEEP_BARRED,
        CORRECT_CONFIRMED,
        ERASE,
    ),
)
