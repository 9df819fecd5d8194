"""Codes and qualifiers of ICF, and what several assessors say side by side."""

from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.casework.assessments.rules.comparisons import (
    Agreement,
    ComparisonVerdict,
    Rated,
    Ratings,
    agreement,
    compare,
)
from services.casework.assessments.rules.icf import (
    QUALIFIERS,
    Component,
    QualifierKind,
    broader_codes,
    entry_errors,
    is_code,
    on_scale,
    parse_code,
)
from services.casework.cases.rules import Subject

EXTENT, PERFORMANCE = QualifierKind.EXTENT, QualifierKind.PERFORMANCE


@pytest.mark.parametrize(
    ("code", "chapter", "level"),
    [
        ("b1", "b1", 1),
        ("b110", "b1", 2),
        ("b1100", "b1", 3),
        ("b11420", "b1", 4),
        ("s8", "s8", 1),
        ("s11000", "s1", 4),
        ("d160", "d1", 2),
        ("d9", "d9", 1),
        ("d57020", "d5", 4),
        ("e310", "e3", 2),
        ("e11520", "e1", 4),
    ],
)
def test_a_code_has_a_component_a_chapter_and_a_level(code: str, chapter: str, level: int) -> None:
    assert parse_code(code) == (code, Component(code[0]), chapter, level)


@pytest.mark.parametrize(
    "code",
    [
        *("b", "b0", "b9", "s9", "d0", "e0", "e6", "b11", "d16", "b114200", "a110"),
        *("B110", "b110.2", "b\u0661\u0661\u0660", "e310+2", "", " b110", "b110\n"),
    ],
)
def test_what_has_not_the_form_of_a_code_is_refused(code: str) -> None:
    assert not is_code(code)
    with pytest.raises(ValueError, match="form of an ICF code"):
        parse_code(code)


def test_a_code_lies_in_broader_ones_up_to_its_chapter() -> None:
    assert broader_codes("b11420") == ["b1142", "b114", "b1"]
    assert broader_codes("d160") == ["d1"]
    assert broader_codes("e3") == []


CODES = st.from_regex(r"[bsde][0-9]([0-9]{2,4})?", fullmatch=True).filter(is_code)


@given(CODES)
def test_every_broader_code_is_one_level_up(code: str) -> None:
    levels = [parse_code(each).level for each in (code, *broader_codes(code))]
    assert levels == list(range(levels[0], 0, -1))
    assert all(code.startswith(each) for each in broader_codes(code))


@pytest.mark.parametrize(
    ("subject", "code", "kind", "qualifier", "errors"),
    [
        ("child", "b110", "extent", "0", []),
        ("child", "b110", "extent", "4", []),
        ("child", "b110", "extent", "8", []),
        ("child", "b110", "extent", "9", []),
        ("child", "b110", "extent", "5", [("extent", "invalid")]),
        ("child", "b110", "extent", "+1", [("extent", "invalid")]),
        ("child", "b110", "performance", "1", [("performance", "not_allowed")]),
        ("child", "s110", "nature", "7", []),
        ("child", "s110", "location", "3", []),
        ("child", "b110", "nature", "7", [("nature", "not_allowed")]),
        ("pupil", "d160", "performance", "3", []),
        ("pupil", "d160", "capacity", "3", []),
        ("pupil", "d160", "extent", "3", [("extent", "not_allowed")]),
        ("pupil", "d160", "capacity", "+3", [("capacity", "invalid")]),
        ("environment", "e310", "extent", "3", []),
        ("environment", "e310", "extent", "+3", []),
        ("environment", "e310", "extent", "+8", []),
        ("environment", "e310", "extent", "9", []),
        ("environment", "e310", "extent", "+9", [("extent", "invalid")]),
        ("environment", "e310", "extent", "+", [("extent", "invalid")]),
        ("environment", "d160", "performance", "1", [("code", "not_allowed")]),
        ("family", "e310", "extent", "+2", []),
        ("family", "d760", "performance", "2", []),
        ("family", "b110", "extent", "2", [("code", "not_allowed")]),
        ("child", "b11", "extent", "2", [("code", "invalid")]),
    ],
)
def test_qualifiers_are_those_of_the_component(
    subject: str, code: str, kind: str, qualifier: str, errors: list[tuple[str, str]]
) -> None:
    rated = {QualifierKind(kind): qualifier}
    assert entry_errors(Subject(subject), code, rated) == errors


