"""The machine: audience first, then all conditions at once, then the checks; it raises and never answers False."""

from uuid import uuid4

import pytest

from tests.unit.engine.toy import LAMP, Dim, Fetch, Lamp, SwitchOff, SwitchOn, TooDark, somebody, step
from workflows.engine.command import Command
from workflows.engine.machine import fire, machine_of, may_ask
from workflows.engine.refusals import ConditionsUnmet, MoveNotOpen, NotYourMove
from workflows.parties.actor import SYSTEM, Actor, Grant
from workflows.parties.roles import Role

MANAGER = somebody(Role.PROJECT_MANAGER)


def test_a_move_changes_the_state() -> None:
    lamp = Lamp()

    fire(step(lamp, SwitchOn(subject_id=lamp.id), MANAGER))

    assert lamp.state == "on"


def test_a_move_within_its_stage_leaves_the_state() -> None:
    lamp = Lamp(state="on")

    fire(step(lamp, Dim(subject_id=lamp.id), SYSTEM))

    assert lamp.state == "on"


def test_a_move_of_another_stage_is_not_open() -> None:
    lamp = Lamp()

    with pytest.raises(MoveNotOpen) as refusal:
        fire(step(lamp, SwitchOff(subject_id=lamp.id), MANAGER))
    assert refusal.value.params == {"command": "switch_off", "state": "off"}
    assert lamp.state == "off"


def test_a_command_that_no_move_takes_is_not_open() -> None:
    class Explode(Command):
        """No move of the lamp."""

    with pytest.raises(MoveNotOpen):
        fire(step(Lamp(), Explode(subject_id=uuid4()), MANAGER))


def test_there_is_no_back_door_to_a_state() -> None:
    assert not [name for name in machine_of(LAMP).events if name.startswith("to_")]


def test_the_audience_comes_before_the_conditions_and_these_before_the_checks() -> None:
    lamp = Lamp(plugged=False, bulb=False)
    too_dark = SwitchOn(subject_id=lamp.id, watts=1)

    with pytest.raises(NotYourMove) as refusal:
        fire(step(lamp, too_dark, somebody(Role.AUDITOR)))
    assert refusal.value.params == {"roles": ["project_manager"]}
    with pytest.raises(ConditionsUnmet):
        fire(step(lamp, too_dark, MANAGER))
    lamp.plugged = lamp.bulb = True
    with pytest.raises(TooDark):
        fire(step(lamp, too_dark, MANAGER))
    assert lamp.state == "off"


def test_all_unmet_conditions_are_named_at_once_with_who_lifts_each() -> None:
    lamp = Lamp(plugged=False, bulb=False)

    with pytest.raises(ConditionsUnmet) as refusal:
        fire(step(lamp, SwitchOn(subject_id=lamp.id), MANAGER))
    assert [(unmet.code, unmet.lifted_by) for unmet in refusal.value.unmet] == [
        ("lamp.unplugged", Role.PROJECT_MANAGER),
        ("lamp.no_bulb", Role.SUPPLIER),
    ]


def test_a_role_counts_only_for_the_advertiser_it_was_given_for() -> None:
    lamp = Lamp()

    with pytest.raises(NotYourMove):
        fire(step(lamp, SwitchOn(subject_id=lamp.id), somebody(Role.PROJECT_MANAGER, advertiser_id=uuid4())))


def test_the_machine_holds_no_role_of_a_person_nor_a_person_that_of_the_machine() -> None:
    lit = Lamp(state="on")

    with pytest.raises(NotYourMove):
        fire(step(Lamp(), SwitchOn(subject_id=lit.id), SYSTEM))
    everything = Actor(
        person_id=uuid4(), grants=tuple(Grant(advertiser_id=lit.advertiser_id, role=role) for role in Role if role != "system")
    )
    with pytest.raises(NotYourMove):
        fire(step(lit, Dim(subject_id=lit.id), everything))


def test_a_supplier_moves_only_what_is_its_own() -> None:
    mine = uuid4()
    supplier = somebody(Role.SUPPLIER, supplier_id=mine)

    for owner in (None, uuid4()):
        with pytest.raises(NotYourMove):
            fire(step(Lamp(state="on", supplier_id=owner), SwitchOff(subject_id=uuid4()), supplier))
    lamp = Lamp(state="on", supplier_id=mine)
    fire(step(lamp, SwitchOff(subject_id=lamp.id), supplier))
    assert lamp.state == "off"


def test_a_move_may_name_the_suppliers_it_is_for() -> None:
    mine = uuid4()
    supplier = somebody(Role.SUPPLIER, supplier_id=mine)
    fetch = next(move for move in LAMP.stages[0].moves if move.command is Fetch)

    assert may_ask(fetch, step(Lamp(fetchers=(uuid4(), mine)), Fetch(subject_id=uuid4()), supplier))
    assert not may_ask(fetch, step(Lamp(fetchers=(uuid4(),), supplier_id=mine), Fetch(subject_id=uuid4()), supplier))
