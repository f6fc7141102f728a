"""Every route says who it is for, and the ones that say "everybody" are listed here, so that opening one is a decision."""

import pytest
from flask import Flask

from app.portals import PORTALS
from app.security.audience import ANYONE, declared_audience

PUBLIC = {
    "account.change",
    "account.choose",
    "account.forgotten",
    "account.send_forgotten",
    "demo.sign_in",
    "favicon",
    "health.healthz",
    "openapi.spec",
    "passkeys.ask_to_enter",
    "passkeys.sign_in",
    "providers.ask",
    "providers.come_back",
    "sign_in.enter_by_link",
    "sign_in.form",
    "sign_in.language",
    "sign_in.sign_in",
    "sign_in.sign_out",
    "static",
    "style.style",
}
ONLY_IN_THE_DEMONSTRATION = {"demo.sign_in", "style.style"}


@pytest.fixture
def whole_app(make_app) -> Flask:  # type: ignore[no-untyped-def]
    return make_app(JALON_DEMO="1")


def test_every_route_declares_its_audience(whole_app: Flask) -> None:
    silent = [
        f"{rule.endpoint} {rule}"
        for rule in whole_app.url_map.iter_rules()
        if declared_audience(whole_app.view_functions[rule.endpoint]) is None
    ]

    assert silent == []


def test_only_the_listed_routes_are_open_to_everybody(whole_app: Flask) -> None:
    opened = {endpoint for endpoint, view in whole_app.view_functions.items() if declared_audience(view) == ANYONE}

    assert opened == PUBLIC


def test_a_portal_is_open_to_its_own_roles_only(whole_app: Flask) -> None:
    roles = {portal.name: portal.roles for portal in PORTALS}
    strangers = [
        (endpoint, sorted(audience - roles[portal]))
        for endpoint, view in whole_app.view_functions.items()
        if (portal := endpoint.split(".")[0]) in roles and (audience := declared_audience(view)) and not audience <= roles[portal]
    ]

    assert strangers == []


def test_every_portal_answers_at_its_prefix(whole_app: Flask) -> None:
    paths = {str(rule) for rule in whole_app.url_map.iter_rules()}
    registered = [portal for portal in PORTALS if portal.name in whole_app.blueprints]

    assert [portal.prefix for portal in registered if portal.prefix not in paths] == []


def test_an_installation_has_no_route_of_the_demonstration(app: Flask) -> None:
    assert ONLY_IN_THE_DEMONSTRATION & set(app.view_functions) == set()


def test_every_entry_of_the_navigation_leads_somewhere(whole_app: Flask) -> None:
    entries = [item.endpoint for items in whole_app.extensions["jalon"].navigation.values() for item in items]

    assert [endpoint for endpoint in entries if endpoint not in whole_app.view_functions] == []
