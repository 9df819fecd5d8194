"""Every SELECT for forms of instruments as FHIR Questionnaires."""

import json
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import Integer, Text, cast, func, select, true
from sqlalchemy.dialects.postgresql import JSONB

from services.chassis.data.work import Reading, Rows, Stored
from services.chassis.fhir.asking import FhirTerms
from services.chassis.fhir.bundles import Results, json_text, searchset, with_meta
from services.chassis.fhir.pages import Keys, changed_within, page_of_keys, parts_of
from services.screening.fhir_questionnaires.rules.questionnaires import (
    Version,
    questionnaire_of,
    read_canonical,
)
from services.screening.fhir_questionnaires.schemas import QuestionnaireSearch
from services.screening.instruments.queries import INSTRUMENTS, VERSIONS
from services.screening.instruments.rules.definitions import Definition
from services.screening.instruments.rules.licences import public_definition
from services.screening.instruments.rules.states import VersionState
from services.screening.problems import FhirResourceNotFound


class VersionRow(NamedTuple):
    """A version of an instrument, its definition as JSON text."""

    id: UUID
    version: int
    changed_at: datetime
    number: int
    state: str
    instrument: str
    definition: str


_VERSIONS: Rows = select(
    VERSIONS.c.id,
    VERSIONS.c.version,
    VERSIONS.c.changed_at,
    VERSIONS.c.number,
    VERSIONS.c.state,
    INSTRUMENTS.c.code,
    cast(VERSIONS.c.definition, Text),
).join_from(VERSIONS, INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)


def _questionnaires(row: VersionRow) -> list[dict[str, Any]]:
    """The Questionnaires of a version, made from the texts that its licence allows to be shown."""
    # The licence gate comes before the model: no resource can show a text that the
    # model lacks.
    definition = Definition.model_validate(
        public_definition(json.loads(row.definition))
    )
    version = Version(str(row.id), row.instrument, row.number, row.state)
    questionnaires = [
        questionnaire_of(definition, number, version)
        for number in range(len(definition.forms))
    ]
    return [
        with_meta(resource, row.version, row.changed_at) for resource in questionnaires
    ]


async def list_questionnaires(
    reading: Reading, query: QuestionnaireSearch, terms: FhirTerms
) -> dict[str, Any]:
    """The Questionnaires of published versions: a Bundle, the newest first."""
    page = await page_of_keys(reading, terms, query, _forms(query))
    statement = _VERSIONS.where(VERSIONS.c.id.in_({key for key, _ in page.keys}))
    rows = [VersionRow(*row) for row in await reading.rows(statement)]
    questionnaires = {row.id: _questionnaires(row) for row in rows}
    resources = [questionnaires[key][place] for key, place in page.keys]
    results = Results("Questionnaire", resources, page.next_cursor, page.total)
    return searchset(results, query, terms)


def _forms(query: QuestionnaireSearch) -> Keys:
    """The keys of the forms that match the search."""
    columns = VERSIONS.c
    # In the database, so that only the definitions of one page are read.
    form = func.jsonb_array_elements(columns.definition["forms"])
    forms = form.table_valued("form", with_ordinality="number").render_derived()
    form_code = cast(forms.c.form, JSONB)["code"].astext
    place = cast(forms.c.number, Integer) - 1
    keys = (
        select(columns.created_at.label("at"), columns.id, place.label("place"))
        .join_from(VERSIONS, INSTRUMENTS, columns.instrument_id == INSTRUMENTS.c.id)
        .join(forms, true())
        .where(columns.state == VersionState.PUBLISHED)
        .where(*changed_within(columns.changed_at, query.moments))
        .where(*parts_of(columns.id, place, query))
    )
    if query.instrument is not None:
        keys = keys.where(INSTRUMENTS.c.code == query.instrument)
    if query.url is not None:
        instrument, code, number = read_canonical(query.url)
        keys = keys.where(INSTRUMENTS.c.code == instrument, form_code == code)
        if number is not None:
            keys = keys.where(columns.number == number)
    return keys


async def get_questionnaire(reading: Reading, resource_id: str) -> Stored:
    """One Questionnaire; also one of a draft."""
    # The pattern of PartId guarantees a UUID here.
    version_id = UUID(resource_id.partition(".")[0])
    statement = _VERSIONS.where(VERSIONS.c.id == version_id)
    row = VersionRow(*await reading.one(statement, FhirResourceNotFound))
    for questionnaire in _questionnaires(row):
        if questionnaire["id"] == resource_id:
            return Stored(version_id, row.version, json_text(questionnaire))
    raise FhirResourceNotFound()
