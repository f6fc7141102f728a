"""Where people ask and read: portals, the interface for programs, queries, storage and the drawing of documents."""
