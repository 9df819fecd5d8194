"""The stored facts of a subject: its age on the day and its month of birth, never the
day of birth.
"""

from datetime import date
from enum import StrEnum
from typing import NamedTuple

from services.screening.instruments.rules.ages import completed_months, corrected_months
from services.screening.instruments.rules.plans import Plan

OLDEST_YEARS = 120


class SubjectWarning(StrEnum):
    """A contradiction to other screenings of the same subject: one child has one value of each."""

    OTHER_SEX = "other_sex"
    OTHER_BIRTH_MONTH = "other_birth_month"


class Age(NamedTuple):
    """The month of birth, and the age in completed months that chooses and scores a form."""

    birth_month: date
    months: int


def contradictions(
    born_on: date, administered_on: date, today: date
) -> list[tuple[str, str]]:
    """The impossible days, as (field, code)."""
    wrong = []
    if administered_on > today:
        wrong.append(("administered_on", "in_future"))
    if born_on > administered_on:
        wrong.append(("born_on", "after_screening"))
    # By years only: this check is for a wrong century.
    elif administered_on.year - born_on.year > OLDEST_YEARS:
        wrong.append(("born_on", "too_long_ago"))
    return wrong


def age_on(
    born_on: date,
    administered_on: date,
    gestation_weeks: int | None,
    *,
    is_corrected: bool,
) -> Age:
    """The age on the day of the screening, corrected for prematurity if the instrument
    demands it.
    """
    month = born_on.replace(day=1)
    if is_corrected and gestation_weeks is not None:
        return Age(month, corrected_months(born_on, administered_on, gestation_weeks))
    return Age(month, completed_months(born_on, administered_on))


def chosen_form(
    plan: Plan, form_code: str | None, age_months: int, informant: str
) -> str | tuple[str, str]:
    """The form for this age and informant, or (field, code) of why there is none."""
    if form_code is None:
        return plan.form_for(age_months, informant) or ("form_code", "no_form")
    form = plan.forms.get(form_code)
    if form is None:
        return "form_code", "not_listed"
    if informant not in form.informants:
        return "informant", "no_form"
    return (
        form_code
        if form.age_from <= age_months < form.age_to
        else ("form_code", "no_form")
    )
