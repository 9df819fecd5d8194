"""Codes that join an account to a person: their form, and who may have one. Pure."""

from datetime import date, timedelta

from services.casework.people.rules import PersonKind

ALPHABET = "ACDEFHJKMNPRTWXY3479"
"""Only characters that are not mistaken for another: no O and 0, I, L and 1, S and 5, Z
and 2, B and 8, U and V, G and 6, Q.
"""
GROUPS, LETTERS_IN_GROUP = 4, 5
"""Twenty letters of twenty: 86 bits."""
VALID_FOR = timedelta(days=14)
YEARS_OF_PUPIL = 13
"""Below that age nobody has legal capacity (civil code, arts. 12 and 15)."""
# Enough for typing mistakes, and far too few to guess a code.
MOST_MISSES_AN_HOUR = 5
SECONDS_TO_WAIT = 900


def plain(code: str) -> str:
    """A code in the form that is compared: capitals, without hyphens and spaces.

    >>> plain("acdef-HJKMN prtwx-y3479")
    'ACDEFHJKMNPRTWXY3479'
    """
    return "".join(letter for letter in code.upper() if letter.isalnum())


def grouped(letters: str) -> str:
    """A code in the form that people read out and type.

    >>> grouped("ACDEFHJKMNPRTWXY3479")
    'ACDEF-HJKMN-PRTWX-Y3479'
    """
    starts = range(0, len(letters), LETTERS_IN_GROUP)
    return "-".join(letters[start : start + LETTERS_IN_GROUP] for start in starts)


def may_have_account(
    kind: str, born_on: date | None, today: date, *, is_guardian: bool
) -> bool:
    """Whether somebody may have an account: a guardian, or a pupil old enough."""
    if kind != PersonKind.BORN:
        return False
    if is_guardian:
        return True
    if born_on is None:
        return False
    # Compared as month and day: somebody born on 29 February is a year older on 1 March
    # in other years.
    had_birthday = (today.month, today.day) >= (born_on.month, born_on.day)
    years = today.year - born_on.year - (0 if had_birthday else 1)
    return years >= YEARS_OF_PUPIL


def may_try(misses_within_hour: int) -> bool:
    """Whether one more attempt is allowed."""
    return misses_within_hour < MOST_MISSES_AN_HOUR
