"""The service task's machine: work that a machine gave up, and what people decide of it. Not for doing it: `tasks` does."""
