"""One spelling for names and addresses: for the eye of the post (NF Z10-011 lines) and for the eye of the matcher.

Not for judging: what is too poor to be posted is decided in ``tasks.merge_purge.allocate``.
"""

from tasks.merge_purge.normalise.address import with_address
from tasks.merge_purge.normalise.contacts import with_contacts
from tasks.merge_purge.normalise.names import with_names
from tasks.merge_purge.normalise.postal import with_postal_lines

__all__ = ["with_address", "with_contacts", "with_names", "with_postal_lines"]
