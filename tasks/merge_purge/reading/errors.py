"""The refusals of reading. Codes are stable: a non-conformity report is written from them."""


class UnreadableFile(Exception):
    """A file that cannot be taken as it stands.

    :param code: stable name of the reason (``empty_file``, ``double_encoded``, ``layout_needed``, ...)
    :param detail: one English sentence with the evidence; never personal data in clear
    """

    def __init__(self, code: str, detail: str) -> None:
        super().__init__(f"{code}: {detail}")
        self.code = code
        self.detail = detail


def why_closed(fault: OSError) -> str:
    """Why a file cannot be opened, in words."""
    words = {"FileNotFoundError": "there is no such file", "IsADirectoryError": "this is a folder", "PermissionError": "it may not be read"}
    return words.get(type(fault).__name__, f"cannot be opened: {fault.strerror or fault}")
