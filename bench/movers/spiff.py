"""Peer: SpiffWorkflow, whose whole state is read from a row, moved, and written back. Runs in the peers' environment.

It keeps no checkpoint, no outbox and no row a user task: its move is less than ours.
"""

import os
import uuid
from io import BytesIO
from itertools import pairwise

import psycopg
from lxml import etree
from SpiffWorkflow.bpmn.parser import BpmnParser
from SpiffWorkflow.bpmn.serializer import BpmnWorkflowSerializer
from SpiffWorkflow.bpmn.workflow import BpmnWorkflow
from SpiffWorkflow.util.task import TaskState

from bench._turns import STAGES, serve

NAMESPACE = "http://www.omg.org/spec/BPMN/20100524/MODEL"


def _diagram() -> bytes:
    names = ["start", *(f"stage_{number}" for number in range(1, STAGES + 1)), "end"]
    tasks = "".join(f'<userTask id="{name}" name="{name}"/>' for name in names[1:-1])
    flows = "".join(f'<sequenceFlow id="to_{b}" sourceRef="{a}" targetRef="{b}"/>' for a, b in pairwise(names))
    return (
        f'<definitions xmlns="{NAMESPACE}" id="bench" targetNamespace="bench"><process id="ten" isExecutable="true">'
        f'<startEvent id="start"/>{tasks}<endEvent id="end"/>{flows}</process></definitions>'
    ).encode()


class Mover:
    """One connection, one specification parsed once, one serializer."""

    def __init__(self, url: str) -> None:
        parser = BpmnParser()
        parser.add_bpmn_xml(etree.parse(BytesIO(_diagram())), filename="ten.bpmn")
        self.spec = parser.get_spec("ten")
        self.serializer = BpmnWorkflowSerializer()
        self.connection = psycopg.connect(url.replace("+psycopg", ""))
        with self.connection.transaction():
            self.connection.execute("create table if not exists flow (id uuid primary key, state text not null)")

    def prepare(self, count: int) -> list[uuid.UUID]:
        """Start so many workflows."""
        ids = [uuid.uuid4() for _ in range(count)]
        for one in ids:
            workflow = BpmnWorkflow(self.spec)
            workflow.do_engine_steps()
            with self.connection.transaction():
                self.connection.execute("insert into flow values (%s, %s)", (one, self.serializer.serialize_json(workflow)))
        return ids

    def move(self, one: uuid.UUID) -> None:
        """Do the ready user task of a workflow."""
        with self.connection.transaction():
            (state,) = self.connection.execute("select state from flow where id = %s for update", (one,)).fetchone()
            workflow = self.serializer.deserialize_json(state)
            (ready,) = workflow.get_tasks(state=TaskState.READY, manual=True)
            ready.run()
            workflow.do_engine_steps()
            self.connection.execute("update flow set state = %s where id = %s", (self.serializer.serialize_json(workflow), one))


def main() -> None:
    """Serve."""
    mover = Mover(os.environ["DATABASE_URL"])
    serve(mover.prepare, mover.move, backend_pid=mover.connection.info.backend_pid)
