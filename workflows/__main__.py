"""Writes the processes, as they are declared, into the README: `python -m workflows`."""

from pathlib import Path

from workflows.engine.diagram import as_markdown, diagram_of
from workflows.processes import REGISTRY

README = Path(__file__).with_name("README.md")
BEGIN, END = "<!-- processes: written by python -m workflows -->", "<!-- end of processes -->"


def with_processes(text: str) -> str:
    """The README's text with the processes between its marks as they are today.

    :raises ValueError: when the marks are not there.
    """
    before, _, rest = text.partition(BEGIN)
    _, mark, after = rest.partition(END)
    if not mark:
        raise ValueError("the README has no marks for the processes")
    drawn = "\n\n".join(as_markdown(diagram_of(process)) for process in REGISTRY.processes)
    return f"{before}{BEGIN}\n\n{drawn}\n\n{END}{after}"


if __name__ == "__main__":
    README.write_text(with_processes(README.read_text(encoding="utf-8")), encoding="utf-8")
