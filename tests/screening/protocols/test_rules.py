"""What a battery comes to, and who goes on to stage two."""

from itertools import product
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.screening.instruments.rules.outcomes import Outcome
from services.screening.protocols.rules.batteries import (
    Battery,
    Combination,
    Done,
    Member,
    missing_forms,
    outcome_of,
    wrong_battery,
)
from services.screening.protocols.rules.selection import Candidate, RuleKind, choose, explain_rule, wrong_rule

P, N, U = Outcome.POSITIVE, Outcome.NEGATIVE, Outcome.UNDETERMINED
TEAM, SHEET, SURVEY = Member("TEAM", True, True), Member("SHEET", True, True), Member("SURVEY", False, False)


def battery(combination: Combination = Combination.ANY_POSITIVE) -> Battery:
    return Battery((TEAM, SHEET, SURVEY), combination)


def done(**outcomes: Outcome | None) -> list[Done]:
    return [Done(code, "parent", outcome) for code, outcome in outcomes.items()]


def test_a_form_that_two_informants_have_to_answer_is_done_when_both_have() -> None:
    member = Member("SHEET", True, True, ("parent", "teacher"))
    both = Battery((member,), Combination.ANY_POSITIVE)
    parent, teacher = Done("SHEET", "parent", N), Done("SHEET", "teacher", P)
    assert [missing_forms(both, forms) for forms in ([], [parent], [parent, parent])] == [["SHEET"]] * 3
    assert [outcome_of(both, forms) for forms in ([teacher], [parent, teacher])] == [None, P]
    assert wrong_battery([member, member._replace(instrument_code="B", is_required=False)]) == "informants_not_required"


def test_a_stage_of_three_forms_is_complete_when_the_required_ones_are_done_source_000() -> None:
    assert missing_forms(battery(), done(SURVEY=None)) == ["TEAM", "SHEET"]
    assert outcome_of(battery(), done(TEAM=P, SURVEY=None)) is None
    assert outcome_of(battery(), done(TEAM=P, SHEET=N)) is P


@pytest.mark.parametrize(("first", "second"), list(product((P, N, U), repeat=2)))
def test_any_positive_is_or_and_all_positive_is_and_of_three_values(first: Outcome, second: Outcome) -> None:
    value = {N: 0, U: 1, P: 2}
    name = {number: outcome for outcome, number in value.items()}
    forms = done(TEAM=first, SHEET=second)
    assert outcome_of(battery(), forms) is name[max(value[first], value[second])]
    assert outcome_of(battery(Combination.ALL_POSITIVE), forms) is name[min(value[first], value[second])]


def test_a_battery_whose_deciding_forms_judge_nothing_is_undetermined() -> None:
    assert outcome_of(battery(), done(TEAM=None, SHEET=None)) is U
    assert outcome_of(battery(Combination.ALL_POSITIVE), done(TEAM=None, SHEET=None)) is U


@pytest.mark.parametrize(
    ("members", "code"),
    [
        ([TEAM, TEAM], "repeated"),
        ([SURVEY], "nothing_required"),
        ([Member("A", True, False)], "nothing_decides"),
        ([TEAM, SURVEY], None),
    ],
)
def test_a_battery_requires_something_and_decides_by_something(members: list[Member], code: str | None) -> None:
    assert wrong_battery(members) == code


def candidate(ref: str, outcome: Outcome = N, county: str = "2469", **bands: str) -> Candidate:
    return Candidate(ref, county, outcome, {"TEAM": outcome, "SHEET": P}, {"TEAM": bands})


EVERYBODY = [candidate("a", P), candidate("b", U), candidate("c", N), candidate("d", P, total="high")]
BANDS = {"instrument_code": "TEAM", "scale": "total", "bands": ["low", "raised", "high"]}


@pytest.mark.parametrize(
    ("rule", "chosen"),
    [
        ({"kind": "outcome_in", "outcomes": ["positive"]}, ["a", "d"]),
        ({"kind": "outcome_in", "outcomes": ["positive", "undetermined"]}, ["a", "b", "d"]),
        ({"kind": "all_positive"}, ["a", "d"]),
        ({"kind": "band_at_least", "at_least": "raised", **BANDS}, ["d"]),
        ({"kind": "by_hand"}, []),
    ],
)
def test_a_rule_takes_whom_it_says(rule: dict[str, Any], chosen: list[str]) -> None:
    assert choose(rule, EVERYBODY, ["TEAM", "SHEET"], "salt") == chosen


def test_a_number_of_each_county_takes_the_positive_first() -> None:
    there = [candidate("e", N, "2401"), candidate("f", P, "2401")]
    rule = {"kind": "number_per_county", "number": 1, "first": ["positive"]}
    chosen = choose(rule, EVERYBODY + there, [], "salt")
    assert chosen[0] == "f"
    assert len(chosen) == 2
    assert chosen[1] in {"a", "d"}


@given(st.integers(0, 60), st.floats(0, 1), st.text(max_size=5))
def test_a_share_is_rounded_half_up_and_a_lot_drawn_again_is_the_same(size: int, share: float, salt: str) -> None:
    everybody = [candidate(f"{number:03}") for number in range(size)]
    rule = {"kind": "share_per_county", "share": share}
    chosen = choose(rule, everybody, [], salt)
    assert len(chosen) == int(size * share + 0.5)
    assert chosen == choose(rule, everybody[::-1], [], salt)
    assert {*chosen} <= {one.subject_ref for one in everybody}


@pytest.mark.parametrize(
    ("rule", "wrong"),
    [
        ({"kind": "outcome_in"}, ("outcomes", "missing")),
        ({"kind": "outcome_in", "outcomes": ["positive"], "share": 0.3}, ("share", "not_allowed")),
        ({"kind": "band_at_least", "at_least": "raised", **BANDS, "instrument_code": "NO"}, None),
        ({"kind": "band_at_least", "at_least": "top", **BANDS}, ("at_least", "not_listed")),
        ({"kind": "number_per_county", "number": 3, "first": ["positive"]}, None),
    ],
)
def test_a_rule_that_cannot_be_run_says_where(rule: dict[str, Any], wrong: tuple[str, str] | None) -> None:
    if rule.get("instrument_code") == "NO":
        wrong = ("instrument_code", "not_in_battery")
    assert wrong_rule(rule, ["TEAM"]) == wrong


@pytest.mark.parametrize("kind", RuleKind)
def test_every_rule_is_explained_in_both_languages(kind: RuleKind) -> None:
    rule = {"kind": kind, "outcomes": ["positive"], "share": 0.32, "number": 3, "at_least": "raised", **BANDS}
    told = explain_rule(rule)
    assert told["pl"] != told["en"]
    assert all(sentence.endswith(".") and "None" not in sentence for sentence in told.values())
