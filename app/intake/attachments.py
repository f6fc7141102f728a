"""Files that people put with a task, as they come in: are the bytes what the name says. Shape only: what may be attached is a rule."""

from typing import IO

from workflows.user_task.attaching import ending_of

_BEGINNINGS = {
    "pdf": (b"%PDF-",),
    "png": (b"\x89PNG\r\n\x1a\n",),
    "jpg": (b"\xff\xd8\xff",),
    "jpeg": (b"\xff\xd8\xff",),
    **dict.fromkeys(("docx", "xlsx", "pptx", "odt", "ods", "odp"), (b"PK\x03\x04",)),
}
"""How a file of each kind begins. A text, which has no mark of its own, has no zero byte."""

_LOOKED_AT = 64 * 1024


def is_what_it_says(stream: IO[bytes], name: str) -> bool:
    """Whether a file begins as files of its ending do; the stream is back at its beginning after. Endings that are not known pass."""
    begins = stream.read(_LOOKED_AT)
    stream.seek(0)
    marks = _BEGINNINGS.get(ending_of(name))
    if marks is not None:
        return begins.startswith(marks)
    return ending_of(name) not in ("txt", "csv", "eml") or b"\x00" not in begins
