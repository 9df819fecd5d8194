"""What a submission adds to a screening: its age, its form and its result."""

from collections.abc import Mapping
from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from services.chassis.ground.problems import FieldError, ValidationFailed
from services.screening.instruments.rules.answers import Answers
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Child, Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import score
from services.screening.screenings.rules.states import State
from services.screening.screenings.rules.subjects import age_on, chosen_form

NOTHING_ANSWERED = "nothing_answered"


class Filled(NamedTuple):
    """The facts and answers of a filled form.

    Without `form_code` it is the form for the age and informant.
    """

    sex: str
    informant: str
    form_code: str | None
    answers: Answers


class Days(NamedTuple):
    """The days that give the age. The day of birth is not passed on from here."""

    born_on: date
    administered_on: date
    gestation_weeks: int | None


class Submission(NamedTuple):
    """The columns that a submission fills in.

    Result and norms are None when the form has no scales.
    """

    state: State
    birth_month: date
    age_months: int
    form_code: str
    administered_on: date
    result: Mapping[str, Any] | None = None
    outcome: Outcome | None = None
    norm_set_id: UUID | None = None
    has_consent: bool | None = None
    submitted_by: str | None = None


def is_empty(answers: Answers) -> bool:
    """Whether nothing is answered: "refused" and "not observed" are answers."""
    return all(answer is None for answer in answers.values())


def submitted(
    plan: Plan, norms: Norms | None, filled_form: Filled, days: Days
) -> Submission:
    """The columns of a form that is submitted and scored.

    ValidationFailed if no form fits or an answer is wrong.
    """
    age = age_on(*days, is_corrected=plan.is_corrected_for_prematurity)
    form = chosen_form(plan, filled_form.form_code, age.months, filled_form.informant)
    # `chosen_form` is also used for rows of files, so it returns the fault and
    # does not raise.
    if not isinstance(form, str):
        name, code = form
        raise ValidationFailed(FieldError("pointer", f"/{name}", code))
    if is_empty(filled_form.answers):
        raise ValidationFailed(FieldError("pointer", "/answers", NOTHING_ANSWERED))
    child = Child(age.months, filled_form.sex, filled_form.informant)
    result = score(plan, form, filled_form.answers, child, norms)
    if result.problems:
        wrong = [(problem.pointer, problem.code) for problem in result.problems]
        raise ValidationFailed(*[FieldError("pointer", *fault) for fault in wrong])
    unscored = Submission(
        State.SUBMITTED, age.birth_month, age.months, form, days.administered_on
    )
    # A form without scales only collects answers: it has no result, and
    # nothing to confirm.
    if not plan.forms[form].scales:
        return unscored
    return unscored._replace(
        state=State.SCORED, result=result.as_json(), outcome=result.outcome
    )
