"""What a certificate needs."""

import uuid

import pytest

from services.training.certificate_readiness.rules import Module, Outcome, readiness


def module(number: int, minutes: int, attended: int, form: str = "workshop") -> Module:
    return Module(uuid.uuid4(), number, form, minutes, attended)


def outcome(code: str, *, required: bool, achieved: bool | None) -> Outcome:
    return Outcome(uuid.uuid4(), 1, code, required, achieved)


# 80 % of 900 minutes are 720; of 901 they are 720.8, so 721 have to be attended.
@pytest.mark.parametrize(
    ("planned", "attended", "missing"), [(900, 720, 0), (900, 719, 1), (901, 720, 1), (901, 721, 0), (900, 0, 720)]
)
def test_so_many_minutes_are_missing_to_the_share(planned: int, attended: int, missing: int) -> None:
    found = readiness([module(1, planned, attended)], [], 80)
    assert (found.missing_minutes, found.is_ready) == (missing, missing == 0)


def test_the_modules_that_are_short_are_named_only_while_minutes_are_missing() -> None:
    whole, short = module(1, 100, 100), module(2, 100, 30)
    assert readiness([whole, short], [], 80).short_modules == [short]
    assert readiness([whole, short], [], 65).short_modules == []


def test_no_module_makes_up_for_another_and_self_study_has_no_list() -> None:
    found = readiness([module(1, 100, 900), module(2, 100, 0), module(3, 500, 0, "self_study")], [], 80)
    assert (found.share.attended, found.share.planned, found.missing_minutes) == (100, 200, 60)


def test_a_programme_that_is_studied_alone_needs_outcomes_alone() -> None:
    assert readiness([module(1, 500, 0, "self_study")], [], 80).is_ready


def test_required_outcomes_that_are_not_achieved_are_named_with_their_state() -> None:
    outcomes = [
        outcome("E1", required=True, achieved=True),
        outcome("E2", required=True, achieved=False),
        outcome("E3", required=True, achieved=None),
        outcome("E4", required=False, achieved=None),
    ]
    found = readiness([], outcomes, 80)
    assert [(each.code, each.state) for each in found.missing_outcomes] == [
        ("E2", "not_achieved"),
        ("E3", "not_validated"),
    ]
    assert not found.is_ready
