"""Machines work here: service tasks run by the queue workers. Decisions live in workflows, never here."""
