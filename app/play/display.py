"""Shows a play in the terminal: the stage, the open user tasks and the running jobs; one line an event where there is no terminal."""

from types import TracebackType
from typing import Any, Self

from rich.console import Console, Group
from rich.live import Live
from rich.spinner import Spinner
from rich.table import Table
from rich.text import Text
from sqlmodel import col, select

from app.database import Database
from workflows.campaign.model import Campaign
from workflows.campaign.states import TEN_STAGES
from workflows.engine.user_tasks import UserTask
from workflows.parties.actor import SYSTEM

LATEST = 4


class Display:
    """A live view of one play."""

    def __init__(self, database: Database, code: str, console: Console | None = None) -> None:
        self._database = database
        self._code = code
        self._console = console or Console(stderr=True)
        self._live = Live(console=self._console, refresh_per_second=8, transient=True) if self._console.is_terminal else None
        self._stage = "plan"
        self._tasks: list[str] = []
        self._jobs: list[str] = []
        self._events: list[str] = []

    def __enter__(self) -> Self:
        if self._live:
            self._live.start()
        return self

    def __exit__(self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None) -> None:
        if self._live:
            self._live.stop()

    def tell(self, kind: str, what: str) -> None:
        """Take note of a stage that begins or an event that happened."""
        if kind == "stage":
            self._stage = str(what)
            if not self._live:
                self._console.print(f"{self._code} {what}", highlight=False)
        else:
            self._events = [*self._events[-LATEST + 1 :], what]
            self._tasks = self._open_tasks()
        self._draw()

    def watch(self, work: list[tuple[str, str, dict[str, Any] | None]]) -> None:
        """Take note of what machines are doing."""
        self._jobs = [name + (f" · {progress['step']}" if progress else "") for name, state, progress in work if state == "running"]
        self._jobs += [f"{name} …" for name, state, _ in work if state != "running"][:LATEST]
        self._draw()

    def _open_tasks(self) -> list[str]:
        with self._database.reading(SYSTEM) as session:
            statement = (
                select(UserTask.name, UserTask.label)
                .join(Campaign, col(Campaign.id) == col(UserTask.campaign_id))
                .where(UserTask.state == "open", Campaign.code == self._code)
                .order_by(col(UserTask.due_at), col(UserTask.name), col(UserTask.label))
            )
            return [f"{name} {label}".strip() for name, label in session.exec(statement)]

    def _draw(self) -> None:
        if not self._live:
            return
        rail = Text()
        done = True
        for stage in TEN_STAGES:
            here = stage.value == self._stage
            done = done and not here
            rail.append(f" {stage.value} ", style="bold reverse" if here else "green" if done else "dim")
        grid = Table.grid(padding=(0, 2))
        grid.add_row("user tasks", Text(", ".join(self._tasks[:6]) + (" …" if len(self._tasks) > 6 else "") or "–"))
        grid.add_row("jobs", Text(", ".join(self._jobs) or "–"))
        grid.add_row("events", Text(", ".join(self._events) or "–", style="dim"))
        self._live.update(Group(Spinner("dots", text=Text(f" {self._code}", style="bold")), rail, grid))
