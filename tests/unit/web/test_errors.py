import ast
import re
from datetime import date
from decimal import Decimal
from importlib import import_module
from pathlib import Path
from pkgutil import walk_packages

import pytest
from flask import Flask, abort
from flask_babel import force_locale

import workflows
from app.errors import PAGES, say, say_refusal, status_of, write
from app.messages import SENTENCES
from app.security.audience import public
from workflows.campaign import values
from workflows.campaign.values import Rule, ValueNotAllowed
from workflows.engine.refusals import ConditionsUnmet, NotFound, NotYourMove, Refused, Stale, Unmet
from workflows.parties.roles import Role

WORKFLOWS = Path(workflows.__file__).parent


def all_refusals() -> set[type[Refused]]:
    """Every refusal of ours, of campaigns and of administration."""
    for module in walk_packages(workflows.__path__, "workflows."):
        import_module(module.name)
    for name in ("app.parties", "app.saved_policy", "app.api.tokens"):  # what administration refuses is no campaign's business
        import_module(name)
    found, waiting = set(), [Refused]
    while waiting:
        refusal = waiting.pop()
        found.add(refusal)
        waiting += refusal.__subclasses__()
    return {refusal for refusal in found if refusal.__module__.startswith(("workflows.", "app."))}


def unmet_codes() -> set[str]:
    """The code of every condition that the source can report as unmet."""
    calls = (node for path in WORKFLOWS.rglob("*.py") for node in ast.walk(ast.parse(path.read_text())) if isinstance(node, ast.Call))
    keywords = (keyword for call in calls if getattr(call.func, "id", "") == "Unmet" for keyword in call.keywords)
    return {keyword.value.value for keyword in keywords if keyword.arg == "code" and isinstance(keyword.value, ast.Constant)}


def test_every_refusal_has_its_sentence() -> None:
    assert sorted(refusal.code for refusal in all_refusals() if refusal.code not in SENTENCES) == []


def test_every_unmet_condition_has_its_sentence() -> None:
    codes = unmet_codes()

    assert codes
    assert sorted(codes - set(SENTENCES)) == []


def test_no_sentence_waits_for_a_refusal_that_is_gone() -> None:
    assert sorted(set(SENTENCES) - unmet_codes() - {refusal.code for refusal in all_refusals()}) == []


def test_translations_name_the_same_parameters(app: Flask) -> None:
    names = re.compile(r"%\((\w+)\)s")
    with app.test_request_context():
        for code, sentence in SENTENCES.items():
            with force_locale("en"):
                english = set(names.findall(str(sentence)))
            with force_locale("fr"):
                assert set(names.findall(str(sentence))) == english, code


def test_a_refusal_is_said_in_the_readers_language_with_its_figures(app: Flask) -> None:
    params = {"limit": Decimal(50000), "amount": Decimal("69313.53")}
    with app.test_request_context():
        with force_locale("fr"):
            french = say("budget.approver_limit_exceeded", params)
        with force_locale("en"):
            english = say("budget.approver_limit_exceeded", params)

    assert french == "Le montant, 69\u202f313,53\u00a0€, dépasse ce que vous pouvez accepter seul\u00a0: 50\u202f000,00\u00a0€."
    assert english == "The amount, €69,313.53, is above what you may accept alone: €50,000.00."


def test_lists_dates_and_roles_are_written_as_words(app: Flask) -> None:
    from app.errors import write

    with app.test_request_context():
        assert write("lists", ["DOM", "PRESSE"]) == "DOM, PRESSE"
        assert write("due_on", date(2027, 3, 1)) == "1er mars 2027"
        assert write("roles", ["budget_approver"]) == "Valideur"
        assert write("lists", []) == "—"


def test_a_code_without_sentence_says_itself(app: Flask) -> None:
    with app.test_request_context():
        assert say("new.refusal", {"x": 1}) == "new.refusal"


def test_a_sentence_whose_facts_are_missing_is_still_said(app: Flask) -> None:
    with app.test_request_context():
        assert say("plan.campaign_code_taken") == "Une autre campagne porte déjà le code %(code)s. Choisissez-en un autre."


