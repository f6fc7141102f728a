"""Let people ask and read: portals, API, CLI, queries, security, storage, the outbox relay, the document renderer.

Not for decisions (``workflows``) and not for long work (``tasks``).
"""
