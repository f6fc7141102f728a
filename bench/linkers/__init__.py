"""Other record linkers, each a process in the environment of the peers. Not for the project."""
