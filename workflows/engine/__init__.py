"""How anything moves: knows its subject only as an id, a state and a version. No trade word in here."""
