"""Canonical JSON against RFC 8785: its own vectors, and properties that any value must keep."""

import json

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workflows.engine.canonical import LARGEST_EXACT_INTEGER, NotCanonical, _carefully, _is_ordinary, canonical_json, read_json

plain_values = st.recursive(
    st.none() | st.booleans() | st.integers(-LARGEST_EXACT_INTEGER, LARGEST_EXACT_INTEGER) | st.text(),
    lambda inner: st.lists(inner, max_size=5) | st.dictionaries(st.text(), inner, max_size=5),
    max_leaves=20,
)


def test_keys_are_sorted_by_utf16_code_units_as_in_section_3_2_3() -> None:
    value = {
        "\u20ac": "Euro Sign",
        "\r": "Carriage Return",
        "\ufb33": "Hebrew Letter Dalet With Dagesh",
        "1": "One",
        "\U0001f600": "Emoji: Grinning Face",
        "\u0080": "Control",
        "\u00f6": "Latin Small Letter O With Diaeresis",
    }
    written = canonical_json(value).decode("utf-8")
    assert list(json.loads(written).values()) == [
        "Carriage Return",
        "One",
        "Control",
        "Latin Small Letter O With Diaeresis",
        "Euro Sign",
        "Emoji: Grinning Face",
        "Hebrew Letter Dalet With Dagesh",
    ]


def test_strings_and_literals_are_written_as_in_section_3_2_2() -> None:
    value = {"string": "\u20ac$\u000f\u000aA'\u0042\u0022\u005c\\\"/", "literals": [None, True, False]}
    assert canonical_json(value) == b'{"literals":[null,true,false],"string":"\xe2\x82\xac$\\u000f\\nA\'B\\"\\\\\\\\\\"/"}'


def test_control_characters_use_the_short_escapes_where_json_has_them() -> None:
    assert canonical_json("\b\t\n\f\r\x00\x1f\x7f/") == b'"\\b\\t\\n\\f\\r\\u0000\\u001f\x7f/"'


@given(plain_values)
def test_the_fast_writer_writes_what_the_careful_one_does(value: object) -> None:
    assert canonical_json(value) == _carefully(value)


def test_what_is_not_plain_ascii_keyed_data_is_written_carefully() -> None:
    assert _is_ordinary({"a": [1, ("b", None, True)]})
    assert not any(map(_is_ordinary, ({"é": 1}, {1: 2}, 1.0, 2**53, [2.5], {"a": {"b": float("nan")}}, object())))


def test_nested_values_have_no_blank_between_them() -> None:
    assert canonical_json({"b": [1, {"z": -0, "a": ""}], "a": {}}) == b'{"a":{},"b":[1,{"a":"","z":0}]}'


@pytest.mark.parametrize(
    "value", [1.0, float("nan"), {"a": [1, 2.5]}, b"bytes", {1, 2}, object(), 2**53, -(2**53), "\ud800", {"\udc00": 1}, {1: 2}]
)
def test_a_value_without_a_canonical_form_is_refused(value: object) -> None:
    with pytest.raises(NotCanonical):
        canonical_json(value)


def test_a_refusal_says_where_the_value_stands() -> None:
    with pytest.raises(NotCanonical) as refusal:
        canonical_json({"rows": [{"amount": 1}, {"amount": 1.5}]})
    assert refusal.value.path == "$.rows[1].amount"


@given(plain_values)
def test_what_was_written_reads_back_equal_and_writes_the_same_bytes(value: object) -> None:
    written = canonical_json(value)
    assert read_json(written) == value
    assert canonical_json(read_json(written)) == written


@given(st.dictionaries(st.text(), st.integers(-5, 5), min_size=2))
def test_the_order_in_which_keys_were_added_leaves_no_trace(value: dict[str, int]) -> None:
    assert canonical_json(dict(reversed(value.items()))) == canonical_json(value)


@given(plain_values, plain_values)
def test_two_values_have_the_same_bytes_only_when_they_are_the_same(one: object, other: object) -> None:
    same = json.dumps(one, sort_keys=True) == json.dumps(other, sort_keys=True)
    assert (canonical_json(one) == canonical_json(other)) == same


@pytest.mark.parametrize("text", ["1.0", '{"a":1e3}', "NaN", "Infinity", '{"a":1,"a":2}'])
def test_json_that_could_not_have_been_written_here_is_not_read(text: str) -> None:
    with pytest.raises(NotCanonical):
        read_json(text)