def test_an_entry_without_a_qualifier_says_nothing() -> None:
    assert entry_errors(Subject.CHILD, "b110", {}) == [("qualifiers", "missing")]


@pytest.mark.parametrize(
    ("qualifier", "place"),
    [("0", 0), ("+0", 0), ("3", -3), ("+3", 3), ("8", None), ("+8", None), ("9", None)],
)
def test_a_barrier_lies_below_and_a_help_above(qualifier: str, place: int | None) -> None:
    assert on_scale(qualifier) == place


def of(code: str, kind: QualifierKind, *said: str | None) -> dict[str, Ratings]:
    """What a parent, a teacher and a therapist have said of one code."""
    names = ("parent", "teacher", "therapist")
    pairs = zip(names, said, strict=False)
    return {name: {} if value is None else {Rated(code, kind): value} for name, value in pairs}


@pytest.mark.parametrize(
    ("code", "kind", "said", "verdict", "distance", "is_opposite"),
    [
        ("d160", PERFORMANCE, ["2", "2"], "agreement", 0, False),
        ("d160", PERFORMANCE, ["2", "2", "3"], "disagreement", 1, False),
        ("d160", PERFORMANCE, ["0", "4"], "disagreement", 4, False),
        ("d160", PERFORMANCE, ["2", None], "not_comparable", None, False),
        ("d160", PERFORMANCE, ["2", "8"], "not_comparable", None, False),
        ("d160", PERFORMANCE, ["8", "8"], "not_comparable", None, False),
        ("d160", PERFORMANCE, ["2", "8", "2"], "agreement", 0, False),
        ("e310", EXTENT, ["+2", "+8"], "not_comparable", None, False),
        ("d160", PERFORMANCE, ["2", "9"], "disagreement", None, False),
        ("d160", PERFORMANCE, ["9", "9"], "agreement", None, False),
        ("e310", EXTENT, ["2", "+2"], "disagreement", 4, True),
        ("e310", EXTENT, ["0", "+4"], "disagreement", 4, False),
        ("e310", EXTENT, ["+1", "+3"], "disagreement", 2, False),
        ("s110", QualifierKind.NATURE, ["1", "7"], "disagreement", None, False),
    ],
)
def test_assessors_agree_differ_or_cannot_be_compared(
    code: str,
    kind: QualifierKind,
    said: list[str | None],
    verdict: str,
    distance: int | None,
    is_opposite: bool,
) -> None:
    [found] = compare(of(code, kind, *said))
    assert (found.verdict, found.distance) == (verdict, distance)
    assert found.is_opposite is is_opposite
    assert list(found.qualifiers.values()) == said


def test_agreement_is_counted_over_codes_that_two_have_rated() -> None:
    first = {Rated("b110", EXTENT): "1", Rated("d160", PERFORMANCE): "2"}
    second = {Rated("b110", EXTENT): "1", Rated("d160", PERFORMANCE): "3"}
    alone = {Rated("e310", EXTENT): "+2"}
    found = compare({"parent": first, "teacher": second | alone})
    assert [each.rated.code for each in found] == ["b110", "d160", "e310"]
    assert agreement(found) == Agreement(1, 2, 1)
    assert agreement(found).share == Fraction(1, 2)
    assert agreement([]).share is None


EXTENTS = sorted(QUALIFIERS[Component.ENVIRONMENTAL_FACTORS][EXTENT])
RATINGS = st.dictionaries(
    st.builds(Rated, st.sampled_from(["e110", "e310", "e5"]), st.just(EXTENT)),
    st.sampled_from(EXTENTS),
)


@given(st.dictionaries(st.sampled_from("abc"), RATINGS))
def test_a_comparison_does_not_depend_on_the_order_of_assessors(
    ratings: dict[str, Ratings],
) -> None:
    found = compare(ratings)
    assert found == compare(dict(reversed(ratings.items())))
    for each in found:
        if each.is_opposite:
            assert each.verdict is ComparisonVerdict.DISAGREEMENT
        if each.verdict is ComparisonVerdict.AGREEMENT:
            assert each.distance in (0, None)


@given(RATINGS)
def test_whoever_says_the_same_agrees(ratings: Ratings) -> None:
    verdicts = {each.verdict for each in compare({"a": ratings, "b": ratings})}
    assert ComparisonVerdict.DISAGREEMENT not in verdicts
