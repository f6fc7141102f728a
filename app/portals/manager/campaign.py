"""A campaign's own page: rail, what blocks the next move, the chain from order to euros, what is open, what happened last."""

from typing import Any

from flask import Response, make_response, render_template
from flask_babel import gettext as _
from wtforms import SelectChoice

from app.portals.manager.blueprint import blueprint
from app.portals.manager.events import timeline_entry
from app.portals.manager.moves import move_view
from app.portals.manager.passage import draw_passage, passage_rows, passage_words
from app.portals.manager.rooms import Here, clock_now, reading, room, show
from app.portals.manager.words import drop_words, health_words, job_view, task_row
from app.portals.shared.margin_words import margin_words
from app.portals.shared.words import STAGES
from app.queries.campaign import ListChain, find_campaign, get_chain, get_money, list_jobs
from app.queries.documents import list_documents
from app.queries.entries import recent_entries
from app.queries.follow_up import get_kin
from app.queries.inbox import list_tasks
from app.queries.passage import get_passage
from app.security.audience import audience
from app.security.sessions import current_actor
from workflows.campaign.facts import CampaignFacts
from workflows.parties.roles import Role

RECENT = 5


@room("campaign")
def fill(here: Here) -> dict[str, Any]:
    """What the overview shows."""
    facts = CampaignFacts(here.session, here.campaign)
    chain = get_chain(facts)
    tasks = list_tasks(here.session, current_actor(), now=clock_now(), campaign_id=here.campaign.id)
    money = get_money(facts)
    return {
        "health": health_words(here.head.schedule),
        "drop": drop_words(here.head.schedule),
        "money": money,
        "margin": margin_words(money.margin, here.head.currency),
        "chain": chain,
        "total": total_of(chain),
        "balances": any(row.balances for row in chain),
        "unbalanced": [row.code for row in chain if row.balances is False],
        "forward": move_view(here, here.head.forward.name) if here.head.forward else None,
        "resuming": move_view(here, "resume_campaign"),
        "holding": move_view(here, "hold_campaign"),
        "returning": returning(here),
        "kin": get_kin(here.session, here.campaign),
        "following_up": "open_follow_up" in here.head.moves,
        "cancelling": "cancel_campaign" in here.head.moves,
        "mine": [task_row(task) for task in tasks if task.mine],
        "others": [task_row(task) for task in tasks if not task.mine],
        **way(here),
        "jobs": jobs(here),
        "documents": list_documents(here.session, here.campaign.id)[:RECENT],
        "entries": [timeline_entry(entry) for entry in recent_entries(here.session, here.campaign.id, most=RECENT)],
        "advertiser": facts.advertiser.name,
    }


def returning(here: Here) -> dict[str, Any] | None:
    """The way back, with the stages that can be reached from here; None where there is none."""
    view = move_view(here, "return_to_stage")
    if view is not None:
        view["form"].stage.choices = [SelectChoice(stage, str(STAGES[stage])) for stage in here.head.moves["return_to_stage"].targets]
    return view


def jobs(here: Here) -> list[dict[str, Any]]:
    """Machines' work under way, as the page shows it."""
    return [job_view(job) for job in list_jobs(here.session, here.campaign, now=here.now)]


def way(here: Here) -> dict[str, Any]:
    """The way that the campaign made through its stages: drawn, in a sentence, and as rows."""
    made = get_passage(here.session, here.campaign, now=here.now)
    return {"way": made, "way_drawing": draw_passage(made), "way_words": passage_words(made), "way_rows": passage_rows(made)}


def total_of(chain: tuple[ListChain, ...]) -> dict[str, Any]:
    """The sums over all lists; a step that no list has reached is None."""
    total: dict[str, Any] = {"code": _("Total")}
    for name in (
        "ordered",
        "delivered",
        "rejected",
        "suppressed",
        "duplicates",
        "net",
        "mailed",
        "undeliverable",
        "arrived",
        "responses",
        "amount",
    ):
        values = [value for row in chain if (value := getattr(row, name)) is not None]
        total[name] = sum(values) if values else None
    return total


@blueprint.get("/campaigns/<code>")
@audience(Role.PROJECT_MANAGER)
def campaign(code: str) -> Response:
    """The overview of one campaign."""
    return show("campaign", code)


@blueprint.get("/campaigns/<code>/jobs")
@audience(Role.PROJECT_MANAGER)
def campaign_jobs(code: str) -> Response:
    """The machines' work alone, for a page that looks again by itself; when all is done the page is read anew."""
    with reading() as session:
        found = find_campaign(session, code)
        under_way = [job_view(job) for job in list_jobs(session, found, now=clock_now())]
    answer = make_response(render_template("manager/jobs.html", jobs=under_way, code=code))
    if not any(job["state"] != "failed" for job in under_way):
        answer.headers["HX-Refresh"] = "true"
    return answer
