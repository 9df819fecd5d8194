"""The template of a good practice, and the way to its publication. Pure."""

from collections.abc import Mapping
from enum import StrEnum
from typing import NamedTuple


class PracticeState(StrEnum):
    """How far a practice has come."""

    IDENTIFIED = "identified"
    DESCRIBED = "described"
    REVIEWED = "reviewed"
    PUBLISHED = "published"


PRACTICE_ALLOWED: Mapping[PracticeState, tuple[str, ...]] = {
    PracticeState.IDENTIFIED: ("describe",),
    PracticeState.DESCRIBED: ("describe", "review"),
    # Not described anew: what is published is what was reviewed.
    PracticeState.REVIEWED: ("publish",),
    PracticeState.PUBLISHED: (),
}


class TemplateField(NamedTuple):
    """A question of the template, as it is put in both languages."""

    code: str
    label_pl: str
    label_en: str
    is_required: bool = True


TEMPLATE = (
    TemplateField("context", "Kontekst i punkt wyjścia", "Context and starting point"),
    TemplateField("goal", "Cel", "Goal"),
    TemplateField("people", "Dla kogo i z kim", "For whom and with whom"),
    TemplateField("actions", "Podjęte działania", "Actions taken"),
    TemplateField("resources", "Zasoby i koszty", "Resources and costs"),
    TemplateField("results", "Rezultaty", "Results"),
    TemplateField("lessons", "Wnioski", "Lessons"),
    TemplateField("transfer", "Warunki przeniesienia", "What others need", False),
)
"""The fields of the form; what a practice says is checked against them."""
# A form of another year would bring other codes: they are refused, not lost.
_CODES = frozenset(field.code for field in TEMPLATE)


def missing_fields(given: Mapping[str, object]) -> list[str]:
    """The fields that a description has to fill in and does not."""
    return [
        each.code for each in TEMPLATE if each.is_required and each.code not in given
    ]


def unknown_fields(given: Mapping[str, object]) -> list[tuple[str, str]]:
    """What is no field of the template: a pointer and a code each."""
    return [(f"fields/{code}", "not_listed") for code in given if code not in _CODES]
