"""Every SELECT for screenings and scores as FHIR resources."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    Integer,
    Text,
    cast,
    func,
    literal,
    select,
    true,
)

from services.chassis.data.work import Reading, Stored
from services.chassis.fhir.asking import FhirTerms
from services.chassis.fhir.bundles import Results, json_text, searchset, with_meta
from services.chassis.fhir.pages import (
    KeyPage,
    Keys,
    changed_within,
    page_of_keys,
    parts_of,
)
from services.chassis.ground.problems import FieldError, ValidationFailed
from services.screening.fhir.rules.extensions import COLUMNS
from services.screening.fhir.rules.results import Screened, observation_of, response_of
from services.screening.fhir.schemas import (
    ObservationSearch,
    ResponseSearch,
    SubjectSearch,
)
from services.screening.fhir_questionnaires.rules.questionnaires import (
    read_canonical,
)
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import Result, result_of
from services.screening.problems import FhirResourceNotFound, ResultNotAvailable
from services.screening.screenings.models import Screening
from services.screening.screenings.queries import (
    SCREENINGS,
    get_record,
    get_scored,
    is_visible_to,
)
from services.screening.screenings.schemas import ScreeningRead


class FormRecord(NamedTuple):
    """A screening whose form is known, with all that its resources are made from."""

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
    """The content of a screening's resources, from its record or from the answer
    to its recording.
    """
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


async def _list_records(
    reading: Reading, screenings: Iterable[Screening]
) -> list[FormRecord]:
    """Screenings whose forms are known, with their plans; each plan is read once."""
    plans: dict[tuple[str, int], Plan] = {}
    records = []
    for screening in screenings:
        version = screening.instrument_code, screening.instrument_version
        if version not in plans:
            # Also of a retired version: answers to it are still read.
            plans[version] = await get_plan(reading, *version, or_retired=True)
        form = str(screening.form_code)
        screened = screened_of(screening, form, screening.answers, screening.created_at)
        result = result_of(screening.result) if screening.result else None
        records.append(FormRecord(screening, screened, plans[version], result))
    return records


def _screenings(
    reading: Reading,
    search: SubjectSearch,
    conditions: Sequence[ColumnElement[bool]],
    place: ColumnElement[int],
) -> Keys:
    """The keys of the screenings that the caller may see and whose form is known."""
    tokens = [search.subject, search.subject_identifier]
    columns = SCREENINGS.c
    criteria = [
        *conditions,
        # A search may have both parameters: then both conditions must hold.
        *[
            columns.subject_ref == UUID(token.rpartition("|")[2])
            for token in tokens
            if token is not None
        ],
    ]
    # A search that names no subject, form or screening is refused: it would list the
    # answers of all children.
    if not criteria and search.ids is None:
        raise ValidationFailed(FieldError("parameter", "subject", "missing"))
    return select(
        columns.created_at.label("at"), columns.id, place.label("place")
    ).where(
        is_visible_to(reading.caller),
        columns.form_code.is_not(None),
        *criteria,
        *changed_within(columns.changed_at, search.moments),
    )


async def _records_by_id(reading: Reading, page: KeyPage) -> dict[UUID, FormRecord]:
    # No condition for the caller's reach: the keys of the page are already
    # limited to it.
    statement = select(SCREENINGS).where(
        SCREENINGS.c.id.in_({key for key, _ in page.keys})
    )
    rows = await reading.rows(statement)
    records = await _list_records(reading, [Screening(**row._mapping) for row in rows])
    return {record.screening.id: record for record in records}


def _with_meta(resource: Mapping[str, Any], screening: Screening) -> dict[str, Any]:
    return with_meta(resource, screening.version, screening.changed_at)


def _response(record: FormRecord) -> dict[str, Any]:
    response = response_of(record.screened, record.plan.forms[record.screened.form])
    return _with_meta(response, record.screening)


def _observations(record: FormRecord) -> list[dict[str, Any]]:
    """An Observation for each scale; an empty list without a result."""
    screening, screened, plan, result = record
    if result is None:
        return []
    return [
        _with_meta(observation_of(screened, plan, result, number), screening)
        for number in range(len(result.scales))
    ]


async def list_questionnaire_responses(
    reading: Reading, query: ResponseSearch, terms: FhirTerms
) -> dict[str, Any]:
    """The answers of screenings of a subject, by a form, or by ids: a Bundle, newest first."""
    conditions: list[ColumnElement[bool]] = []
    if query.questionnaire is not None:
        instrument, form, number = read_canonical(query.questionnaire)
        conditions.append(SCREENINGS.c.instrument_code == instrument)
        conditions.append(SCREENINGS.c.form_code == form)
        if number is not None:
            conditions.append(SCREENINGS.c.instrument_version == number)
    if query.id_list is not None:
        conditions.append(cast(SCREENINGS.c.id, Text).in_(query.id_list))
    keys = _screenings(reading, query, conditions, literal(0))
    page = await page_of_keys(reading, terms, query, keys)
    records = await _records_by_id(reading, page)
    resources = [_response(records[key]) for key, _ in page.keys]
    kind = "QuestionnaireResponse"
    results = Results(kind, resources, page.next_cursor, page.total)
    return searchset(results, query, terms)


async def get_questionnaire_response(reading: Reading, screening_id: UUID) -> Stored:
    """The answers of a screening; ResultNotAvailable while their form is not known."""
    screening = await get_record(reading, screening_id)
    if screening.form_code is None:
        raise ResultNotAvailable(state=screening.state)
    [record] = await _list_records(reading, [screening])
    return Stored(screening.id, screening.version, json_text(_response(record)))


async def list_observations(
    reading: Reading, query: ObservationSearch, terms: FhirTerms
) -> dict[str, Any]:
    """The scores of one screening, or of the screenings of a subject: a Bundle.

    With both parameters, the scores of that screening if it is of that subject.
    """
    conditions: list[ColumnElement[bool]] = []
    screening_ids = []
    if query.derived_from is not None:
        # Both parameters may name a screening: then both conditions must hold, and two
        # different screenings match nothing.
        screening_ids.append(UUID(query.derived_from.rpartition("/")[2]))
    if query.screening_id is not None:
        screening_ids.append(query.screening_id)
    # A screening without scores, or one that the caller may not see, is refused with a
    # problem and not answered with an empty searchset.
    for screening_id in screening_ids:
        await get_scored(reading, screening_id)
        conditions.append(SCREENINGS.c.id == screening_id)
    scales = func.jsonb_array_length(SCREENINGS.c.result["scales"])
    # A row for each scale: a page and its total count observations, not screenings.
    series = func.generate_series(0, scales - 1).table_valued("place", name="scale")
    places = series.render_derived()
    place = cast(places.c.place, Integer)
    conditions += parts_of(SCREENINGS.c.id, place, query)
    keys = _screenings(reading, query, conditions, place).join_from(
        SCREENINGS, places, true()
    )
    page = await page_of_keys(reading, terms, query, keys)
    records = await _records_by_id(reading, page)
    observations = {key: _observations(record) for key, record in records.items()}
    resources = [observations[key][number] for key, number in page.keys]
    results = Results("Observation", resources, page.next_cursor, page.total)
    return searchset(results, query, terms)


async def get_observation(reading: Reading, resource_id: str) -> Stored:
    """One score of a screening."""
    screening_id, _, number = resource_id.partition(".")
    screening = await get_scored(reading, UUID(screening_id))
    [record] = await _list_records(reading, [screening])
    observations = _observations(record)
    if int(number) >= len(observations):
        raise FhirResourceNotFound()
    body = json_text(observations[int(number)])
    return Stored(screening.id, screening.version, body)
