"""Which process each command belongs to. Filled once, where all processes are known; the engine itself knows none."""

from functools import cached_property
from typing import Any

from workflows.engine.command import Command, sha256_of
from workflows.engine.process import Process


class Registry:
    """All processes, by the commands they take."""

    def __init__(self, *processes: Process) -> None:
        self.processes = processes
        self._by_command: dict[type[Command], Process] = {}
        for process in processes:
            for command in process.commands:
                if command in self._by_command:
                    raise ValueError(f"{command.name()} belongs to two processes")
                self._by_command[command] = process
        self._by_name = {command.name(): command for command in self._by_command}

    def process_for(self, command: type[Command]) -> Process:
        """The process that takes this command.

        :raises KeyError: when none does.
        """
        return self._by_command[command]

    def command(self, name: str) -> type[Command] | None:
        """The command of that name, as URLs and the API spell it."""
        return self._by_name.get(name)

    @property
    def shape(self) -> dict[str, Any]:
        """What all processes are together, as plain data."""
        return {"processes": [process.shape for process in self.processes]}

    @cached_property
    def sha256(self) -> str:
        """The hash of all processes' shape, by which a chain knows under which it moves."""
        return sha256_of(self.shape)

    @cached_property
    def user_tasks(self) -> frozenset[str]:
        """The names of all user tasks that some process opens."""
        stages = [stage for process in self.processes for stage in process.stages]
        moves = [*(move for process in self.processes for move in process.births), *(move for stage in stages for move in stage.moves)]
        sources = [stage.opens for stage in stages] + [move.opens for move in moves]
        return frozenset(spec.name for opens in sources for spec in opens)

    def process(self, name: str) -> Process:
        """The process of that name.

        :raises KeyError: when there is none.
        """
        return next(process for process in self.processes if process.name == name)
