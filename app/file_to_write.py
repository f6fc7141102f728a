"""A file that a verb of the command line is to write. Not for verbs that leave a folder of files: those make it, with what leads to it."""

from pathlib import Path

import click


class FileToWrite(click.Path):
    """The path of a file in a folder that is there: one that was misspelt, or a disk that is not mounted, is said before any work."""

    def __init__(self) -> None:
        super().__init__(dir_okay=False, path_type=Path)

    def convert(self, value: object, param: click.Parameter | None, ctx: click.Context | None) -> Path:
        """The path.

        :raises click.BadParameter: when it is a folder, or lies in none that is there.
        """
        path = Path(super().convert(value, param, ctx))  # type: ignore[arg-type]
        if not path.parent.is_dir():
            self.fail(f"there is no folder '{path.parent}'", param, ctx)
        return path
