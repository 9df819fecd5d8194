"""A change that is asked for in FHIR: a QuestionnaireResponse becomes a screening by the same action as any other."""

from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from datetime import date
from typing import Any

from services.chassis.answers import Answer, created, etag
from services.chassis.clock import CIVIL_TIME
from services.chassis.problems import FieldError, Problem, ValidationFailed
from services.chassis.work import Change
from services.screening.fhir.queries import as_fhir, screened_of, written
from services.screening.fhir.rules.questionnaires import named
from services.screening.fhir.rules.received import PLACES, Received, received
from services.screening.fhir.rules.results import response_of
from services.screening.fhir.schemas import FhirQuestionnaireResponse
from services.screening.instruments.queries import get_plan
from services.screening.problems import FhirStatusNotTaken
from services.screening.screenings import actions as screenings
from services.screening.screenings.schemas import ScreeningCreate, ScreeningRead

TAKEN = ("in-progress", "completed")


@contextmanager
def _told_of(places: Mapping[str, str]) -> Iterator[None]:
    """What is refused is told of the resource, not of the screening that is made of it."""
    try:
        yield
    except Problem as refusal:
        refusal.errors = [
            error._replace(name=places.get(error.name, "/extension"))
            if error.place == "pointer"
            else error
            for error in refusal.errors
        ]
        raise


def _screening(told: Received) -> ScreeningCreate:
    """The screening that was received; ValidationFailed names what is wrong, and the extensions that are missing."""
    if told.faults or told.missing:
        wrong = told.faults + [("/extension", "missing")] * bool(told.missing)
        members: dict[str, Any] = (
            {"missing_extensions": told.missing} if told.missing else {}
        )
        raise ValidationFailed(
            *[FieldError("pointer", *fault) for fault in wrong], **members
        )
    with _told_of(told.places):
        return screenings.read_screening(told.facts)


async def create_questionnaire_response(
    change: Change, given: FhirQuestionnaireResponse, today: date
) -> Answer:
    """Record a screening: scored when the response is completed, a draft while it is in progress."""
    if given.status not in TAKEN:
        raise FhirStatusNotTaken(FieldError("pointer", "/status", "not_allowed"))
    instrument, form_code, number = named(given.questionnaire)
    with _told_of(PLACES):
        plan = await get_plan(change, instrument, number or 0)
    if form_code not in plan.forms:
        raise ValidationFailed(FieldError("pointer", "/questionnaire", "not_found"))
    form = plan.forms[form_code]
    told = received(given.model_dump(exclude_none=True), form, CIVIL_TIME)
    new = _screening(told)
    with _told_of(told.places):
        stored = await screenings.create_screening(change, new, today)
    made = ScreeningRead.model_validate_json(stored.body)
    resource = response_of(
        screened_of(made, form_code, new.answers, made.changed_at), form
    )
    location = f"/v1/screening/fhir/QuestionnaireResponse/{made.id}"
    tag = etag(stored.key, stored.version)
    return as_fhir(created(written(resource), tag, location))
