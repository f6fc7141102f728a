"""The evidence of a campaign: everything an outsider needs to check its history without us, and the one file that checks it.

`verify.py` is copied into the bundle as it stands, so it imports nothing of ours. Not for writing checkpoints: `engine.dispatch` does.
"""

from app.evidence.check import ChainCheck, EntryCheck, check_chain, check_entry
from app.evidence.export import CampaignUnknown, export, export_campaign, seal_first

__all__ = ["CampaignUnknown", "ChainCheck", "EntryCheck", "check_chain", "check_entry", "export", "export_campaign", "seal_first"]
