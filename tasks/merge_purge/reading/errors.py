"""The refusals of reading. Codes are stable: a non-conformity report is written from them."""

import errno

from tasks.merge_purge.sentences import Sentence


class UnreadableFile(Exception):
    """A file that cannot be taken as it stands.

    :param code: stable name of the reason (``empty_file``, ``double_encoded``, ``layout_needed``, ...)
    :param detail: one sentence with the evidence; never personal data in clear
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def why_closed(fault: OSError) -> Sentence:
    """Why a file cannot be opened, in words."""
    if fault.errno == errno.ENOSPC or "os error 28" in str(fault):  # Polars gives no number
        return Sentence("the disk is full")
    words = {
        "FileNotFoundError": Sentence("there is no such file"),
        "IsADirectoryError": Sentence("this is a folder"),
        "NotADirectoryError": Sentence("this is no folder"),
        "FileExistsError": Sentence("this is no folder"),
        "PermissionError": Sentence("access to it is denied"),
    }
    return words.get(type(fault).__name__, Sentence("cannot be opened: {why}", why=fault.strerror or str(fault)))
