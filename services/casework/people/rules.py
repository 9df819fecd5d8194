"""What tells who somebody is, and what may be said of it together. Pure."""

import re
import unicodedata
from collections.abc import Mapping
from datetime import date
from enum import StrEnum
from typing import Any

from stdnum.exceptions import ValidationError
from stdnum.pl import pesel as pesel_number

LONGEST_PREGNANCY_DAYS = 300
"""Civil code (family and guardianship code), art. 62 § 1."""
# A bound against slips of the keyboard.
OLDEST_YEARS = 120


class PersonKind(StrEnum):
    """Born, or expected by a family."""

    BORN = "born"
    EXPECTED = "expected"


class Sex(StrEnum):
    """As the PESEL register knows it."""

    FEMALE = "female"
    MALE = "male"


def has_pesel_form(number: str) -> bool:
    """Eleven ASCII digits: what a PESEL looks like, right or wrong."""
    # `\d` would take the digits of other scripts as well.
    return re.fullmatch(r"[0-9]{11}", number) is not None


def pesel_errors(number: str, born_on: date | None, sex: Sex | None) -> list[str]:
    """Why a PESEL cannot be right, as codes; empty when it may be.

    Its check digit and its date, and whether it goes with the birth date and sex that
    are known (act on the population register, art. 15).
    """
    try:
        pesel_number.validate(number)
    except ValidationError:
        return ["wrong_checksum"]
    facts = born_on not in {None, pesel_number.get_birth_date(number)}
    # The library knows digits and dates; what else is known of the person
    # is compared here.
    letter = {Sex.FEMALE: "F", Sex.MALE: "M"}.get(sex) if sex else None
    facts = facts or letter not in {None, pesel_number.get_gender(number)}
    return ["contradicts"] if facts else []


def plain(name: str) -> str:
    """A name as it is compared: small letters without marks, hyphens and spaces.

    >>> plain("Żółkiewska-Łoś"), plain("Zolkiewska Los")
    ('zolkiewskalos', 'zolkiewskalos')
    """
    # Unicode has no decomposition for ł, and people type it both ways.
    bare = unicodedata.normalize("NFD", name.casefold().replace("ł", "l"))
    return "".join(letter for letter in bare if letter.isalnum())


def pairs(given_name: str, family_name: str, born_on: date | None) -> dict[str, str]:
    """The pairs of facts that find somebody, by kind:
    who shares one of them may be the same person.

    One letter typed wrong in a name, or one digit in a date, leaves a pair equal.
    """
    given, family = plain(given_name), plain(family_name)
    found = {"given-family": f"{given}|{family}"}
    if born_on is not None:
        found |= {
            "given-born": f"{given}|{born_on}",
            "family-born": f"{family}|{born_on}",
        }
    return found


def contradictions(facts: Mapping[str, Any], today: date) -> list[tuple[str, str]]:
    """What in the facts of one person does not go together: field and code.

    Empty when all is well.
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
    # In both directions: some families come after the day on which the
    # birth was expected.
    if abs((expected_on - today).days) > LONGEST_PREGNANCY_DAYS:
        wrong.append(("expected_on", "not_allowed"))
    return wrong


def _of_pesel(facts: Mapping[str, Any]) -> list[tuple[str, str]]:
    number, reason = facts.get("pesel"), facts.get("pesel_override_reason")
    if number is None:
        return [("pesel_override_reason", "not_allowed")] if reason else []
    if not has_pesel_form(number):
        return [("pesel", "wrong_format")]
    # A few real numbers were given out wrongly: whoever says why may record one.
    errors = (
        [] if reason else pesel_errors(number, facts.get("born_on"), facts.get("sex"))
    )
    return [("pesel", code) for code in errors]
