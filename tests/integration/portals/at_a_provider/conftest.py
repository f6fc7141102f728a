"""A campaign whose director has an organisation with a provider of its own, beside a password."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask

from tests.integration.papers.journey import BEGINNING, Journey
from tests.integration.portals.at_a_provider.at_work import AtWork, configure
from tests.integration.portals.passwords import BRUNO, forget_tries, with_password
from tests.integration.portals.provider import OrganisationsProvider, provider_at


@pytest.fixture
def stage() -> str:
    return "plan"


@pytest.fixture
def journey(opened: Journey) -> Journey:
    return with_password(opened)


@pytest.fixture
def clairval() -> Iterator[OrganisationsProvider]:
    """The advertiser's own provider, with Bruno before it."""
    with provider_at(BEGINNING) as provider:
        provider.meets("8f3a", BRUNO)
        yield provider


@pytest.fixture(autouse=True)
def configured(site: Flask, clairval: OrganisationsProvider, tmp_path: Path) -> None:
    configure(site, tmp_path, clairval)
    forget_tries(site)


@pytest.fixture
def person(site: Flask) -> AtWork:
    return AtWork(site)
