"""Ten views of viewflow, moved with less than its own pages do: no form is saved, no savepoint taken.

Lock, read the open task, check the permission, start, execute. It keeps no checkpoint and no outbox: its move is less than ours.
"""

import secrets
from types import SimpleNamespace

from django.contrib.auth.models import User
from viewflow import this
from viewflow.workflow import STATUS, flow, lock
from viewflow.workflow.flow.views import UpdateProcessView
from viewflow.workflow.models import Task

from bench._turns import STAGES

PERSON = User.objects.create(username=secrets.token_hex(8))
REQUEST = SimpleNamespace(user=PERSON)


def _view(number: int) -> flow.View:
    after = getattr(this, f"stage_{number + 1}") if number < STAGES else this.end
    return flow.View(UpdateProcessView.as_view(fields=[])).Assign(lambda _activation: PERSON).Next(after)


class Ten(flow.Flow):
    """Ten stages, each a person's work, assigned as it opens; the lock is the one recommended with PostgreSQL."""

    lock_impl = lock.select_for_update_lock

    start = flow.StartHandle().Next(this.stage_1)
    vars().update({f"stage_{number}": _view(number) for number in range(1, STAGES + 1)})
    end = flow.End()


def prepare(count: int) -> list[int]:
    """Start so many processes."""
    return [Ten.start.run().pk for _ in range(count)]


def move(process_id: int) -> None:
    """Do the open task of a process."""
    with Ten.lock(process_id):
        task = Task.objects.get(process_id=process_id, status=STATUS.ASSIGNED)
        activation = task.flow_task.activation_class(task)
        if not activation.start.has_perm(PERSON):
            raise PermissionError
        activation.start(REQUEST)
        activation.execute()
