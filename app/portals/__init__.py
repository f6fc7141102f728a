"""One package per audience, and the list of them. Not for rules, queries or words of the trade."""

from collections.abc import Collection
from dataclasses import dataclass
from importlib import import_module

from flask import Blueprint
from flask_babel import LazyString
from flask_babel import lazy_gettext as _l

from workflows.parties.roles import Role


@dataclass(frozen=True, kw_only=True)
class NavItem:
    """One entry of a portal's navigation; `endpoint` takes no argument."""

    endpoint: str
    label: str | LazyString
    icon: str = ""


@dataclass(frozen=True, kw_only=True)
class Portal:
    """An audience's portal: its package exposes `blueprint` and `NAVIGATION`, `NavItem`s in their order."""

    name: str
    roles: frozenset[Role]
    label: LazyString

    @property
    def package(self) -> str:
        return f"app.portals.{self.name}"

    @property
    def prefix(self) -> str:
        """Where the portal lives; its first page answers at this path."""
        return f"/{self.name}/"


PORTALS = (
    Portal(name="manager", roles=frozenset({Role.PROJECT_MANAGER}), label=_l("Campaigns")),
    Portal(name="approver", roles=frozenset({Role.BUDGET_APPROVER}), label=_l("Approvals")),
    Portal(name="administration", roles=frozenset({Role.ADMINISTRATOR}), label=_l("Administration")),
    Portal(name="auditor", roles=frozenset({Role.AUDITOR, Role.DPO}), label=_l("Audit")),
    Portal(name="supplier", roles=frozenset({Role.SUPPLIER}), label=_l("Orders")),
)
"""Every portal, the strongest role first: that is where a person with several roles lands."""

ROLE_ORDER = (Role.PROJECT_MANAGER, Role.BUDGET_APPROVER, Role.SUPPLIER, Role.AUDITOR, Role.DPO, Role.ADMINISTRATOR)
"""The order in which people are shown to somebody who discovers the roles."""


def portals_of(roles: Collection[Role]) -> list[Portal]:
    """The portals somebody with these roles may enter, strongest first."""
    return [portal for portal in PORTALS if portal.roles & frozenset(roles)]


def landing(roles: Collection[Role]) -> str | None:
    """The path where somebody with these roles starts; None when no portal is theirs."""
    portals = portals_of(roles)
    return portals[0].prefix if portals else None


def load_portals() -> dict[str, tuple[Blueprint, tuple[NavItem, ...]]]:
    """Each portal's blueprint and navigation, by the portal's name. Imported here, since each of them imports this room."""
    packages = {portal.name: import_module(portal.package) for portal in PORTALS}
    return {name: (package.blueprint, package.NAVIGATION) for name, package in packages.items()}
