"""Where the bytes of address files lie: encrypted at rest, plain only in a private folder while they are worked on.

Not for issued documents and decisions: those are small and live in the database.
"""

from app.storage.blobs import BlobDamaged, BlobMissing, BlobRef, BlobStore
from app.storage.scratch import ScratchFolders

__all__ = ["BlobDamaged", "BlobMissing", "BlobRef", "BlobStore", "ScratchFolders"]
