"""The kinds of documents, and the facts of each kind. Pure."""

from collections.abc import Mapping
from datetime import date
from enum import StrEnum

from stdnum.pl import regon


class DocumentKind(StrEnum):
    """Rulings and the opinion of a panel (Dz.U. 2023 poz. 2061); other documents."""

    SPECIAL_EDUCATION_RULING = "special_education_ruling"
    INDIVIDUAL_PRESCHOOL_PREPARATION_RULING = "individual_preschool_preparation_ruling"
    INDIVIDUAL_TEACHING_RULING = "individual_teaching_ruling"
    REHABILITATION_CLASSES_RULING = "rehabilitation_classes_ruling"
    EARLY_SUPPORT_NEED_OPINION = "early_support_need_opinion"
    MEDICAL_CERTIFICATE = "medical_certificate"
    DISABILITY_RULING = "disability_ruling"
    MEDICAL_DOCUMENTATION = "medical_documentation"
    # Not about a need: it allows more than eight hours of early support in a month.
    RUNNING_BODY_CONSENT = "running_body_consent"


RULINGS = frozenset(
    {
        DocumentKind.SPECIAL_EDUCATION_RULING,
        DocumentKind.INDIVIDUAL_PRESCHOOL_PREPARATION_RULING,
        DocumentKind.INDIVIDUAL_TEACHING_RULING,
        DocumentKind.REHABILITATION_CLASSES_RULING,
    }
)
"""Administrative decisions of a counselling centre's panel; they can be appealed."""

OF_PANEL = RULINGS | {DocumentKind.EARLY_SUPPORT_NEED_OPINION}
"""What a panel issues: with the issuer's REGON, a number, an outcome."""


class DocumentOutcome(StrEnum):
    """Whether a panel has found a need."""

    NEED_FOUND = "need_found"
    NEED_NOT_FOUND = "need_not_found"


def is_regon(number: str) -> bool:
    """A REGON of 9 or 14 digits with right check digits, written without separators."""
    # The library accepts separators; a stored number has one form,
    # so that it is unique.
    return bool(regon.is_valid(number)) and regon.compact(number) == number


STATED_BY_PANEL = ("issuer_regon", "number", "issued_on", "outcome")
"""The facts of a panel's document that the education information system (SIO) keeps."""

_OF_ISSUED = frozenset(
    {
        *("issued_on", "number", "outcome", "delivered_on", "appealed_on"),
        *("handed_in_on", "ipet_on", "wopfu_on", "valid_to"),
        *("has_multiple_disabilities", "multiple_disabilities_reason"),
    }
)
"""Fields that cannot be known before a panel issues the document."""


def fact_errors(
    kind: DocumentKind, facts: Mapping[str, object], today: date
) -> list[tuple[str, str]]:
    """The errors in the facts of a document, each as field and error code.

    A panel's document needs its issuer, number, day and outcome; an application needs
    only its day. Documents of others have no outcome, and only a special-education
    ruling can find multiple disabilities, with the reason.
    """
    stated = {
        # A flag that is not set counts as not stated.
        name
        for name, value in facts.items()
        if value not in (None, "", False, [])
    }
    wrong = [
        (name, "missing")
        for name in _required_fields(kind, stated)
        if name not in stated
    ]
    if kind not in OF_PANEL and "outcome" in stated:
        wrong.append(("outcome", "not_allowed"))
    number = facts.get("issuer_regon")
    if isinstance(number, str) and number and not is_regon(number):
        wrong.append(("issuer_regon", "invalid"))
    return wrong + _disability_errors(kind, stated) + _date_errors(facts, today)


def _required_fields(kind: DocumentKind, stated: set[str]) -> tuple[str, ...]:
    if kind not in OF_PANEL:
        return ("issued_on",)
    is_applied_for = "applied_on" in stated and stated.isdisjoint(_OF_ISSUED)
    return () if is_applied_for else STATED_BY_PANEL


def _disability_errors(kind: DocumentKind, stated: set[str]) -> list[tuple[str, str]]:
    fields = ("has_multiple_disabilities", "multiple_disabilities_reason")
    if kind is not DocumentKind.SPECIAL_EDUCATION_RULING:
        return [(name, "not_allowed") for name in fields if name in stated]
    flag, reason = (name in stated for name in fields)
    # The education information system (SIO) asks for the reason with the flag.
    if flag and not reason:
        return [(fields[1], "missing")]
    return [(fields[1], "not_allowed")] if reason and not flag else []


ORDER = ("applied_on", "issued_on", "delivered_on", "handed_in_on")
"""The days of a document, in the order in which they come."""
_OF_SCHOOL = ("appealed_on", "ipet_on", "wopfu_on")
"""Days after the issue, in any order."""


def _date_errors(facts: Mapping[str, object], today: date) -> list[tuple[str, str]]:
    wrong = []
    latest: date | None = None
    for name in ORDER:
        day = facts.get(name)
        if not isinstance(day, date):
            continue
        if day > today:
            wrong.append((name, "in_future"))
        elif latest is not None and day < latest:
            wrong.append((name, "wrong_order"))
        # Compared with the latest day so far, because a day between may be left out.
        latest = day if latest is None else max(latest, day)
    wrong += [
        (name, "in_future") for name in _OF_SCHOOL if _is_later(facts, name, today)
    ]
    issued_on, valid_to = facts.get("issued_on"), facts.get("valid_to")
    if isinstance(issued_on, date) and isinstance(valid_to, date):
        wrong += [("valid_to", "wrong_order")] if valid_to < issued_on else []
    return wrong


def _is_later(facts: Mapping[str, object], name: str, today: date) -> bool:
    value = facts.get(name)
    days = value if isinstance(value, list | tuple) else [value]
    return any(isinstance(day, date) and day > today for day in days)
