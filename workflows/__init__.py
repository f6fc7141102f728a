"""Decides: stages, moves, guards and trade rules. No HTTP, queue, template, file or clock in here."""
