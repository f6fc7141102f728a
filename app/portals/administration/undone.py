"""What stays undone: escalated tasks as an administrator sees them, who can free them by a role or a substitute. Nothing is done here."""

from app.portals.administration.room import blueprint, page, reading
from app.portals.shared.words import TASKS
from app.queries.talk import count_comments
from app.queries.undone import list_undone
from app.security.audience import audience
from workflows.parties.roles import Role


@blueprint.get("/undone")
@audience(Role.ADMINISTRATOR)
def undone() -> str:
    """Tasks that were escalated and are still open."""
    with reading() as (session, advertiser_id):
        tasks = list_undone(session, advertiser_id)
        said = count_comments(session, [one.id for one in tasks])
    return page(
        "administration/undone.html",
        tasks=tasks,
        said=said,
        words={one.name: TASKS.get(one.name, one.name.replace("_", " ")) for one in tasks},
    )
