"""What must be true at the end, read from the database and from the letters that arrived. Every fault is a sentence."""

from collections import Counter
from collections.abc import Iterator
from hashlib import sha256

from sqlalchemy import Connection, text

from bench.disturbed.people import Answer
from tasks.mail import NOT_MAILED
from workflows.engine.canonical import read_json
from workflows.engine.checkpoints import GENESIS

_ENTRIES = text("select campaign_id, seq, event, body, sha256 from checkpoint order by campaign_id, seq")
_HEADS = text("select id, chain_seq, chain_head from campaign")
_MESSAGES = text("""
select m.id, m.name, m.state, m.error, m.attempts, m.requested_seq, m.campaign_id, d.kind
  from outbox_message m left join document d on d.id::text = m.payload ->> 'document_id'
 where m.name <> 'remind_orders'
""")
_ASKED = frozenset({"campaign.negotiation.closed", "campaign.budget.refused", "campaign.budget.approved"})
"""What people's wishes come to; what a move brings about beside stands in other entries."""
_DRAWN = text(
    "select d.id, d.state, count(p.id) as pdfs from document d left join document_pdf p on p.document_id = d.id group by d.id, d.state"
)


def audit(connection: Connection, answered: list[Answer], letters: list[str], *, began: dict[str, int]) -> tuple[dict[str, int], list[str]]:
    """Counts for the table, and what is wrong.

    :param letters: the Message-IDs that arrived, each as often as it did.
    :param began: entries of each campaign before the first of these moves.
    """
    entries = connection.execute(_ENTRIES).all()
    messages = connection.execute(_MESSAGES).all()
    documents = connection.execute(_DRAWN).all()
    faults = [*_chains(entries, {str(row.id): (row.chain_seq, row.chain_head) for row in connection.execute(_HEADS)})]

    theirs = {
        (str(row.campaign_id), row.seq): row.event for row in entries if row.event in _ASKED and row.seq > began[str(row.campaign_id)]
    }
    promised = Counter((str(one.campaign_id), one.seq) for one in answered)
    lost = [one for one in answered if theirs.get((str(one.campaign_id), one.seq)) != one.event]
    doubled = (len(theirs) - len(promised.keys() & theirs.keys())) + sum(count - 1 for count in promised.values())

    undone = [row for row in messages if row.state != "done"]
    refused = [row for row in messages if row.state == "done" and row.error]
    issued = Counter(read_json(row.body)["subject"]["id"] for row in entries if row.event == "document.issued")
    twice = sum(count - 1 for count in issued.values()) + sum(row.pdfs > 2 for row in documents)
    asked = Counter(row.event for row in entries)["campaign.negotiation.closed"] - sum(row.name == "mail_budget" for row in messages)

    known = {str(row.id) for row in messages}
    arrived = Counter(letters)
    written = {one.strip("<>").partition(".")[0] for one in arrived}
    # A budget that was refused before its letter was written is announced to nobody; an order's document always is.
    mailed = [row for row in messages if row.name == "mail_document" and row.kind not in NOT_MAILED]
    unwritten = [row for row in mailed if str(row.id) not in written]
    faults += [f"{one.event} was acknowledged and is not in its chain" for one in lost]
    faults += [f"{doubled} moves too many are in the chains"] if doubled else []
    faults += [f"{row.name} is {row.state} after {row.attempts} runs: {row.error}" for row in undone]
    faults += [f"{row.name} came home too late: {row.error}" for row in refused]
    faults += [f"{twice} documents were issued twice"] if twice else []
    faults += [f"{asked} budgets were announced by no message"] if asked else []
    faults += [
        f"document {row.id} is {row.state} with {row.pdfs} PDFs"
        for row in documents
        if row.state not in ("issued", "superseded") or row.pdfs != 2
    ]
    faults += [f"{row.name} wrote to nobody" for row in unwritten]
    faults += [f"a letter of no message: {one}" for one in written - known]
    counts = {
        "moves": len(answered),
        "jobs": len(messages),
        "runs": sum(row.attempts for row in messages),
        "letters": len(arrived),
        "copies": sum(arrived.values()) - len(arrived),
        "lost": len(lost) + len(undone) + abs(asked) + len(unwritten),
        "doubled": doubled + twice + len(refused),
    }
    return counts, faults


def _chains(entries: list, heads: dict[str, tuple[int, str]]) -> Iterator[str]:
    """Every chain is whole, and ends where its campaign says."""
    at: dict[str, tuple[int, str]] = {}
    for row in entries:
        campaign = str(row.campaign_id)
        seq, head = at.get(campaign, (0, GENESIS))
        entry = read_json(row.body)
        if (entry["seq"], entry["prev"], sha256(row.body).hexdigest()) != (seq + 1, head, row.sha256):
            yield f"the chain of {campaign} is broken at {row.seq}"
        at[campaign] = row.seq, row.sha256
    for campaign, head in heads.items():
        if at.get(campaign) != head:
            yield f"the chain of {campaign} does not end at its head"
