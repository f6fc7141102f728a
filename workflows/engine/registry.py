"""Which process each command belongs to. Filled once, where all processes are known; the engine itself knows none."""

from workflows.engine.command import Command
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

    def process(self, name: str) -> Process:
        """The process of that name.

        :raises KeyError: when there is none.
        """
        return next(process for process in self.processes if process.name == name)
