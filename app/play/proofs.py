"""What a printer deposits in a play: a message on one page, with its notice and addresses of the proof sample as they are printed."""

import csv
import io
import zipfile
from hashlib import sha256

from app.documents.render import draw_page
from app.files import Files
from workflows.campaign.data_protection.notice import draft_notice
from workflows.campaign.facts import CampaignFacts
from workflows.campaign.model import Message
from workflows.campaign.records import StoredFile

LINES = tuple(f"L{n}" for n in range(1, 7))
MOST_WINDOWS = 8
"""So many addresses are on the page."""


def draw_proof(facts: CampaignFacts, files: Files, message: Message) -> bytes:
    """The proof of a message as a PDF, in French; the same lots give the same bytes."""
    windows = _windows(facts, files, message.code)
    return draw_page(
        "proof.html",
        "fr",
        sha256(f"{facts.campaign.code}{message.code}{windows}".encode()).hexdigest(),
        campaign=facts.campaign,
        advertiser=facts.advertiser,
        message=message,
        notice=draft_notice(facts, message.code),
        windows=windows,
    )


def _windows(facts: CampaignFacts, files: Files, message_code: str) -> list[dict[str, object]]:
    """The lines, the lot and the reason of each record of the sample that gets this message."""
    plan = facts.lot_plan
    assert plan is not None, "proofs are made once lots are frozen"
    stored = facts.session.get(StoredFile, plan.result_file_id)
    assert stored is not None, "a lot plan has its files"
    lots, found = {lot.code for lot in facts.lots if lot.message == message_code}, []
    with files.plaintext(stored) as path, zipfile.ZipFile(path) as archive:
        for name in sorted(one for one in archive.namelist() if one.startswith("proof_")):
            with archive.open(name) as member:
                rows = csv.DictReader(io.TextIOWrapper(member, encoding="utf-8"), delimiter=";")
                found += [row for row in rows if row["CODE_LOT"] in lots]
    return [
        {"lot": row["CODE_LOT"], "reason": row["MOTIF"], "lines": [row[line] for line in LINES if row[line]]}
        for row in found[:MOST_WINDOWS]
    ]
