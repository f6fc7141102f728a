"""Whether somebody sees a user task: asked as them, before it is read on the machine's authority. Not for what is read then."""

from uuid import UUID

from app.database import Database
from workflows.engine.refusals import NotFound
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import Actor


def see_task(database: Database, actor: Actor, task_id: UUID) -> None:
    """Let whoever sees the task go on.

    :raises NotFound: when there is no such task for them.
    """
    with database.reading(actor) as session:
        if session.get(UserTask, task_id) is None:
            raise NotFound(subject="user_task")
