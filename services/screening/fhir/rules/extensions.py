"""What FHIR R4 has no place for in a QuestionnaireResponse: one extension each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

SUBJECT = "urn:splot:subject"
SOURCE = "urn:splot:source:"
"""Before the name of a source: the system of the identifier that a screening has there.
"""
NO_ANSWER = "urn:splot:fhir:no-answer"
"""On an item: the code of why it has no answer, where its kind of answers has no codes.
"""
NONE_CHOSEN = "none_chosen"
"""A selection of nothing: that is an answer, and FHIR knows no empty one."""


class Extension(NamedTuple):
    """Where a fact stands in the resource, and its names: as a column, and as a field of a request.

    Without a column the fact is not kept.
    """

    member: str
    column: str
    field: str
    is_of_submission: bool = False


EXTENSIONS: Mapping[str, Extension] = {
    "urn:splot:fhir:county": Extension("valueCode", "county_terc", "county_terc"),
    "urn:splot:fhir:sex": Extension("valueCode", "sex", "sex"),
    "urn:splot:fhir:informant": Extension("valueCode", "informant", "informant"),
    "urn:splot:fhir:institution": Extension(
        "valueId", "institution_id", "institution_id"
    ),
    "urn:splot:fhir:campaign": Extension("valueId", "campaign_id", "campaign_id"),
    "urn:splot:fhir:stage": Extension("valueInteger", "stage", "stage"),
    "urn:splot:fhir:implementer": Extension(
        "valueString", "implementer", "implementer"
    ),
    "urn:splot:fhir:birth-date": Extension(
        "valueDate", "", "born_on", is_of_submission=True
    ),
    "urn:splot:fhir:birth-month": Extension(
        "valueDate", "birth_month", "birth_month", is_of_submission=True
    ),
    "urn:splot:fhir:age-months": Extension(
        "valueInteger", "age_months", "age_months", is_of_submission=True
    ),
    "urn:splot:fhir:gestation-weeks": Extension(
        "valueInteger", "", "gestation_weeks", is_of_submission=True
    ),
    "urn:splot:fhir:consent-to-refer": Extension(
        "valueBoolean", "has_consent", "consent_to_refer", is_of_submission=True
    ),
}
"""By address.

The day of birth and the weeks of gestation only ever come in: they are not kept.
"""
# Without these three a screening cannot be recorded, and FHIR has no member of its own
# for any of them.
REQUIRED = frozenset({"county_terc", "sex", "informant"})
URL_OF: Mapping[str, str] = {one.field: url for url, one in EXTENSIONS.items()}
COLUMNS = tuple(one.column for one in EXTENSIONS.values() if one.column)


def extensions_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The extensions of a screening, whose facts are by COLUMNS."""
    return [
        {"url": url, one.member: _as_member(one.member, facts[one.column])}
        for url, one in EXTENSIONS.items()
        if facts.get(one.column) is not None
    ]


def _as_member(member: str, value: Any) -> Any:
    """A fact as JSON; of a date only the month, which is all that is kept."""
    if member in {"valueInteger", "valueBoolean"}:
        return value
    return str(value)[: len("2024-03")] if member == "valueDate" else str(value)
