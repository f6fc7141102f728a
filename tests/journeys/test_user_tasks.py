"""A project manager looks at a task, says something about it, and goes to arrange an absence; axe looks at every page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from flask import Flask
from playwright.sync_api import Browser, expect

from tests.databases import DatabaseUrls
from tests.integration.papers.journey import Journey
from tests.journeys.site import campaign, enter, listen, look, new_page


@pytest.fixture
def site(database_urls: DatabaseUrls, tmp_path: Path) -> Iterator[tuple[Journey, Flask, str]]:
    with campaign(database_urls, tmp_path) as found:
        yield found


@pytest.mark.parametrize("width", [1280, 390])
def test_a_task_is_worked_with_on_its_page(chromium: Browser, site: tuple[Journey, Flask, str], width: int) -> None:
    journey, _, address = site
    words = {"fr": "L’enveloppe a été relue", "en": "The envelope was read again"}
    journey.tune_policy({"checklists": {"review_budget": [{"code": "envelope", "required": True, **words}]}})
    with chromium.new_context(locale="fr-FR", viewport={"width": width, "height": 900}) as context:
        page = new_page(context)
        said = listen(page)
        enter(page, address, "Marion Vidal")
        expect(page.get_by_role("heading", level=1)).to_have_text("Boîte de réception")
        look(page)
        page.get_by_role("link", name="Détails").first.click()
        expect(page.get_by_role("heading", level=1)).to_have_text("Valider ou refuser le budget")
        look(page)
        page.get_by_label("Commentaire").fill("Le fichier de Lyon manque.")
        page.get_by_role("button", name="Le dire").click()
        expect(page.get_by_text("Commentaire sur une tâche")).to_be_visible()
        look(page)
        task = page.url.partition("/tasks/")[2].partition("#")[0]
        for place, title in (("checklists", "Liste de contrôle"), ("attachments", "Fichiers joints")):
            page.goto(f"{address}/{place}/{task}")
            expect(page.get_by_role("heading", level=1)).to_have_text(title)
            look(page)
        page.goto(f"{address}/absences/")
        expect(page.get_by_role("heading", level=1)).to_have_text("Absences et remplacements")
        look(page)
        assert said == []
