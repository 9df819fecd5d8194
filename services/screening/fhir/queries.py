"""Instruments and screenings, asked for as FHIR resources."""

import json
from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from sqlalchemy import Text, cast, select
from sqlmodel.ext.asyncio.session import AsyncSession

from services.chassis.concurrency import etag, tagged
from services.chassis.database import Record, Rows
from services.chassis.identity import Caller
from services.chassis.routes import Answer, AnswerTerms
from services.screening.fhir.rules.questionnaires import Version, questionnaire_of
from services.screening.fhir.rules.results import Screened, observation_of, response_of
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS, get_plan
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.licences import public_definition
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import Result, result_of
from services.screening.instruments.rules.states import VersionState
from services.screening.problems import FhirResourceNotFound
from services.screening.screenings.queries import get_scored

MEDIA_TYPE = "application/fhir+json"
MOST_QUESTIONNAIRES = 200
_JOINED = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
_VERSION: Rows = select(
    VERSIONS.c.id,
    VERSIONS.c.version,
    VERSIONS.c.number,
    VERSIONS.c.state,
    INSTRUMENTS.c.code,
    cast(VERSIONS.c.definition, Text).label("definition"),
).select_from(_JOINED)


def _told(resource: Mapping[str, Any], tag: str, terms: AnswerTerms | None = None) -> Answer:
    answer = tagged(json.dumps(resource, ensure_ascii=False, separators=(",", ":")), tag, terms)
    if answer.status_code == 200:
        answer.headers["content-type"] = MEDIA_TYPE
    return answer


def _bundle(resources: Sequence[Mapping[str, Any]], tag: str) -> Answer:
    entries = [{"resource": resource, "search": {"mode": "match"}} for resource in resources]
    found: dict[str, Any] = {"resourceType": "Bundle", "type": "searchset", "total": len(entries)}
    return _told(found | ({"entry": entries} if entries else {}), tag)


def _questionnaires(row: Record) -> list[dict[str, Any]]:
    """The Questionnaires of a version, made of what its licence lets out."""
    definition = Definition.model_validate(public_definition(json.loads(row.definition)))
    version = Version(str(row.id), row.code, row.number, row.state)
    return [questionnaire_of(definition, number, version) for number in range(len(definition.forms))]


async def list_questionnaires(session: AsyncSession, instrument: str | None) -> Answer:
    """The Questionnaires of published versions, the newest first."""
    statement = _VERSION.where(VERSIONS.c.state == VersionState.PUBLISHED).order_by(VERSIONS.c.id.desc())
    if instrument is not None:
        statement = statement.where(INSTRUMENTS.c.code == instrument)
    rows = (await (await session.connection()).execute(statement.limit(MOST_QUESTIONNAIRES))).all()
    found = [resource for row in rows for resource in _questionnaires(row)]
    return _bundle(found, etag("questionnaires", len(found) + 1))


async def get_questionnaire(session: AsyncSession, terms: AnswerTerms, resource_id: str) -> Answer:
    """One Questionnaire; of a draft too."""
    version_id = UUID(resource_id.partition(".")[0])
    row = (await (await session.connection()).execute(_VERSION.where(VERSIONS.c.id == version_id))).first()
    forms = [] if row is None else [one for one in _questionnaires(row) if one["id"] == resource_id]
    if row is None or not forms:
        raise FhirResourceNotFound()
    return _told(forms[0], etag(version_id, row.version), terms)


async def _screened(session: AsyncSession, caller: Caller, screening_id: UUID) -> tuple[Record, Screened, Plan, Result]:
    row = await get_scored(session, caller, screening_id)
    plan = await get_plan(session, row.instrument_code, row.instrument_version, or_retired=True)
    result = result_of(row.result)
    screened = Screened(
        str(row.id),
        str(row.subject_ref),
        row.state,
        row.instrument_code,
        row.instrument_version,
        result.form,
        row.administered_on,
        row.created_at,
        row.answers,
    )
    return row, screened, plan, result


async def get_questionnaire_response(session: AsyncSession, caller: Caller, screening_id: UUID) -> Answer:
    """The answers of a screening that has been scored."""
    row, screened, plan, result = await _screened(session, caller, screening_id)
    return _told(response_of(screened, plan.forms[result.form]), etag(screening_id, row.version))


async def list_observations(session: AsyncSession, caller: Caller, screening_id: UUID) -> Answer:
    """The scores of a screening."""
    row, screened, plan, result = await _screened(session, caller, screening_id)
    found = [observation_of(screened, plan, result, number) for number in range(len(result.scales))]
    return _bundle(found, etag(screening_id, row.version))


async def get_observation(session: AsyncSession, caller: Caller, resource_id: str) -> Answer:
    """One score of a screening."""
    screening, _, number = resource_id.partition(".")
    row, screened, plan, result = await _screened(session, caller, UUID(screening))
    if int(number) >= len(result.scales):
        raise FhirResourceNotFound()
    return _told(observation_of(screened, plan, result, int(number)), etag(row.id, row.version))
