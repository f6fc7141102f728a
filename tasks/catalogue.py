"""Imports every room with service tasks, so that the registry is whole. To add a task: write it in a room, import the room here."""

from tasks import (
    barred,
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
    responses,
    results,
)

__all__ = [
    "barred",
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
    "responses",
    "results",
]
