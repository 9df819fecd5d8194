"""Identity facts of people, and checks of their consistency. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.pl import pesel as pesel_number

LONGEST_PREGNANCY_DAYS = 300
"""Family and guardianship code, art. 62 § 1."""
# A limit against typing errors.
OLDEST_YEARS = 120


class PersonKind(StrEnum):
    """Born, or expected by a family."""

    BORN = "born"
    EXPECTED = "expected"


class Sex(StrEnum):
    """The sex, as in the PESEL register."""

    FEMALE = "female"
    MALE = "male"


def has_pesel_form(number: str) -> bool:
    """Whether a number has the form of a PESEL: eleven ASCII digits."""
    # `\d` would take the digits of other scripts as well.
    return re.fullmatch(r"[0-9]{11}", number) is not None


def pesel_errors(number: str, born_on: date | None, sex: Sex | None) -> list[str]:
    """The error codes of a PESEL; empty where it may be right.

    Checks its check digit and date, and whether it matches the given birth date and sex
    (act on the population register, art. 15).
    """
    try:
        pesel_number.validate(number)
    except ValidationError:
        return ["wrong_checksum"]
    is_contradicted = born_on not in {None, pesel_number.get_birth_date(number)}
    # The library checks digits and dates; the other facts are compared here.
    letter = {Sex.FEMALE: "F", Sex.MALE: "M"}.get(sex) if sex else None
    is_contradicted = is_contradicted or letter not in {
        None,
        pesel_number.get_gender(number),
    }
    return ["contradicts"] if is_contradicted else []


def plain(name: str) -> str:
    """A name in the form that is compared: small letters without marks,
    hyphens and spaces.

    >>> plain("Żółkiewska-Łoś"), plain("Zolkiewska Los")
    ('zolkiewskalos', 'zolkiewskalos')
    """
    # Unicode has no decomposition for ł, and people type it both ways.
    bare = unicodedata.normalize("NFD", name.casefold().replace("ł", "l"))
    return "".join(letter for letter in bare if letter.isalnum())


def pairs(given_name: str, family_name: str, born_on: date | None) -> dict[str, str]:
    """The pairs of facts by which a person is found, by kind; a record that shares one
    of them may be the same person.

    With one wrong letter in a name, or one wrong digit in the date,
    one pair is still equal.
    """
    plain_given, plain_family = plain(given_name), plain(family_name)
    pair_by_kind = {"given-family": f"{plain_given}|{plain_family}"}
    if born_on is not None:
        pair_by_kind |= {
            "given-born": f"{plain_given}|{born_on}",
            "family-born": f"{plain_family}|{born_on}",
        }
    return pair_by_kind


def contradictions(facts: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    """The contradictions in the facts of one person, each as field and error code.

    Empty where there are none.
    """
    if facts["kind"] == PersonKind.EXPECTED:
        return _of_expected(facts, today)
    wrong = [
        (name, "missing")
        for name in ("given_name", "family_name")
        if not facts.get(name)
    ]
    wrong += [("expected_on", "not_allowed")] if facts.get("expected_on") else []
    born_on = facts.get("born_on")
    if born_on is not None:
        wrong += [("born_on", "in_future")] if born_on > today else []
        too_old = born_on.year < today.year - OLDEST_YEARS
        wrong += [("born_on", "too_long_ago")] if too_old else []
    return wrong + _of_pesel(facts)


def _of_expected(facts: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    wrong = [(name, "not_allowed") for name in ("born_on", "pesel") if facts.get(name)]
    expected_on = facts.get("expected_on")
    if expected_on is None:
        return [*wrong, ("expected_on", "missing")]
    # In both directions: some families come after the expected day of birth.
    if abs((expected_on - today).days) > LONGEST_PREGNANCY_DAYS:
        wrong.append(("expected_on", "not_allowed"))
    return wrong


def _of_pesel(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    number, reason = facts.get("pesel"), facts.get("pesel_override_reason")
    if number is None:
        return [("pesel_override_reason", "not_allowed")] if reason else []
    if not has_pesel_form(number):
        return [("pesel", "wrong_format")]
    # A few real numbers contain errors: with a reason they may be recorded.
    errors = (
        [] if reason else pesel_errors(number, facts.get("born_on"), facts.get("sex"))
    )
    return [("pesel", code) for code in errors]
