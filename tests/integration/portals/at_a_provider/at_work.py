"""Somebody whose organisation has a provider, and what the installation and the database know of it."""

from dataclasses import replace
from pathlib import Path
from urllib.parse import urlsplit

from flask import Flask
from sqlmodel import select

from app.security.provider_accounts import ProviderAccount
from app.security.providers import read_providers
from tests.integration.papers.journey import Journey
from tests.integration.portals.passwords import BRUNO
from tests.integration.portals.provider import CLIENT, SECRET, OrganisationsProvider, come_from
from tests.integration.portals.test_choosing_a_password import Browser, rooms
from tests.integration.portals.visiting import words
from workflows.parties.actor import SYSTEM

WANTED = "/account?from=a+letter"


def configure(site: Flask, folder: Path, provider: OrganisationsProvider, more: str = "", secret: str = SECRET) -> None:
    """The installation's file of providers: the advertiser's, and an agency's."""
    file = folder / "providers.toml"
    file.write_text(
        f"""
        [clairval]
        name = "Clairval"
        issuer = "{provider.issuer}"
        client_id = "{CLIENT}"
        client_secret = "{secret}"
        domains = ["clairval.example"]
        {more}

        [agence]
        name = "Agence du Pont"
        issuer = "https://login.agence.example"
        client_id = "jalon"
        client_secret = "another"
        domains = ["agence.example"]
        """,
        encoding="utf-8",
    )
    found = rooms(site)
    site.extensions["jalon"] = replace(found, settings=replace(found.settings, providers=read_providers(file)))


class AtWork(Browser):
    """Somebody at the sign-in page, whose organisation has a provider."""

    def __init__(self, app: Flask) -> None:
        super().__init__(app)
        self.client.set_cookie("jalon_language", "en")

    def is_asked(self, wanted: str = WANTED) -> str:
        """Press the button; the provider's address."""
        answer = self.client.get("/sign-in/with/clairval", query_string={"next": wanted})
        assert answer.status_code == 303
        return answer.location

    def comes_back(self, address: str) -> tuple[str, str]:
        """Where they end, and what stands there."""
        parts = urlsplit(address)
        answer = self.client.get(f"{parts.path}?{parts.query}")
        assert answer.status_code == 303
        return answer.location, words(self.client.get(answer.location, follow_redirects=True))

    def enters(self, wanted: str = WANTED) -> tuple[str, str]:
        return self.comes_back(come_from(self.is_asked(wanted)))

    def is_in(self) -> bool:
        return self.client.get("/account").status_code == 200

    def is_let_in(self) -> bool:
        """Whether signing in leads to the page they wanted, as Bruno."""
        place, told = self.enters()
        return place == WANTED and BRUNO in told

    def is_turned_away(self, said: str) -> bool:
        """Whether signing in leads back to its page, which says so and still knows where they wanted to go."""
        place, told = self.enters()
        return place.startswith("/sign-in?next=/account") and said in told and not self.is_in()


def ties(journey: Journey) -> list[ProviderAccount]:
    with journey.database.reading(SYSTEM) as session:
        return list(session.exec(select(ProviderAccount)))
