"""The facts for which a QuestionnaireResponse of FHIR R4 has no member: one extension each."""

from collections.abc import Mapping
from typing import Any, NamedTuple

SUBJECT = "urn:splot:subject"
SOURCE = "urn:splot:source:"
"""The prefix of an identifier's system; the name of the source follows."""
NO_ANSWER = "urn:splot:fhir:no-answer"
"""On an item whose answers are not codes: the code of the reason for a missing answer."""
NONE_CHOSEN = "none_chosen"
"""The code of an empty selection, which is an answer: FHIR has no empty answers."""


class Extension(NamedTuple):
    """The member of a resource that holds a fact, and the fact's column and field in a request.

    A fact without a column is not stored.
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
"""The extensions by their URL.

The day of birth and the weeks of gestation are only received: they are not stored.
"""
# A screening cannot be recorded without these three, and FHIR has no member for
# any of them.
REQUIRED = frozenset({"county_terc", "sex", "informant"})
URL_OF: Mapping[str, str] = {
    extension.field: url for url, extension in EXTENSIONS.items()
}
COLUMNS = tuple(
    extension.column for extension in EXTENSIONS.values() if extension.column
)


def extensions_of(facts: Mapping[str, Any]) -> list[dict[str, Any]]:
    """The extensions of a screening, from its facts by column (COLUMNS)."""
    return [
        {
            "url": url,
            extension.member: _as_member(extension.member, facts[extension.column]),
        }
        for url, extension in EXTENSIONS.items()
        if facts.get(extension.column) is not None
    ]


def _as_member(member: str, value: Any) -> Any:
    """A fact as JSON; of a date only the month, because the day is not stored."""
    if member in {"valueInteger", "valueBoolean"}:
        return value
    return str(value)[: len("2024-03")] if member == "valueDate" else str(value)
