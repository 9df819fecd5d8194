"""What a scalar of a request takes: documented texts, numbers and days, and nothing else."""

import math
import unicodedata
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st
from pydantic import TypeAdapter, ValidationError

from services.chassis.ground import scalars

E_CASES: dict[str, tuple[Any, list[Any], list[Any]]] = {
    "E03 text": (
        scalars.Text,
        ["Żółć", "tab-free\nline", "\uff1dcmd", "أحمد", "漢字", 'O\'Brien "x" %_\\', "' OR 1=1--"],
        [
            "a\u202eb",
            "a\u200bb",
            "a\x07",
            "a\x7f",
            "\ue000",
            "a" + "\u0301" * 1000,
            "a\u2028b",
            "\ufdd0",
            "a\tb",
            5,
            None,
        ],
    ),
    "E03 line": (scalars.Line, ["ł"], ["a\nb", "a\rb", "a\x0bb"]),
    "name": (scalars.Name, ["x", "x" * 300], ["", " ", "\n", "x" * 301, "x" * 1_000_000]),
    "note": (scalars.Note, ["a\nb", "x" * 4000], ["", "x" * 4001]),
    "E06 id": (
        scalars.Id,
        ["01990000-0000-7000-8000-000000000001"],
        [
            "{01990000-0000-7000-8000-000000000001}",
            "urn:uuid:01990000-0000-7000-8000-000000000001",
            "01990000000070008000000000000001",
            "01990000-0000-7000-8000-00000000000A",
            "01990000-0000-7000-8000-000000000001\n",
            " 01990000-0000-7000-8000-000000000001",
            1,
        ],
    ),
    "E08 instant": (
        scalars.Instant,
        ["2026-01-31T23:59:59Z", "2026-01-31T10:00:00.5+02:00", "1999-12-31T00:00:00-13:59"],
        [
            *(1700000000, "1700000000", "2026-01-31", "2026-01-31T10:00:00", "2026-01-31T24:00:00Z"),
            *("2026-01-31T10:00:60Z", "0001-01-01T00:00:00Z", "9999-12-31T00:00:00Z", "2026-01-31T10:00:00+14:00"),
            *("2026-01-31 10:00:00Z", "2026-02-30T10:00:00Z", "2026-01-31T10:00:00.1234567Z", "2026-01-31T10:00:00z"),
        ],
    ),
    "E09 date": (
        scalars.Date,
        ["2024-02-29", "1800-01-01", "2199-12-31"],
        [
            "2023-02-29",
            "2026-13-01",
            "2026-1-1",
            "20260101",
            "2026-01-01T00:00:00",
            20260101,
            "\u0662\u0660\u0662\u0666-\u0660\u0661-\u0660\u0661",
            "0001-01-01",
        ],
    ),
    "D10 whole": (scalars.Whole, [-(2**31), 2**31 - 1, 0], [2**31, -(2**31) - 1, 1.0, "1", True, None]),
    "count": (scalars.Count, [0, 2**31 - 1], [-1, 2**31, False]),
    "number": (scalars.Number, [0, 1.5, -2], [math.nan, math.inf, "1.5", True]),
    "flag": (scalars.Flag, [True, False], [0, 1, "true", "yes", None]),
    "money": (
        scalars.Money,
        ["0.00", "-12.50", "999999999999.99"],
        ["1", "1.5", "1.555", 1.55, "1e3", "NaN", "\u0661.\u0660\u0660"],
    ),
    "code": (scalars.Code, ["a", "Dz.U/1-2_3", "x" * 64], ["", "x" * 65, "a b", "ą", "-a", "a\n"]),
}


@pytest.mark.parametrize(("kind", "good", "bad"), E_CASES.values(), ids=E_CASES.keys())
def test_a_scalar_takes_what_is_documented_and_nothing_else(kind: Any, good: list[Any], bad: list[Any]) -> None:
    adapter = TypeAdapter[Any](kind)
    for value in good:
        adapter.validate_python(value)
    taken = []
    for value in bad:
        try:
            taken.append(adapter.validate_python(value))
        except ValidationError:
            continue
    assert taken == []


def test_text_written_with_combining_marks_is_kept_composed() -> None:
    decomposed = unicodedata.normalize("NFD", "Żółć")
    assert len(decomposed) == 7
    assert TypeAdapter(scalars.Line).validate_python(f"  {decomposed} ") == "Żółć"


def test_of_what_is_not_read_nothing_is_kept() -> None:
    unread = TypeAdapter(scalars.Unread)
    assert unread.validate_python({"div": "Jan\u202e", "tag": [{"code": "a\x00"}]}) == {}
    others: list[Any] = ["Jan", [], None, 1]
    for other in others:
        with pytest.raises(ValidationError):
            unread.validate_python(other)


@given(st.text(max_size=40))
def test_text_that_is_taken_is_composed_trimmed_and_visible(text: str) -> None:
    try:
        taken = TypeAdapter(scalars.Line).validate_python(text)
    except ValidationError:
        return
    assert taken == unicodedata.normalize("NFC", taken)
    assert taken == taken.strip()
    assert not any(unicodedata.category(character)[0] == "C" for character in taken)
