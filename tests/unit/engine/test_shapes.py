"""A change of a process is told in words that name what came, went or changed, and nothing else."""

import dataclasses

from tests.unit.engine.toy import LAMP, Dim
from workflows.engine.process import Move, Process, UserTaskSpec
from workflows.engine.registry import Registry
from workflows.engine.shapes import ShapeChange, differences
from workflows.parties.roles import Role

OFF, ON = LAMP.stages


def lamp(*stages: object) -> Process:
    return dataclasses.replace(LAMP, stages=stages)


def changes(old: Process, new: Process) -> tuple[ShapeChange, ...]:
    return differences(Registry(old).shape, Registry(new).shape)


def test_the_same_shape_has_the_same_hash_and_no_difference() -> None:
    again = lamp(OFF, ON)

    assert Registry(LAMP).sha256 == Registry(again).sha256
    assert changes(LAMP, again) == ()


def test_a_renamed_state_went_and_came_and_its_moves_are_not_told_apart() -> None:
    renamed = lamp(OFF, dataclasses.replace(ON, state="lit"))

    assert [(one.kind, one.what, one.name) for one in changes(LAMP, renamed)] == [("added", "state", "lit"), ("vanished", "state", "on")]


def test_a_move_that_went_is_named_with_its_state() -> None:
    without = lamp(OFF, dataclasses.replace(ON, moves=ON.moves[:1]))

    assert changes(LAMP, without) == (ShapeChange(process="lamp", kind="vanished", what="move", name="dim", where="on"),)


def test_a_changed_move_says_which_parts_of_it_changed() -> None:
    first, *others = OFF.moves
    changed = lamp(dataclasses.replace(OFF, moves=(dataclasses.replace(first, by=Role.SUPPLIER, checks=()), *others)), ON)

    (one,) = changes(LAMP, changed)
    assert (one.kind, one.name, one.parts) == ("changed", "switch_on", ("by", "checks"))


def test_user_tasks_are_found_on_stages_and_on_moves() -> None:
    task = UserTaskSpec("dust_lamp", candidates=Role.PROJECT_MANAGER)
    other = UserTaskSpec("hold_breath", candidates=Role.PROJECT_MANAGER)
    with_tasks = lamp(
        OFF, dataclasses.replace(ON, opens=(task,), moves=(*ON.moves[:1], Move(Dim, by=Role.SYSTEM, event="lamp.dimmed", opens=(other,))))
    )

    assert Registry(with_tasks).user_tasks == {"dust_lamp", "hold_breath"}
    assert [(one.kind, one.name) for one in changes(LAMP, with_tasks) if one.what == "user_task"] == [
        ("added", "dust_lamp"),
        ("added", "hold_breath"),
    ]
    assert ("changed", "dim", ("opens",)) in [(one.kind, one.name, one.parts) for one in changes(LAMP, with_tasks)]


def test_a_process_that_came_or_went_is_told_whole() -> None:
    candle = dataclasses.replace(LAMP, name="candle")

    assert [(one.kind, one.what, one.name) for one in changes(LAMP, candle)] == [
        ("added", "process", "candle"),
        ("vanished", "process", "lamp"),
    ]
