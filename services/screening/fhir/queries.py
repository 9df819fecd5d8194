"""Instruments and screenings, asked for as FHIR resources."""

import json
from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select

from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.screening.fhir.rules.bundles import json_text, searchset
from services.screening.fhir.rules.extensions import COLUMNS
from services.screening.fhir.rules.questionnaires import (
    Version,
    questionnaire_of,
    read_canonical,
)
from services.screening.fhir.rules.results import Screened, observation_of, response_of
from services.screening.fhir.schemas import (
    ObservationSearch,
    QuestionnaireSearch,
    ResponseSearch,
    SubjectSearch,
)
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS, get_plan
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.licences import public_definition
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import Result, result_of
from services.screening.instruments.rules.states import VersionState
from services.screening.problems import FhirResourceNotFound, ResultNotAvailable
from services.screening.screenings.models import Screening
from services.screening.screenings.queries import (
    SCREENINGS,
    get_record,
    get_scored,
    seen_by,
)
from services.screening.screenings.schemas import ScreeningRead

MOST_QUESTIONNAIRES = 200
MOST_FOUND = 100


class VersionRow(NamedTuple):
    """A version of an instrument, its definition as JSON text."""

    id: UUID
    version: int
    number: int
    state: str
    instrument: str
    definition: str


_VERSIONS: Rows = select(
    VERSIONS.c.id,
    VERSIONS.c.version,
    VERSIONS.c.number,
    VERSIONS.c.state,
    INSTRUMENTS.c.code,
    cast(VERSIONS.c.definition, Text),
).join_from(VERSIONS, INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)


def _questionnaires(row: VersionRow) -> list[dict[str, Any]]:
    """The Questionnaires of a version, made of what its licence lets out."""
    # The licence gate comes before the model: a text that the model lacks no resource
    # can show.
    definition = Definition.model_validate(
        public_definition(json.loads(row.definition))
    )
    version = Version(str(row.id), row.instrument, row.number, row.state)
    return [
        questionnaire_of(definition, number, version)
        for number in range(len(definition.forms))
    ]


async def list_questionnaires(reading: Reading, query: QuestionnaireSearch) -> Stored:
    """The Questionnaires of published versions: a Bundle, the newest first.

    A list has no version of its own: one more than their number stands for it.
    """
    statement = _VERSIONS.where(VERSIONS.c.state == VersionState.PUBLISHED)
    if query.instrument is not None:
        statement = statement.where(INSTRUMENTS.c.code == query.instrument)
    if query.url is not None:
        instrument, _, number = read_canonical(query.url)
        statement = statement.where(INSTRUMENTS.c.code == instrument)
        if number is not None:
            statement = statement.where(VERSIONS.c.number == number)
    newest = statement.order_by(VERSIONS.c.id.desc()).limit(MOST_QUESTIONNAIRES)
    rows = [VersionRow(*row) for row in await reading.rows(newest)]
    questionnaires = [one for row in rows for one in _questionnaires(row)]
    if query.url is not None:
        url = query.url.partition("|")[0]
        questionnaires = [one for one in questionnaires if one["url"] == url]
    body = json_text(searchset(questionnaires))
    return Stored("questionnaires", len(questionnaires) + 1, body)


async def get_questionnaire(reading: Reading, resource_id: str) -> Stored:
    """One Questionnaire; of a draft too."""
    # The address's own pattern has made sure that this is a UUID.
    version_id = UUID(resource_id.partition(".")[0])
    statement = _VERSIONS.where(VERSIONS.c.id == version_id)
    row = VersionRow(*await reading.one(statement, FhirResourceNotFound))
    for questionnaire in _questionnaires(row):
        if questionnaire["id"] == resource_id:
            return Stored(version_id, row.version, json_text(questionnaire))
    raise FhirResourceNotFound()


class Shown(NamedTuple):
    """A screening by a known form, with what is needed to make resources of it."""

    screening: Screening
    screened: Screened
    plan: Plan
    result: Result | None


def screened_of(
    screening: Screening | ScreeningRead,
    form: str,
    answers: Mapping[str, Any],
    recorded_at: datetime,
) -> Screened:
    """What resources say of a screening, by its record or by the answer to its recording."""
    names = (*COLUMNS, "source", "external_id")
    return Screened(
        id=str(screening.id),
        subject_ref=str(screening.subject_ref),
        state=screening.state,
        instrument=screening.instrument_code,
        number=screening.instrument_version,
        form=form,
        administered_on=screening.administered_on,
        recorded_at=recorded_at,
        answers=answers,
        facts={name: getattr(screening, name) for name in names},
    )


