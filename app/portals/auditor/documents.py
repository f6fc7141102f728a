"""Every document of a campaign, on what bases its lists are used, its samples and proofs, and what became of files handed over."""

from uuid import UUID

from flask import Response, render_template

from app.jalon import jalon
from app.portals.auditor.room import blueprint, reading_campaign
from app.portals.auditor.words import campaign_head, document_word
from app.portals.shared.bases import doubt_words, stated_rows
from app.portals.shared.downloads import show_file
from app.queries.bases import list_basis_lines
from app.queries.certificates import list_certificates
from app.queries.documents import get_pdf, list_documents
from app.queries.proofs import list_proofs
from app.queries.samples import list_approvals, list_samples
from app.security.audience import audience
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role


@blueprint.get("/campaigns/<code>/documents")
@audience(Role.AUDITOR, Role.DPO)
def documents(code: str) -> str:
    """All documents, the newest first."""
    with reading_campaign(code) as (session, campaign):
        papers = list_documents(session, campaign.id)
        proofs = list_proofs(session, campaign.id)
        samples, approvals = list_samples(session, campaign.id), list_approvals(session, campaign.id)
        certificates = list_certificates(session, campaign, now=jalon().clock.now())
        bases = list_basis_lines(CampaignFacts(session, campaign))
        head = campaign_head(session, campaign)
    worded = [(paper, document_word(paper.kind, paper.channel)) for paper in papers]
    return render_template(
        "auditor/documents.html",
        head=head,
        papers=worded,
        bases=stated_rows(bases),
        doubts=doubt_words(bases),
        proofs=proofs,
        samples=samples,
        approvals=approvals,
        certificates=certificates,
    )


@blueprint.get("/campaigns/<code>/documents/<uuid:document_id>/<locale>.pdf")
@audience(Role.AUDITOR, Role.DPO)
def pdf(code: str, document_id: UUID, locale: str) -> Response:
    """One PDF, exactly as it was issued."""
    with reading_campaign(code) as (session, campaign):
        found = get_pdf(session, campaign.id, document_id, locale)
    return show_file(found.content, found.name)
