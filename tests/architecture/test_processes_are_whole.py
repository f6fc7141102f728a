"""What a process declares exists everywhere it has to: stages, forms, words, functions, documents.

A new stage fails here until it is whole.
"""

import re
from importlib import import_module
from pathlib import Path

import pytest
from flask import Flask
from flask_babel import force_locale

from app.factory import create_app
from app.portals import PORTALS
from app.portals.manager.words import DOCUMENTS, JOBS, TASKS
from app.portals.shared.events import EVENTS
from app.portals.shared.words import ROLES, STATES
from app.portals.shared.words import STAGES as STAGE_WORDS
from app.settings import Settings
from app.translations import compile_stale
from tasks import catalogue, registry
from tasks.pages import SUPPLIERS_PAGES
from tests.architecture.tree import ROOT, modules
from workflows.__main__ import README, with_processes
from workflows.campaign.documents import KINDS
from workflows.campaign.stages import STAGES
from workflows.campaign.states import TEN_STAGES, CampaignState
from workflows.engine.process import DocumentSpec, Move, ServiceTaskRef, UserTaskSpec
from workflows.parties.roles import Role
from workflows.processes import REGISTRY

MOVES: list[Move] = [
    move for process in REGISTRY.processes for move in (*process.births, *(move for stage in process.stages for move in stage.moves))
]
SOURCES = [*MOVES, *(stage for process in REGISTRY.processes for stage in process.stages)]
USER_TASKS: list[UserTaskSpec] = list({spec.name + spec.candidates: spec for source in SOURCES for spec in source.opens}.values())
SERVICE_TASKS: list[ServiceTaskRef] = [ref for source in SOURCES for ref in source.requests]
ISSUED: list[DocumentSpec] = [spec for source in SOURCES for spec in source.issues]
PORTAL_OF = {role: portal.name for portal in PORTALS for role in portal.roles}


@pytest.fixture(scope="module")
def application(tmp_path_factory: pytest.TempPathFactory) -> Flask:
    """The application as it is installed; nothing of it touches its database here."""
    compile_stale()
    folder = tmp_path_factory.mktemp("architecture")
    return create_app(Settings.from_env({"DATABASE_URL": "postgresql:///nowhere", "JALON_DATA_DIR": str(folder)}))


def french(application: Flask, words: object) -> str:
    with application.test_request_context(), force_locale("fr"):
        return str(words)


def english(application: Flask, words: object) -> str:
    with application.test_request_context(), force_locale("en"):
        return str(words)


def requested_by_code() -> set[str]:
    """Service tasks that handlers ask for by name, `step.request("name", ...)`."""
    sources = "".join((ROOT / path).read_text(encoding="utf-8") for path, _ in modules("workflows"))
    return set(re.findall(r"\.request\(\s*\"(\w+)\"", sources))


def test_every_state_has_its_stage_in_order() -> None:
    assert [stage.state for stage in STAGES] == list(CampaignState)


@pytest.mark.parametrize("process", REGISTRY.processes, ids=lambda process: process.name)
def test_every_move_leads_to_a_state_that_has_a_stage(process) -> None:  # type: ignore[no-untyped-def]
    known = {str(stage.state) for stage in process.stages}
    moves = [*process.births, *(move for stage in process.stages for move in stage.moves)]

    assert {target for move in moves for target in move.targets} - known == set()


@pytest.mark.parametrize("process", REGISTRY.processes, ids=lambda process: process.name)
def test_a_stage_takes_each_command_once(process) -> None:  # type: ignore[no-untyped-def]
    for stage in process.stages:
        commands = [move.command for move in stage.moves]
        assert len(commands) == len(set(commands)), stage.state


@pytest.mark.parametrize("state", CampaignState)
def test_a_stage_s_file_has_the_stage_s_name(state: CampaignState) -> None:
    stage = import_module(f"workflows.campaign.stages.{state}").STAGE

    assert stage.state == state


@pytest.mark.parametrize("stage", TEN_STAGES)
def test_a_stage_is_the_same_word_in_code_pages_and_templates(application: Flask, stage: CampaignState) -> None:
    assert f"/manager/campaigns/<code>/{stage}" in {str(rule) for rule in application.url_map.iter_rules()}
    assert (ROOT / "templates" / "manager" / f"{stage}.html").is_file()
    assert stage in STAGE_WORDS
    assert stage in STATES


@pytest.mark.parametrize("process", REGISTRY.processes, ids=lambda process: process.name)
def test_every_state_of_every_process_has_its_word(process) -> None:  # type: ignore[no-untyped-def]
    assert {str(stage.state) for stage in process.stages} - set(STATES) == set()


def test_a_letter_about_any_task_of_a_supplier_knows_where_it_is_done() -> None:
    assert {spec.name for spec in USER_TASKS if spec.candidates == Role.SUPPLIER} == set(SUPPLIERS_PAGES)