async def _list_shown(reading: Reading, screenings: Iterable[Screening]) -> list[Shown]:
    """Screenings by known forms, with their plans, each of which is read once."""
    plans: dict[tuple[str, int], Plan] = {}
    shown = []
    for one in screenings:
        version = one.instrument_code, one.instrument_version
        if version not in plans:
            # Answers outlive the version that they were given to.
            plans[version] = await get_plan(reading, *version, or_retired=True)
        form = str(one.form_code)
        screened = screened_of(one, form, one.answers, one.created_at)
        result = result_of(one.result) if one.result else None
        shown.append(Shown(one, screened, plans[version], result))
    return shown


async def _list_newest(
    reading: Reading, conditions: Sequence[ColumnElement[bool]]
) -> list[Shown]:
    """The newest screenings of a known form that the caller may see, one more than are answered."""
    # Answers of children are not shown to whoever asks for nobody and nothing in particular.
    if not conditions:
        raise ValidationFailed(FieldError("parameter", "subject", "missing"))
    columns = SCREENINGS.c
    visible = (seen_by(reading.caller), columns.form_code.is_not(None))
    statement = (
        select(SCREENINGS)
        .where(*visible, *conditions)
        .order_by(columns.created_at.desc(), columns.id.desc())
        # One more than is answered: then the searchset is known to be incomplete.
        .limit(MOST_FOUND + 1)
    )
    rows = await reading.rows(statement)
    return await _list_shown(reading, [Screening(**row._mapping) for row in rows])


def _of_subject(query: SubjectSearch) -> list[ColumnElement[bool]]:
    """The screenings of the subject that the query names, each way that it does."""
    tokens = [query.subject, query.subject_identifier]
    return [
        SCREENINGS.c.subject_ref == UUID(token.rpartition("|")[2])
        for token in tokens
        if token is not None
    ]


def _searchset(resources: Sequence[dict[str, Any]], *, is_complete: bool) -> str:
    return json_text(searchset(resources[:MOST_FOUND], is_complete=is_complete))


def _response(shown: Shown) -> dict[str, Any]:
    return response_of(shown.screened, shown.plan.forms[shown.screened.form])


def _observations(shown: Shown) -> list[dict[str, Any]]:
    """An Observation for each scale; none without a result."""
    _, screened, plan, result = shown
    if result is None:
        return []
    return [
        observation_of(screened, plan, result, number)
        for number in range(len(result.scales))
    ]


async def list_questionnaire_responses(reading: Reading, query: ResponseSearch) -> str:
    """The answers of screenings of a subject, by a form, or both: a Bundle, the newest first."""
    conditions = _of_subject(query)
    if query.questionnaire is not None:
        instrument, form, number = read_canonical(query.questionnaire)
        conditions.append(SCREENINGS.c.instrument_code == instrument)
        conditions.append(SCREENINGS.c.form_code == form)
        if number is not None:
            conditions.append(SCREENINGS.c.instrument_version == number)
    shown = await _list_newest(reading, conditions)
    is_complete = len(shown) <= MOST_FOUND
    return _searchset([_response(one) for one in shown], is_complete=is_complete)


async def get_questionnaire_response(reading: Reading, screening_id: UUID) -> Stored:
    """The answers of a screening; ResultNotAvailable while their form is not known."""
    screening = await get_record(reading, screening_id)
    if screening.form_code is None:
        raise ResultNotAvailable(state=screening.state)
    [shown] = await _list_shown(reading, [screening])
    return Stored(screening.id, screening.version, json_text(_response(shown)))


async def list_observations(reading: Reading, query: ObservationSearch) -> str:
    """The scores of one screening, or of the newest screenings of a subject: a Bundle.

    Where both are named, of that screening if it is of that subject.
    """
    conditions = _of_subject(query)
    screening_ids = []
    if query.derived_from is not None:
        # Both may name a screening: then both conditions hold, and two different ones
        # match none.
        screening_ids.append(UUID(query.derived_from.rpartition("/")[2]))
    if query.screening_id is not None:
        screening_ids.append(query.screening_id)
    # One that the caller may not see, or without scores, is a refusal and not an empty searchset.
    for screening_id in screening_ids:
        await get_scored(reading, screening_id)
        conditions.append(SCREENINGS.c.id == screening_id)
    shown = await _list_newest(reading, conditions)
    observations = [one for each in shown for one in _observations(each)]
    is_complete = len(observations) <= MOST_FOUND
    return _searchset(observations, is_complete=is_complete)


async def get_observation(reading: Reading, resource_id: str) -> Stored:
    """One score of a screening."""
    screening_id, _, number = resource_id.partition(".")
    screening = await get_scored(reading, UUID(screening_id))
    [shown] = await _list_shown(reading, [screening])
    observations = _observations(shown)
    if int(number) >= len(observations):
        raise FhirResourceNotFound()
    body = json_text(observations[int(number)])
    return Stored(screening.id, screening.version, body)
