"""What submission makes of a screening: age, form, result. Pure."""

from collections.abc import Mapping
from typing import Any

from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Child
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import score
from services.screening.screenings.rules.states import State
from services.screening.screenings.rules.subjects import age_on, chosen_form


def submitted(
    plan: Plan, norms: Norms | None, facts: Mapping[str, Any], days: Mapping[str, Any]
) -> dict[str, Any] | list[tuple[str, str]]:
    """The columns of a submitted screening, or what is wrong as (pointer, code).

    `days`: born_on, administered_on and gestation_weeks. The day of birth goes no further than here.
    """
    age = age_on(**days, is_corrected=plan.is_corrected_for_prematurity)
    form = chosen_form(plan, facts["form_code"], age.months, facts["informant"])
    if not isinstance(form, str):
        return [(f"/{form[0]}", form[1])]
    child = Child(age.months, facts["sex"], facts["informant"])
    result = score(plan, form, facts["answers"], child, norms)
    if result.problems:
        return [(problem.pointer, problem.code) for problem in result.problems]
    values: dict[str, Any] = {
        "birth_month": age.birth_month,
        "age_months": age.months,
        "form_code": form,
    }
    values |= {"administered_on": days["administered_on"], "state": State.SUBMITTED}
    if not plan.forms[form].scales:
        return values
    return values | {
        "state": State.SCORED,
        "result": result.as_json(),
        "outcome": result.outcome,
    }
