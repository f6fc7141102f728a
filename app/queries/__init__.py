"""What pages read: functions of a session that return frozen dataclasses. Nothing is decided or written here."""
