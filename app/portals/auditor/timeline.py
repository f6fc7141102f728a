"""A campaign's timeline, filtered by who, what, stage and what stands out."""

from collections.abc import Mapping, Sequence
from typing import Any

from flask import render_template, request
from flask_babel import gettext as _
from wtforms import BooleanField, SelectChoice, SelectField

from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import KINDS, MARK_WORDS, campaign_head, timeline_entry, who
from app.portals.shared.kept_text import KeptTextForm
from app.portals.shared.words import STAGES
from app.queries.history import MACHINE, MARKS, Filters, HistoryEntry, get_history
from app.security.audience import audience
from workflows.parties.roles import Role

PAGE = 40
"""So many entries a page."""


class FilterForm(KeptTextForm):
    """What to look for; sent by GET, so that the address of what was found can be kept."""

    class Meta:
        csrf = False

    who = SelectField(validate_choice=False)
    kind = SelectField(validate_choice=False)
    stage = SelectField(validate_choice=False)
    mark = SelectField(validate_choice=False)
    lines = BooleanField()

    def __init__(self, history: Sequence[HistoryEntry], **arguments: Any) -> None:
        super().__init__(**arguments)
        people = {entry.person_id: who(entry) for entry in history if entry.person_id}
        self.who.label.text, self.kind.label.text, self.stage.label.text = _("Who"), _("What"), _("Stage")
        self.mark.label.text, self.lines.label.text = _("What stands out"), _("With the steps of single plan lines")
        self.who.choices = _choices(_("Everybody"), {MACHINE: _("Jalon itself"), **dict(sorted(people.items(), key=lambda one: one[1]))})
        self.kind.choices = _choices(_("Everything"), KINDS)
        self.stage.choices = _choices(_("All stages"), STAGES)
        self.mark.choices = _choices(_("Anything"), {mark: MARK_WORDS[mark].word for mark in MARKS})

    @property
    def filters(self) -> Filters:
        """What was asked for."""
        return Filters(
            who=self.who.data or None,
            kind=self.kind.data or None,
            stage=self.stage.data or None,
            mark=self.mark.data or None,
            lines=bool(self.lines.data),
        )


def _choices(everything: str, words: Mapping[str, Any]) -> list[SelectChoice]:
    return [SelectChoice("", everything), *(SelectChoice(name, word) for name, word in words.items())]


@blueprint.get("/campaigns/<code>")
@audience(Role.AUDITOR, Role.DPO)
def timeline(code: str) -> str:
    """The timeline of one campaign, the newest entry first."""
    with reading_campaign(code) as (session, campaign):
        history = get_history(session, campaign)
        head = campaign_head(session, campaign)
    form = FilterForm(history, formdata=request.args)
    filters = form.filters
    found = [entry for entry in reversed(history) if filters.lets(entry)]
    pages = max(1, -(-len(found) // PAGE))
    page = min(max(1, request.args.get("page", 1, type=int)), pages)
    kept = {name: value for name, value in request.args.items() if name != "page" and value}
    return render_template(
        "auditor/timeline.html",
        head=head,
        form=form,
        filtered=bool(kept),
        entries=[timeline_entry(code, entry) for entry in found[(page - 1) * PAGE : page * PAGE]],
        found=len(found),
        total=len(history),
        page=page,
        pages=pages,
        arguments={"code": code, **kept},
    )