def test_refusals_have_their_status() -> None:
    assert [status_of(refusal) for refusal in (NotFound(), NotYourMove(), Stale(), ConditionsUnmet(()))] == [404, 403, 409, 409]


@pytest.fixture
def app(app: Flask) -> Flask:
    """The application with views that fail, each in its way."""

    def refuse() -> None:
        raise ConditionsUnmet((Unmet(code="dedupe.not_done", lifted_by=Role.SYSTEM),))

    def give_up(code: int) -> None:
        abort(code)

    def break_down() -> None:
        raise RuntimeError("a secret that no reader may see")

    app.add_url_rule("/fail/refused", "refused", public(refuse))
    app.add_url_rule("/api/refused", "refused_api", public(refuse))
    app.add_url_rule("/fail/broken", "broken", public(break_down))
    app.add_url_rule("/fail/<int:code>", "aborted", public(give_up))
    return app


def test_a_refusal_becomes_a_page_that_lists_what_it_waits_for(client) -> None:
    answer = client.get("/fail/refused")

    assert answer.status_code == 409
    assert "La déduplication est encore en cours." in answer.text
    assert "Jalon lui-même" in answer.text


def test_a_refused_fragment_goes_to_the_messages_and_leaves_the_form_alone(client) -> None:
    answer = client.get("/fail/refused", headers={"HX-Request": "true"})

    assert (answer.status_code, answer.headers["HX-Retarget"]) == (409, "#messages")
    assert "<html" not in answer.text
    assert "La déduplication est encore en cours." in answer.text


def test_the_api_is_refused_in_json(client) -> None:
    answer = client.get("/api/refused", headers={"Accept-Language": "en"})

    assert answer.content_type == "application/problem+json"
    assert answer.json["code"] == "engine.conditions_unmet"
    assert answer.json["unmet"] == [
        {"code": "dedupe.not_done", "message": "The dedupe is still running.", "lifted_by": "system", "since": None}
    ]


def test_a_fault_is_recorded_and_tells_nothing_of_itself(client, caplog: pytest.LogCaptureFixture) -> None:
    answer = client.get("/fail/broken")

    assert answer.status_code == 500
    assert "Quelque chose s’est cassé chez nous" in answer.text
    assert "secret" not in answer.text
    assert "a secret that no reader may see" in caplog.text


@pytest.mark.parametrize("status", sorted(set(PAGES) - {401, 503}))
def test_every_fault_says_what_is_wrong_and_what_to_do(client, status: int) -> None:
    answer = client.get(f"/fail/{status}")
    heading = re.search(r"<h1>(.+?)</h1>\s*<p>(.+?)</p>", answer.text)

    assert answer.status_code == status
    assert heading
    assert all(heading.groups())


@pytest.mark.parametrize(
    ("language", "sentence"),
    [
        ("en", "Plan, row 3, role: “chief” cannot be. Allowed: control, test, rollout."),
        ("fr", "Plan, ligne 3, rôle\u00a0: «\u00a0chief\u00a0» n’est pas possible. Attendu\u00a0: control, test, rollout."),
    ],
)
def test_a_refused_value_is_told_with_its_place_its_field_and_what_is_allowed(app: Flask, language: str, sentence: str) -> None:
    refusal = ValueNotAllowed(part="plan", place=3, field="role", value="chief", allowed=("control", "test", "rollout"))

    with app.test_request_context(), force_locale(language):
        assert say_refusal(refusal) == sentence
    assert status_of(refusal) == 422


def test_every_field_and_rule_that_a_value_is_held_against_has_its_words(app: Flask) -> None:
    held = [table for name, table in vars(values).items() if name.isupper() and isinstance(table, dict)]
    fields = {field for table in held for field in table}
    rules = {rule.allowed for table in held for rule in table.values() if isinstance(rule, Rule) and isinstance(rule.allowed, str)}

    assert len(fields) > 20
    with app.test_request_context():
        for field in fields:
            assert write("field", field)
        for rule in rules | {values.ONCE}:
            assert write("allowed", rule)
