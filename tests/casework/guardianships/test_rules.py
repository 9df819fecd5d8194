"""How long somebody acts for a child, and what a guardianship needs."""

from datetime import date
from typing import Any

import pytest

from services.casework.guardianships.rules import (
    EndingReason,
    GuardianshipKind,
    Scope,
    contradictions,
    ending_code,
    time_of,
)

K = GuardianshipKind
BORN, START = date(2010, 6, 15), date(2012, 1, 1)
OF_AGE = date(2028, 6, 15)
CONSENT = {"kind": K.ADULT_CONSENT, "scopes": [Scope.RECORDS]}


@pytest.mark.parametrize(
    ("kind", "starts_on", "ends_on", "born_on", "expected"),
    [
        (K.PARENTAL_FULL, START, None, BORN, (START, OF_AGE)),
        (K.PARENTAL_FULL, START, date(2028, 6, 14), BORN, (START, OF_AGE)),
        (K.PARENTAL_LIMITED, START, date(2028, 6, 13), BORN, (START, date(2028, 6, 14))),
        (K.FOSTER_CARER, START, date(2030, 1, 1), BORN, (START, OF_AGE)),
        (K.FOSTER_CARER, START, None, date(2008, 2, 29), (START, date(2026, 2, 28))),
        (K.COURT_GUARDIAN, START, None, BORN, (START, OF_AGE)),
        (K.COURT_GUARDIAN, OF_AGE, None, BORN, (OF_AGE, None)),
        (K.ADULT_CONSENT, OF_AGE, None, BORN, (OF_AGE, None)),
        (K.ADULT_CONSENT, START, date(2029, 12, 31), BORN, (OF_AGE, date(2030, 1, 1))),
        (K.PARENTAL_FULL, START, None, None, (START, None)),
    ],
)
def test_a_guardianship_holds_from_its_start_to_the_first_of_its_ends(
    kind: K, starts_on: date, ends_on: date | None, born_on: date | None, expected: tuple[date, date | None]
) -> None:
    assert time_of(kind, starts_on, ends_on, born_on) == expected


@pytest.mark.parametrize(
    ("facts", "born_on", "wrong"),
    [
        ({"kind": K.PARENTAL_FULL}, BORN, []),
        ({"kind": K.PARENTAL_FULL, "scopes": [*Scope]}, BORN, []),
        ({"kind": K.PARENTAL_FULL, "scopes": [Scope.HEALTH]}, BORN, [("scopes", "not_allowed")]),
        ({"kind": K.PARENTAL_FULL, "starts_on": OF_AGE}, BORN, [("starts_on", "of_age")]),
        ({"kind": K.PARENTAL_FULL, "starts_on": OF_AGE}, None, []),
        ({"kind": K.FOSTER_CARER}, BORN, [("ruling", "missing"), ("scopes", "missing")]),
        ({"kind": K.COURT_GUARDIAN, "ruling": "III RNs 1/24", "scopes": [Scope.HEALTH]}, BORN, []),
        ({"kind": K.PARENTAL_LIMITED, "scopes": [Scope.HEALTH]}, BORN, [("ruling", "missing")]),
        ({"kind": K.PARENTAL_FULL, "ends_on": date(2011, 12, 31)}, BORN, [("ends_on", "wrong_order")]),
        (CONSENT, BORN, [("starts_on", "before_of_age")]),
        ({**CONSENT, "starts_on": OF_AGE}, BORN, []),
        ({**CONSENT, "starts_on": OF_AGE}, None, [("starts_on", "before_of_age")]),
    ],
)  # fmt: skip
def test_what_a_guardianship_lacks_is_named(
    facts: dict[str, Any], born_on: date | None, wrong: list[tuple[str, str]]
) -> None:
    whole = {"scopes": None, "starts_on": START, "ends_on": None, "ruling": None, **facts}
    assert contradictions(whole, born_on) == wrong


@pytest.mark.parametrize(
    ("ended_on", "reason", "code"),
    [
        (date(2012, 1, 1), EndingReason.ADOPTION, None),
        (date(2011, 12, 31), EndingReason.ADOPTION, "wrong_order"),
        (date(2011, 12, 31), EndingReason.MISTAKE, None),
        (date(2026, 1, 2), EndingReason.MISTAKE, "in_future"),
    ],
)
def test_a_guardianship_ends_between_its_start_and_today(
    ended_on: date, reason: EndingReason, code: str | None
) -> None:
    assert ending_code(START, ended_on, reason, date(2026, 1, 1)) == code
