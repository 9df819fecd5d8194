"""Instruments and screenings, asked for as FHIR resources."""

import json
from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, Text, cast, select

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.callers import Caller
from services.chassis.problems import FieldError, ValidationFailed
from services.chassis.work import Reading, Record, Rows
from services.screening.fhir.rules.capabilities import Offer, capability_statement
from services.screening.fhir.rules.extensions import TOLD
from services.screening.fhir.rules.questionnaires import (
    Version,
    named,
    questionnaire_of,
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

MEDIA_TYPE = "application/fhir+json"
MOST_QUESTIONNAIRES = 200
MOST_FOUND = 100
_JOINED = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
_VERSION: Rows = select(
    VERSIONS.c.id,
    VERSIONS.c.version,
    VERSIONS.c.number,
    VERSIONS.c.state,
    INSTRUMENTS.c.code,
    cast(VERSIONS.c.definition, Text).label("definition"),
).select_from(_JOINED)


class Shown(NamedTuple):
    """A screening whose form is known, with what is needed to tell of it."""

    row: Record | Screening
    screened: Screened
    plan: Plan
    result: Result | None


def written(resource: Mapping[str, Any]) -> str:
    """A resource as it travels."""
    return json.dumps(resource, ensure_ascii=False, separators=(",", ":"))


def as_fhir(answer: Answer) -> Answer:
    """The same answer under FHIR's own media type."""
    answer.headers["content-type"] = MEDIA_TYPE
    return answer


def _told(
    resource: Mapping[str, Any], tag: str, terms: AnswerTerms | None = None
) -> Answer:
    answer = tagged(written(resource), tag, terms)
    return as_fhir(answer) if answer.status_code == 200 else answer


def _bundle(
    resources: Sequence[Mapping[str, Any]], *, is_all: bool = True
) -> dict[str, Any]:
    entries = [
        {"resource": resource, "search": {"mode": "match"}} for resource in resources
    ]
    found: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset"}
    return (
        found
        | ({"total": len(entries)} if is_all else {})
        | ({"entry": entries} if entries else {})
    )


def _found(bundle: Mapping[str, Any]) -> Answer:
    return as_fhir(Answer(written(bundle), headers={"cache-control": "no-cache"}))


def get_capability_statement(offers: Sequence[Offer]) -> Answer:
    """What these routes offer."""
    return _found(capability_statement(offers, MEDIA_TYPE))


def _questionnaires(row: Record) -> list[dict[str, Any]]:
    """The Questionnaires of a version, made of what its licence lets out."""
    definition = Definition.model_validate(
        public_definition(json.loads(row.definition))
    )
    version = Version(str(row.id), row.code, row.number, row.state)
    return [
        questionnaire_of(definition, number, version)
        for number in range(len(definition.forms))
    ]


async def list_questionnaires(reading: Reading, query: QuestionnaireSearch) -> Answer:
    """The Questionnaires of published versions, the newest first."""
    statement = _VERSION.where(VERSIONS.c.state == VersionState.PUBLISHED).order_by(
        VERSIONS.c.id.desc()
    )
    if query.instrument is not None:
        statement = statement.where(INSTRUMENTS.c.code == query.instrument)
    if query.url is not None:
        instrument, _, number = named(query.url)
        statement = statement.where(INSTRUMENTS.c.code == instrument)
        statement = (
            statement
            if number is None
            else statement.where(VERSIONS.c.number == number)
        )
    rows = await reading.rows(statement.limit(MOST_QUESTIONNAIRES))
    wanted = None if query.url is None else query.url.partition("|")[0]
    found = [
        one
        for row in rows
        for one in _questionnaires(row)
        if wanted in {None, one["url"]}
    ]
    return _told(_bundle(found), etag("questionnaires", len(found) + 1))


async def get_questionnaire(
    reading: Reading, terms: AnswerTerms, resource_id: str
) -> Answer:
    """One Questionnaire; of a draft too."""
    version_id = UUID(resource_id.partition(".")[0])
    row = await reading.find(_VERSION.where(VERSIONS.c.id == version_id))
    forms = (
        []
        if row is None
        else [one for one in _questionnaires(row) if one["id"] == resource_id]
    )
    if row is None or not forms:
        raise FhirResourceNotFound()
    return _told(forms[0], etag(version_id, row.version), terms)


def screened_of(
    row: Record | Screening | ScreeningRead,
    form: str,
    answers: Mapping[str, Any],
    recorded_at: datetime,
) -> Screened:
    """What is told of a screening, of its record or of what a recording answered."""
    told = {name: getattr(row, name) for name in (*TOLD, "source", "external_id")}
    return Screened(
        str(row.id),
        str(row.subject_ref),
        row.state,
        row.instrument_code,
        row.instrument_version,
        form,
        row.administered_on,
        recorded_at,
        answers,
        told,
    )


async def _shown(reading: Reading, rows: Sequence[Record | Screening]) -> list[Shown]:
    plans: dict[tuple[str, int], Plan] = {}
    shown = []
    for row in rows:
        version = row.instrument_code, row.instrument_version
        if version not in plans:
            plans[version] = await get_plan(reading, *version, or_retired=True)
        screened = screened_of(row, str(row.form_code), row.answers, row.created_at)
        shown.append(
            Shown(
                row,
                screened,
                plans[version],
                result_of(row.result) if row.result else None,
            )
        )
    return shown


async def _list_shown(
    reading: Reading, caller: Caller, *wanted: ColumnElement[bool]
) -> list[Shown]:
    """The newest screenings of a known form that the caller may see, one more than are told of."""
    columns = SCREENINGS.c
    found = select(SCREENINGS).where(
        seen_by(caller), columns.form_code.is_not(None), *wanted
    )
    newest = found.order_by(columns.created_at.desc(), columns.id.desc()).limit(
        MOST_FOUND + 1
    )
    return await _shown(reading, await reading.rows(newest))


def _of_subject(query: SubjectSearch) -> list[ColumnElement[bool]]:
    given = [
        token
        for token in (query.subject, query.subject_identifier)
        if token is not None
    ]
    return [
        SCREENINGS.c.subject_ref == UUID(token.rpartition("|")[2]) for token in given
    ]


def _require_some(wanted: Sequence[ColumnElement[bool]]) -> None:
    """Answers of children are not told to whoever asks for nothing in particular."""
    if not wanted:
        raise ValidationFailed(FieldError("parameter", "subject", "missing"))


def _response(shown: Shown) -> dict[str, Any]:
    return response_of(shown.screened, shown.plan.forms[str(shown.row.form_code)])


def _observations(shown: Shown) -> list[dict[str, Any]]:
    _, screened, plan, result = shown
    return (
        [
            observation_of(screened, plan, result, number)
            for number in range(len(result.scales))
        ]
        if result
        else []
    )


async def list_questionnaire_responses(
    reading: Reading, caller: Caller, query: ResponseSearch
) -> Answer:
    """The answers of screenings of a subject, by a form, or both; the newest first."""
    wanted = _of_subject(query)
    if query.questionnaire is not None:
        instrument, form, number = named(query.questionnaire)
        wanted += [
            SCREENINGS.c.instrument_code == instrument,
            SCREENINGS.c.form_code == form,
        ]
        wanted += [] if number is None else [SCREENINGS.c.instrument_version == number]
    _require_some(wanted)
    found = await _list_shown(reading, caller, *wanted)
    return _found(
        _bundle(
            [_response(one) for one in found[:MOST_FOUND]],
            is_all=len(found) <= MOST_FOUND,
        )
    )


async def get_questionnaire_response(reading: Reading, screening_id: UUID) -> Answer:
    """The answers of a screening; ResultNotAvailable while it is not known by which form they are."""
    row = await get_record(reading, screening_id)
    if row.form_code is None:
        raise ResultNotAvailable(state=row.state)
    [shown] = await _shown(reading, [row])
    return _told(_response(shown), etag(screening_id, row.version))


async def list_observations(
    reading: Reading, caller: Caller, query: ObservationSearch
) -> Answer:
    """The scores of one screening, of the newest screenings of a subject, or of that one if it is of that subject."""
    wanted = _of_subject(query)
    responses = (
        []
        if query.derived_from is None
        else [UUID(query.derived_from.rpartition("/")[2])]
    )
    responses += [] if query.screening_id is None else [query.screening_id]
    for screening_id in responses:
        await get_scored(reading, screening_id)
        wanted.append(SCREENINGS.c.id == screening_id)
    _require_some(wanted)
    shown = await _list_shown(reading, caller, *wanted)
    found = [one for screening in shown for one in _observations(screening)]
    return _found(_bundle(found[:MOST_FOUND], is_all=len(found) <= MOST_FOUND))


async def get_observation(reading: Reading, resource_id: str) -> Answer:
    """One score of a screening."""
    screening, _, number = resource_id.partition(".")
    [shown] = await _shown(reading, [await get_scored(reading, UUID(screening))])
    scores = _observations(shown)
    if int(number) >= len(scores):
        raise FhirResourceNotFound()
    return _told(scores[int(number)], etag(shown.row.id, shown.row.version))
