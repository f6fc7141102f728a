"""Talks to the outside: one module a kind of neighbour. Called by service tasks, never by views or workflows."""
