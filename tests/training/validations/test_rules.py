"""When an outcome can be validated."""

import uuid
from dataclasses import dataclass
from datetime import date, timedelta

import pytest

from services.training.validations.rules import (
    Frame,
    OutcomeState,
    ValidationFacts,
    correction_errors,
    errors,
    state_of,
)

TODAY = date(2026, 10, 5)
FIRST = date(2026, 9, 1)
VERSION, OTHER = uuid.uuid4(), uuid.uuid4()
DAY = timedelta(days=1)


@dataclass(frozen=True)
class Case:
    on: date
    version: uuid.UUID | None
    wrong: list[tuple[str, str]]


@pytest.mark.parametrize(
    "case",
    [
        Case(TODAY, VERSION, []),
        Case(FIRST, VERSION, []),
        Case(TODAY + DAY, VERSION, [("validated_on", "in_future")]),
        Case(FIRST - DAY, VERSION, [("validated_on", "before_group")]),
        Case(TODAY, OTHER, [("outcome_id", "not_of_version")]),
        Case(TODAY, None, [("outcome_id", "not_of_version")]),
    ],
    ids=["today", "first day", "tomorrow", "too early", "of another version", "unknown"],
)
def test_an_outcome_is_of_the_groups_version_and_validated_while_it_learns(case: Case) -> None:
    stated = ValidationFacts(is_achieved=True, evidence="a", validated_on=case.on)
    assert errors(stated, Frame(FIRST, VERSION, case.version), TODAY) == case.wrong


def test_a_correction_changes_something() -> None:
    before = ValidationFacts(is_achieved=True, evidence="a", validated_on=TODAY)
    assert correction_errors(before, before, FIRST, TODAY) == [("is_achieved", "unchanged")]
    assert correction_errors(before, before._replace(evidence="b"), FIRST, TODAY) == []
    late = before._replace(validated_on=TODAY + DAY)
    assert correction_errors(before, late, FIRST, TODAY) == [("validated_on", "in_future")]


def test_an_outcome_without_a_validation_is_not_one_that_was_missed() -> None:
    assert [state_of(None), state_of(True), state_of(False)] == [
        OutcomeState.NOT_VALIDATED,
        OutcomeState.ACHIEVED,
        OutcomeState.NOT_ACHIEVED,
    ]
