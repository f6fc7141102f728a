"""What stands around every page, in `shared/base.html`: what its head names, whose site it is and where one is, the search, the choice of
language, and who one is. Each is a part that is drawn once for what it shows.
"""

from collections.abc import Iterable
from types import SimpleNamespace
from typing import Any

from flask import Flask, request
from markupsafe import Markup

from app.jalon import jalon
from app.portals import PORTALS, NavItem, Portal
from app.portals.shared.addresses import address_of
from app.portals.shared.parts import Part
from workflows.parties.actor import Actor
from workflows.parties.roles import Role

_KEPT = 512


def init_masthead(app: Flask) -> None:
    """Give templates `frame`, with `links()`, `above(…)`, `places(…)`, `search(…)`, `languages()` and `person_menu(…)`."""
    app.jinja_env.globals["frame"] = SimpleNamespace(
        links=_LINKS, above=_ABOVE, places=places, search=_SEARCH, languages=_LANGUAGES, person_menu=person_menu
    )


def places(advertisers: Iterable[str], portal: Portal | None) -> Markup:
    """The names of the advertisers, and the portal's rooms with the present one marked."""
    return _PLACES(tuple(dict.fromkeys(advertisers)), portal.name if portal else "", _present(portal))


def person_menu(actor: Actor, portals: Iterable[Portal], portal: Portal | None, absences_open: bool) -> Markup:
    """Who is signed in, as what, and where else they may go."""
    return _MENU(actor.name, actor.roles, tuple(one.name for one in portals), portal.name if portal else "", absences_open)


def _rooms(portal: str) -> tuple[NavItem, ...]:
    return jalon().navigation.get(portal, ())


def _present(portal: Portal | None) -> tuple[str, ...]:
    """The rooms in which the page that is asked for stands; a portal's first page is a room of its own."""
    if portal is None:
        return ()
    rooms = [(item.endpoint, address_of(item.endpoint)) for item in _rooms(portal.name)]
    return tuple(
        endpoint
        for endpoint, address in rooms
        if request.path == address or (request.path.startswith(address) and address != portal.prefix)
    )


def _places(advertisers: tuple[str, ...], portal: str, present: tuple[str, ...]) -> dict[str, Any]:
    return {"advertisers": advertisers, "rooms": _rooms(portal), "present": present}


def _menu(name: str, roles: frozenset[Role], portals: tuple[str, ...], portal: str, absences_open: bool) -> dict[str, Any]:
    theirs = [one for one in PORTALS if one.name in portals]
    return {"name": name, "roles": roles, "portals": theirs, "portal": portal, "absences_open": absences_open}


_LINKS = Part("shared/links.html", dict, kept=_KEPT)
_ABOVE = Part("shared/above.html", lambda demo: {"demo": demo}, kept=_KEPT)
_SEARCH = Part("shared/search.html", lambda action, label: {"action": action, "label": label}, kept=_KEPT)
_LANGUAGES = Part("shared/languages.html", dict, kept=_KEPT)
_PLACES = Part("shared/places.html", _places, kept=_KEPT)
_MENU = Part("shared/person_menu.html", _menu, kept=_KEPT)
