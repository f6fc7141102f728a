"""One checkpoint, opened: before and after, documents, hashes, controls, words, and the entry computed again on demand."""

import json

from flask import render_template, request

from app.evidence import check_entry
from app.portals.auditor.asked_words import field_rows, field_word, file_word
from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head, control_rows, entry_view
from app.queries.changes import list_changes, list_task_changes
from app.queries.documents import list_documents
from app.queries.history import get_entry, get_history, list_names
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/entries/<int:seq>")
@audience(Role.AUDITOR, Role.DPO)
def entry(code: str, seq: int) -> str:
    """One entry of the chain; with `?verify=1` computed again here and now."""
    with reading_campaign(code) as (session, campaign):
        found = get_entry(get_history(session, campaign), seq)
        check = check_entry(session, campaign, seq)
        papers = {(paper.number, paper.revision): paper for paper in list_documents(session, campaign.id)}
        changes = list_changes(session, campaign.id, seq)
        tasks = list_task_changes(session, campaign.id, seq)
        names = list_names(session, campaign, found)
        head = campaign_head(session, campaign)
    return render_template(
        "auditor/entry.html",
        head=head,
        entry=found,
        view=entry_view(found),
        controls=control_rows(found),
        fields=field_rows(found, names),
        field_word=field_word,
        file_word=file_word,
        documents=[(document, papers.get((document["number"], document["revision"]))) for document in found.documents],
        changes=changes,
        tasks=tasks,
        check=check if request.args.get("verify") else None,
        body=json.dumps(json.loads(check.body), ensure_ascii=False, indent=2),
    )
