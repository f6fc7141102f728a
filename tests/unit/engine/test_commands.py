"""Commands as a checkpoint knows them: names, plain values, and free text only by its hash."""

import dataclasses
from dataclasses import dataclass
from datetime import UTC, date, datetime
from decimal import Decimal
from hashlib import sha256
from typing import Any
from uuid import UUID

import pytest

from tests.unit.engine.toy import LAMP
from workflows.engine.checkpoints import salted_sha256
from workflows.engine.command import Command, digest, free_text, plain, recorded_fields, sha256_of, unrecorded
from workflows.engine.process import Move
from workflows.engine.registry import Registry
from workflows.parties.roles import Role
from workflows.processes import REGISTRY

SOMETHING = UUID(int=7)


@dataclass(frozen=True, kw_only=True)
class PaintFence(Command):
    """A command with a field of each sort."""

    colour: str
    coats: Decimal = Decimal("2.50")
    remark: str = free_text("")
    pattern: tuple[str, ...] = digest(())
    photo: bytes = unrecorded()


def test_a_command_is_named_as_urls_and_checkpoints_spell_it() -> None:
    assert PaintFence.name() == "paint_fence"


def test_a_command_names_its_plain_fields_and_hides_the_others() -> None:
    command = PaintFence(subject_id=SOMETHING, seen_version=4, colour="bleu", remark="Chez Mme Dupont.", pattern=("a", "b"), photo=b"x")

    fields, texts = recorded_fields(command)

    assert fields == {
        "subject_id": str(SOMETHING),
        "colour": "bleu",
        "coats": "2.50",
        "pattern_sha256": sha256(b'["a","b"]').hexdigest(),
    }
    assert texts == {"remark": "Chez Mme Dupont."}


def test_no_words_leave_no_hash() -> None:
    _, texts = recorded_fields(PaintFence(subject_id=SOMETHING, colour="bleu", photo=b""))

    assert texts == {}


@pytest.mark.parametrize(
    ("value", "expected"),
    [
        (Decimal("1E+2"), "100"),
        (Decimal("0.10"), "0.10"),
        (date(2026, 10, 13), "2026-10-13"),
        (datetime(2026, 10, 13, 8, tzinfo=UTC), "2026-10-13T08:00:00+00:00"),
        (Role.SUPPLIER, "supplier"),
        ({Role.SUPPLIER: [True, None]}, {"supplier": [True, None]}),
        ({"b", "a"}, ["a", "b"]),
        (SOMETHING, str(SOMETHING)),
    ],
)
def test_values_have_one_plain_form(value: Any, expected: Any) -> None:
    assert plain(value) == expected


@pytest.mark.parametrize("value", [1.5, b"bytes", object(), {"a": [0.1]}])
def test_what_has_no_plain_form_is_refused(value: Any) -> None:
    with pytest.raises(TypeError):
        plain(value)


def test_equal_values_have_equal_hashes_whatever_their_order() -> None:
    assert sha256_of({"b": 1, "a": Decimal("2.0")}) == sha256_of({"a": "2.0", "b": 1})


def test_the_salt_makes_short_words_unguessable() -> None:
    assert salted_sha256("a", "non") != salted_sha256("b", "non")
    assert salted_sha256("a", "non") == sha256(b"a\nnon").hexdigest()


def test_a_command_belongs_to_one_process() -> None:
    with pytest.raises(ValueError, match="switch_on belongs to two processes"):
        Registry(LAMP, dataclasses.replace(LAMP, name="other"))


def test_every_command_is_found_by_its_name_and_its_process() -> None:
    for process in REGISTRY.processes:
        for command in process.commands:
            assert REGISTRY.command(command.name()) is command
            assert REGISTRY.process_for(command) is process
    assert REGISTRY.command("nothing_of_the_kind") is None


def test_the_hash_of_a_process_changes_with_its_shape_and_with_nothing_else() -> None:
    first, *others = LAMP.stages
    move, *rest = first.moves
    laxer = dataclasses.replace(first, moves=(dataclasses.replace(move, requires=()), *rest))
    changed = dataclasses.replace(LAMP, stages=(laxer, *others))
    rewritten = dataclasses.replace(LAMP, facts=lambda session, row: None)

    assert changed.sha256 != LAMP.sha256
    assert rewritten.sha256 == LAMP.sha256


def test_a_move_without_an_audience_cannot_be_declared() -> None:
    with pytest.raises(TypeError, match="by"):
        Move(PaintFence, event="fence.painted")  # type: ignore[call-arg]
