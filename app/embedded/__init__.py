"""A PostgreSQL and a Valkey of our own, so that nobody has to install one.

Real servers on private unix sockets, kept in the data folder. Not for production: there ``DATABASE_URL`` and ``REDIS_URL`` name
servers that somebody backs up.
"""

from app.embedded.child import EmbeddedServerError
from app.embedded.postgres import EmbeddedPostgres
from app.embedded.servers import Servers, attach_or_start, temporary, temporary_folder
from app.embedded.valkey import EmbeddedValkey

__all__ = [
    "EmbeddedPostgres",
    "EmbeddedServerError",
    "EmbeddedValkey",
    "Servers",
    "attach_or_start",
    "temporary",
    "temporary_folder",
]