@pytest.mark.parametrize("spec", USER_TASKS, ids=lambda spec: f"{spec.name}-{spec.candidates}")
def test_every_user_task_is_done_somewhere_in_its_audience_s_portal(application: Flask, spec: UserTaskSpec) -> None:
    portal = PORTAL_OF[spec.candidates]
    room = TASKS[spec.name].room

    places = {endpoint.partition(".")[2] for endpoint in application.view_functions if endpoint.startswith(f"{portal}.")}
    assert {spec.name, room} & places, f"{portal} has neither {spec.name} nor {room}"
    assert (ROOT / "templates" / portal / f"{room}.html").is_file()


@pytest.mark.parametrize("spec", USER_TASKS, ids=lambda spec: f"{spec.name}-{spec.candidates}")
def test_every_user_task_has_words_in_both_languages(application: Flask, spec: UserTaskSpec) -> None:
    verb = TASKS[spec.name].verb

    assert french(application, verb) != english(application, verb)


def test_no_words_wait_for_a_user_task_that_is_gone() -> None:
    assert set(TASKS) - {spec.name for spec in USER_TASKS} == set()


def test_a_user_task_is_named_verb_noun_and_given_to_people() -> None:
    assert [spec.name for spec in USER_TASKS if not re.fullmatch(r"[a-z]+(_[a-z]+)+", spec.name)] == []
    assert [spec.name for spec in USER_TASKS if spec.candidates is Role.SYSTEM] == []


def test_every_service_task_that_is_requested_has_a_function_and_every_function_is_requested() -> None:
    assert catalogue.__all__
    requested = {ref.name for ref in SERVICE_TASKS} | requested_by_code()

    assert requested - registry.names() == set()
    assert registry.names() - requested == set()


def test_every_service_task_has_its_word(application: Flask) -> None:
    assert registry.names() - set(JOBS) == set()
    assert [name for name in sorted(JOBS) if french(application, JOBS[name]) == english(application, JOBS[name]) != "Dedupe"] == []


def test_every_document_that_is_issued_has_content_a_template_and_its_word() -> None:
    kinds = {spec.kind for spec in ISSUED}

    assert kinds == set(KINDS), "a kind that nothing issues is dead"
    assert [kind for kind in sorted(kinds) if not (ROOT / "templates" / "documents" / f"{kind}.html").is_file()] == []
    assert kinds - set(DOCUMENTS) == set()


def test_every_document_for_a_supplier_goes_with_a_letter_in_both_languages() -> None:
    mailed = {path.name.split(".")[0] for path in (ROOT / "templates" / "mail").glob("*.fr.txt")}

    for kind in mailed & set(KINDS):
        for locale in ("fr", "en"):
            for ending in ("txt", "html"):
                assert (ROOT / "templates" / "mail" / f"{kind}.{locale}.{ending}").is_file()
    assert {"purchase_order", "non_conformity", "dedupe_brief", "net_statement", "mailing_order"} <= mailed


def test_every_event_has_its_words_and_says_what_happened(application: Flask) -> None:
    events = {move.event for move in MOVES}

    assert sorted(events - set(EVENTS)) == []
    assert [event for event in sorted(events) if french(application, EVENTS[event]) == english(application, EVENTS[event])] == []


def test_an_event_is_named_after_its_machine_and_stage() -> None:
    for process in REGISTRY.processes:
        for move in (*process.births, *(move for stage in process.stages for move in stage.moves)):
            first, *_, last = move.event.split(".")
            assert first == process.name, move.event
            assert re.fullmatch(r"[a-z_]+(ed|n|t|ne)(_to_plan)?", last), move.event
        if process.name == "campaign":
            shared = {
                "responsibility",
                "suppression",
                "hold",
                "cancellation",
                "rework",
                "files",
                "contacts",
                "objections",
                "override",
                "policy",
                "person",
                "comparison",
                "lookup",
                "drop",
                "certificates",
                "contracts",
                "invoice",
                "exchange",
                "basis",
                "counts",
                "samples",
                "claim",
                "follow_up",
                "deposit",
                "mailing",
                "margin",
            }
            for stage in process.stages:
                rooms = {move.event.split(".")[1] for move in stage.moves}
                assert rooms - shared <= {str(stage.state)}, stage.state


def test_every_role_that_moves_something_has_a_portal_or_is_the_machine() -> None:
    roles = {role for move in MOVES for role in move.audience}

    assert roles - {Role.SYSTEM} <= set(PORTAL_OF)
    assert set(ROLES) == set(Role)


def test_every_command_moves_something_and_explains_itself() -> None:
    for process in REGISTRY.processes:
        for command in process.commands:
            assert (command.__doc__ or "").strip(), command.__name__
            assert not (command.__doc__ or "").startswith(f"{command.__name__}("), (
                f"{command.__name__} has only the docstring dataclass made"
            )


def test_the_readme_shows_the_processes_as_they_are() -> None:
    text = README.read_text(encoding="utf-8")

    assert with_processes(text) == text, "python -m workflows writes them anew"


def test_a_readme_without_marks_is_no_place_for_the_processes() -> None:
    with pytest.raises(ValueError, match="no marks"):
        with_processes("# workflows")
    assert isinstance(README, Path)
