"""The movers of `bench.moves`: each serves rounds of moves in a process of its own. Not for comparing them; `moves` does."""
