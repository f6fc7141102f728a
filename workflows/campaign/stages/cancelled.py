"""Cancelled: the campaign was given up. Its orders are withdrawn, its address files purged, its history stays.

Whoever was handed files of people before that still owes a certificate that they are destroyed, and what the withdrawn orders still cost by
their terms is invoiced, controlled and decided.
"""

from workflows.campaign.any_stage.cancelling import wind_up
from workflows.campaign.any_stage.overriding import OVERRIDES
from workflows.campaign.any_stage.shared_moves import PURGE
from workflows.campaign.contacted.barring import KEEP_BARRED
from workflows.campaign.data_protection.certificates import CERTIFICATES_MOVES, CERTIFY
from workflows.campaign.data_protection.erasing import ERASE
from workflows.campaign.dedupe.pressure import KEEP_CONTACTS
from workflows.campaign.exchanges.exchanging import EXCHANGES
from workflows.campaign.invoices.decisions import INVOICES
from workflows.campaign.processors.contracting import CONTRACTS
from workflows.campaign.states import CampaignState
from workflows.engine.process import Stage

STAGE = Stage(
    state=CampaignState.CANCELLED,
    enter=wind_up,
    opens=(CERTIFY,),
    moves=(PURGE, *INVOICES, *OVERRIDES, *CERTIFICATES_MOVES, *EXCHANGES, *CONTRACTS, KEEP_CONTACTS, KEEP_BARRED, ERASE),
)
