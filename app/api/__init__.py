"""The API: the same commands, refusals and readings as the portals, as JSON, for programs that people let act for them.

A program shows a personal token and may do what its person may do, no more. Not for pages, except the one on which people make tokens.
"""

from app.api import batches, commands, mailing, papers, policy, reading, tokens_page, tracking
from app.api.room import blueprint

VIEWS = (tokens_page, reading, papers, mailing, tracking, batches, policy, commands)
"""The modules whose views the blueprint holds."""

__all__ = ["VIEWS", "blueprint"]
