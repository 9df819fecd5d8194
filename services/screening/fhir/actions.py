"""Recording a screening from a QuestionnaireResponse, by the same action as any other screening."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from services.chassis.data.work import Change, Stored
from services.chassis.fhir.bundles import json_text, with_meta
from services.chassis.ground.clock import CIVIL_TIME
from services.chassis.ground.problems import FieldError, Problem, ValidationFailed
from services.screening.fhir.queries import screened_of
from services.screening.fhir.rules.received import PLACES, Received, received
from services.screening.fhir.rules.results import response_of
from services.screening.fhir.schemas import FhirQuestionnaireResponse
from services.screening.fhir_questionnaires.rules.questionnaires import read_canonical
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.plans import FormPlan
from services.screening.problems import FhirStatusNotTaken
from services.screening.screenings import actions as screenings
from services.screening.screenings.schemas import ScreeningCreate, ScreeningRead

# The other codes of FHIR would change or annul a recorded screening, and an annulment
# needs a reason from a person.
ACCEPTED_STATUSES = ("in-progress", "completed")


@contextmanager
def _errors_by_place(places: Mapping[str, str]) -> Iterator[None]:
    """Translate the pointers of errors from the screening to the resource that it was read from."""
    try:
        yield
    except Problem as problem:
        problem.errors = [
            error._replace(name=places.get(error.name, "/extension"))
            if error.place == "pointer"
            else error
            for error in problem.errors
        ]
        raise


def _screening_of(response: Received) -> ScreeningCreate:
    """The screening that a resource describes.

    Raises ValidationFailed with the faults and the missing extensions.
    """
    faults, members = [*response.faults], dict[str, Any]()
    if response.missing:
        faults.append(("/extension", "missing"))
        members["missing_extensions"] = response.missing
    if faults:
        errors = [FieldError("pointer", place, code) for place, code in faults]
        raise ValidationFailed(*errors, **members)
    with _errors_by_place(response.places):
        return screenings.read_screening(response.facts)


async def _get_form(change: Change, questionnaire: str) -> FormPlan:
    """The form that a response answers.

    Raises ValidationFailed or UnknownReference with a pointer to the questionnaire.
    """
    instrument, form, number = read_canonical(questionnaire)
    with _errors_by_place(PLACES):
        # The pattern of the field demands a version number, and a version is never 0.
        plan = await get_plan(change, instrument, number or 0)
    if form not in plan.forms:
        raise ValidationFailed(FieldError("pointer", "/questionnaire", "not_found"))
    return plan.forms[form]


async def create_questionnaire_response(
    change: Change, new: FhirQuestionnaireResponse, today: date
) -> Stored:
    """Record a screening: a completed response is scored, one in progress becomes a draft."""
    if new.status not in ACCEPTED_STATUSES:
        raise FhirStatusNotTaken(FieldError("pointer", "/status", "not_allowed"))
    form = await _get_form(change, new.questionnaire)
    response = received(new.model_dump(exclude_none=True), form, CIVIL_TIME)
    screening = _screening_of(response)
    with _errors_by_place(response.places):
        stored = await screenings.create_screening(change, screening, today)
    # The stored body has no answers, so they are taken from the request.
    record = ScreeningRead.model_validate_json(stored.body)
    screened = screened_of(record, form.code, screening.answers, record.changed_at)
    body = response_of(screened, form)
    resource = with_meta(body, record.version, record.changed_at)
    return stored._replace(body=json_text(resource))
