"""Imports every room with service tasks, so that the registry is whole. To add a task: write it in a room, import the room here."""

from tasks import (
    budget_mail,
    certificates,
    contacts,
    dedupe,
    documents,
    files,
    follow_up,
    lots,
    mail,
    objections,
    purge,
    refusals,
    responses,
    results,
)

__all__ = [
    "budget_mail",
    "certificates",
    "contacts",
    "dedupe",
    "documents",
    "files",
    "follow_up",
    "lots",
    "mail",
    "objections",
    "purge",
    "refusals",
    "responses",
    "results",
]
