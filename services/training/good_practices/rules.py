"""The template of a good practice, and its states. Pure."""

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
    # Without `describe`: the published text is the reviewed one.
    PracticeState.REVIEWED: ("publish",),
    PracticeState.PUBLISHED: (),
}


class TemplateField(NamedTuple):
    """A question of the template, with its label in both languages."""

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
"""The fields of the form, against which descriptions are checked."""
# Other codes, such as those of another year's form, are refused and not dropped.
_CODES = frozenset(field.code for field in TEMPLATE)


def missing_fields(fields: Mapping[str, object]) -> list[str]:
    """The required fields that a description lacks."""
    return [
        each.code for each in TEMPLATE if each.is_required and each.code not in fields
    ]


def unknown_fields(fields: Mapping[str, object]) -> list[tuple[str, str]]:
    """Fields that are not in the template: pointers with their codes."""
    return [(f"fields/{code}", "not_listed") for code in fields if code not in _CODES]
