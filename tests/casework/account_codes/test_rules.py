"""What a code looks like, and for whom it is issued."""

import math
from datetime import date

import pytest

from services.casework.account_codes.rules import ALPHABET, GROUPS, LETTERS_IN_GROUP, may_have_account, plain

TODAY = date(2026, 3, 1)


def test_a_code_is_long_enough_and_has_no_letter_that_is_read_as_another() -> None:
    assert GROUPS * LETTERS_IN_GROUP * math.log2(len({*ALPHABET})) >= 80
    assert not {*ALPHABET} & {*"0O1IL5S2Z8BUVG6Q"}


@pytest.mark.parametrize("typed", ["acdef hjkmn", "ACDEF-HJKMN", " AcDeFhJkMn "])
def test_hyphens_spaces_and_capitals_do_not_matter(typed: str) -> None:
    assert plain(typed) == "ACDEFHJKMN"


@pytest.mark.parametrize(
    ("kind", "born_on", "is_guardian", "may"),
    [
        ("born", date(2013, 3, 1), False, True),
        ("born", date(2013, 3, 2), False, False),
        ("born", date(2012, 2, 29), False, True),
        ("born", None, False, False),
        ("born", None, True, True),
        ("expected", None, True, False),
    ],
)
def test_a_guardian_or_a_pupil_of_thirteen_may_have_an_account(
    kind: str, born_on: date | None, is_guardian: bool, may: bool
) -> None:
    assert may_have_account(kind, born_on, TODAY, is_guardian=is_guardian) == may


def test_who_is_born_on_29_february_is_thirteen_on_1_march() -> None:
    born_on = date(2012, 2, 29)
    assert not may_have_account("born", born_on, date(2025, 2, 28), is_guardian=False)
    assert may_have_account("born", born_on, date(2025, 3, 1), is_guardian=False)
