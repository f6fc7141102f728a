"""Checkpoints as the manager's timelines take them. Not for proving them: the auditor's portal does; the words are shared."""

from typing import Any

from flask_babel import gettext as _

from app.portals.shared.events import event_words, who_words
from app.queries.entries import Entry
from workflows.campaign.states import TEN_STAGES

TAGS = ("warning", "failed", "overridden")
"""The verdicts of controls worth a tag on the timeline, each a state of its own."""


def timeline_entry(entry: Entry) -> dict[str, Any]:
    """One checkpoint as the page's timeline takes it."""
    what = event_words(entry.event)
    if entry.documents:
        what = _("%(what)s: %(n)s", what=what, n=", ".join(entry.documents))
    stage = entry.event.split(".")[1] if entry.event.startswith("campaign.") else ""
    verdicts = {control.verdict for control in entry.controls}
    return {
        "at": entry.at,
        "who": who_words(entry.who, entry.stood_in_for),
        "sentence": what,
        "stage": stage if stage in set(TEN_STAGES) else "",
        "hash": entry.sha256,
        "notes": [_("“%(words)s”", words=words) for words in entry.words],
        "tags": [(verdict, "") for verdict in TAGS if verdict in verdicts],
        "controls": entry.controls,
        "windows": entry.windows,
        "seq": entry.seq,
    }
