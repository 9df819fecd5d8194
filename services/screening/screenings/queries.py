"""Every question asked of screenings. The caller's reach is the predicate; row-level security is the second lock."""

import json
from collections.abc import Sequence
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, func, literal_column, select
from sqlalchemy.dialects.postgresql import distinct_on

from services.chassis.access import row_scope, within
from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.callers import Caller
from services.chassis.listing import Listing, json_object
from services.chassis.problems import FieldError, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.work import Change, Reading, Record, Rows
from services.screening.campaigns.models import Campaign
from services.screening.campaigns.queries import (
    lock_open_campaign,
    one_person_is_enough,
)
from services.screening.charts import Drawing
from services.screening.instruments.queries import get_plan
from services.screening.instruments.rules.explanations import explain, trace
from services.screening.instruments.rules.norms import Norms
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.instruments.rules.plans import Plan
from services.screening.instruments.rules.scoring import Result, result_of
from services.screening.norm_sets.queries import get_norms
from services.screening.permissions import Permission
from services.screening.problems import (
    CampaignNotFound,
    ResultNotAvailable,
    ScreeningNotFound,
    SecondPersonRequired,
)
from services.screening.screenings.models import ReplacedResult, Screening
from services.screening.screenings.rules import comparisons
from services.screening.screenings.rules.pictures import Picture
from services.screening.screenings.rules.profiles import Language, profile
from services.screening.screenings.rules.states import State, needs_second_person
from services.screening.screenings.schemas import (
    ComparisonRead,
    ScreeningList,
    ScreeningRead,
)

SCREENINGS: FromClause = rows_of(Screening)
REPLACED: FromClause = rows_of(ReplacedResult)
WIRE: dict[str, ColumnElement[Any]] = {
    name: SCREENINGS.c[name] for name in ScreeningRead.model_fields
}
LISTING = Listing(
    WIRE, {"created_at": SCREENINGS.c.created_at}, "-created_at", SCREENINGS.c.id
)
_CONFIRMED = SCREENINGS.c.state == literal_column("'confirmed'")
_BEFORE = (
    "version",
    "outcome",
    "norm_set_id",
    "rescoring_id",
    "replaced_by",
    "replaced_at",
    "result",
)
_PAIRS = [
    part for name in _BEFORE for part in (literal_column(f"'{name}'"), REPLACED.c[name])
]
_EARLIER = select(
    func.json_agg(func.json_build_object(*_PAIRS).op("ORDER BY")(REPLACED.c.version))
)
_EQUAL = (
    "campaign_id",
    "institution_id",
    "subject_ref",
    "instrument_code",
    "source",
    "external_id",
    "implementer",
)
_SAME = ("subject_ref", "instrument_code", "instrument_version", "campaign_id", "stage")
_ONE_OF = ("state", "outcome", "county_terc", "informant")


_STANDING = """
WITH held AS (SELECT state, county_terc FROM campaigns WHERE id = $5 FOR SHARE)
SELECT version.id AS version_id, version.state AS version_state, norm_set.id AS norm_set_id,
       held.state AS campaign_state, held.county_terc AS campaign_county,
       set_config('app.counties', $1, true), set_config('app.institution', $2, true)
FROM (VALUES (1)) AS one
LEFT JOIN instruments AS instrument ON instrument.code = $3
LEFT JOIN instrument_versions AS version ON version.instrument_id = instrument.id AND version.number = $4
LEFT JOIN norm_sets AS norm_set ON norm_set.instrument_version_id = version.id AND norm_set.state = 'in_force'
LEFT JOIN held ON true
"""


class Standing(NamedTuple):
    """What a screening is recorded under: the version, the norms in force, and the campaign, where they were found."""

    version_id: UUID | None
    version_state: str | None
    norm_set_id: UUID | None
    campaign_state: str | None
    campaign_county: str | None


async def get_standing(
    reading: Reading, caller: Caller, code: str, number: int, campaign_id: UUID | None
) -> Standing:
    """All that a recording has to know, in one round trip; the row scope is set, and the campaign kept as it is."""
    driver = await reading.driver()
    found = await driver.fetchrow(
        _STANDING, *row_scope(caller), code, number, campaign_id
    )
    return Standing(*(found or ())[:5])


def seen_by(caller: Caller) -> ColumnElement[bool]:
    """The screenings that the caller may read."""
    place = {
        "county": SCREENINGS.c.county_terc,
        "institution": SCREENINGS.c.institution_id,
    }
    return within(caller, Permission.READ_SCREENINGS, **place)


async def list_screenings(
    _reading: Reading, caller: Caller, query: ScreeningList
) -> tuple[Listing, Rows]:
    """The screenings that match and that the caller may see."""
    found = select(SCREENINGS).where(seen_by(caller))
    for name in _EQUAL:
        if (value := getattr(query, name)) is not None:
            found = found.where(SCREENINGS.c[name] == value)
    for name in _ONE_OF:
        if values := getattr(query, name):
            found = found.where(SCREENINGS.c[name].in_(values))
    if query.stage:
        found = found.where(SCREENINGS.c.stage == int(query.stage))
    if query.administered_from:
        found = found.where(SCREENINGS.c.administered_on >= query.administered_from)
    if query.administered_to:
        found = found.where(SCREENINGS.c.administered_on <= query.administered_to)
    return LISTING, found


async def _one(
    reading: Reading, caller: Caller, statement: Rows, screening_id: UUID
) -> Record:
    of_this = statement.where(SCREENINGS.c.id == screening_id, seen_by(caller))
    found = await reading.find(of_this)
    if found is None:
        raise ScreeningNotFound()
    return found


async def get_screening(
    reading: Reading, terms: AnswerTerms | None, caller: Caller, screening_id: UUID
) -> Answer:
    """One screening with its answers."""
    statement = select(
        json_object(WIRE | {"answers": SCREENINGS.c.answers}).label("body"),
        SCREENINGS.c.version,
    )
    row = await _one(reading, caller, statement, screening_id)
    return tagged(row.body, etag(screening_id, row.version), terms)


async def get_record(reading: Reading, caller: Caller, screening_id: UUID) -> Record:
    """The record of a screening that the caller may see."""
    return await _one(reading, caller, select(SCREENINGS), screening_id)


async def get_scored(reading: Reading, caller: Caller, screening_id: UUID) -> Record:
    """The record of a screening that has a result; ResultNotAvailable when it has none."""
    row = await get_record(reading, caller, screening_id)
    if row.result is None:
        raise ResultNotAvailable(state=row.state)
    return row


async def get_result(
    reading: Reading, terms: AnswerTerms, caller: Caller, screening_id: UUID
) -> Answer:
    """What a screening came to, and what it came to before it was scored again."""
    row = await get_scored(reading, caller, screening_id)
    plain = (
        "outcome",
        "age_months",
        "instrument_code",
        "instrument_version",
        "norm_set_id",
        "scored_at",
        "result",
    )
    wire = {
        "screening_id": SCREENINGS.c.id,
        "version": SCREENINGS.c.version,
        "state": SCREENINGS.c.state,
        "is_confirmed": _CONFIRMED,
        **{name: SCREENINGS.c[name] for name in plain},
        "replaced": func.coalesce(
            _EARLIER.where(
                REPLACED.c.screening_id == SCREENINGS.c.id
            ).scalar_subquery(),
            literal_column("'[]'::json"),
        ),
    }
    found = await _one(
        reading, caller, select(json_object(wire).label("body")), screening_id
    )
    return tagged(found.body, etag(screening_id, row.version), terms)


async def _told(
    reading: Reading, caller: Caller, screening_id: UUID
) -> tuple[Record, Plan, Result, Norms | None]:
    """A result with what is needed to tell of it."""
    row = await get_scored(reading, caller, screening_id)
    plan = await get_plan(
        reading, row.instrument_code, row.instrument_version, or_retired=True
    )
    norms = await get_norms(reading, row.norm_set_id) if row.norm_set_id else None
    return row, plan, result_of(row.result), norms


async def get_explanation(
    reading: Reading, caller: Caller, screening_id: UUID
) -> Answer:
    """The result in words and the way to it."""
    row, plan, result, norms = await _told(reading, caller, screening_id)
    sentences = {
        "pl": explain(plan, result, "pl", norms),
        "en": explain(plan, result, "en", norms),
    }
    way = trace(plan, result.form, row.answers)
    told = {"screening_id": str(screening_id), "sentences": sentences, "trace": way}
    return tagged(json.dumps(told, ensure_ascii=False), etag(screening_id, row.version))


async def _others(reading: Reading, caller: Caller, row: Record) -> Sequence[Record]:
    """The newest scored screening of the same subject and instrument by each other informant, in the same stage."""
    columns = SCREENINGS.c
    same = [columns[name].is_not_distinct_from(row._mapping[name]) for name in _SAME]
    counts = columns.state.in_([State.SCORED, State.CONFIRMED])
    found = (
        select(SCREENINGS)
        .ext(distinct_on(columns.informant))
        .where(seen_by(caller), counts, *same)
    )
    found = found.where(columns.informant != row.informant)
    newest = found.order_by(
        columns.informant, columns.administered_on.desc(), columns.id.desc()
    )
    return await reading.rows(newest)


async def get_comparison(
    reading: Reading, caller: Caller, screening_id: UUID
) -> Answer:
    """What every informant says of the subject, scale by scale."""
    row = await get_scored(reading, caller, screening_id)
    plan = await get_plan(
        reading, row.instrument_code, row.instrument_version, or_retired=True
    )
    rows, told = [row, *await _others(reading, caller, row)], []
    for one in rows:
        norms = await get_norms(reading, one.norm_set_id) if one.norm_set_id else None
        labels = {**plan.bands, **(norms.bands if norms else {})}
        told.append(comparisons.Told(one.informant, result_of(one.result), labels))
    facts = {
        name: row._mapping[name]
        for name in ("subject_ref", "instrument_code", "instrument_version")
    }
    facts |= {"screening_id": screening_id, "note": comparisons.NOTE._asdict()}
    facts |= {
        "informants": [_informant(one) for one in rows],
        "scales": comparisons.compared(plan, told),
    }
    return Answer(
        ComparisonRead.model_validate(facts).model_dump_json(),
        headers={"cache-control": "no-cache"},
    )


def _informant(row: Record) -> dict[str, Any]:
    shown = ("informant", "form_code", "administered_on", "state", "outcome")
    labels = {"label": comparisons.INFORMANTS[row.informant]._asdict()}
    labels["outcome_label"] = comparisons.outcome_label(Outcome(row.outcome))
    return (
        {name: row._mapping[name] for name in shown} | {"screening_id": row.id} | labels
    )


async def get_profile(
    reading: Reading,
    caller: Caller,
    screening_id: UUID,
    kind: Picture,
    language: Language,
) -> Answer:
    """The picture of a result, drawn by another process when the reading is closed."""
    row, plan, result, norms = await _told(reading, caller, screening_id)
    document = profile(
        plan, result, {**plan.bands, **(norms.bands if norms else {})}, language
    )
    headers = {
        "etag": f'"{screening_id}:{row.version}:{kind}:{language}"',
        "cache-control": "no-cache",
    }
    headers["content-language"] = language
    if kind is Picture.VEGA_LITE:
        return Answer(json.dumps(document, ensure_ascii=False), headers=headers)
    return Drawing(document, "png" if kind is Picture.PNG else "svg", headers)


async def lock_screening(
    reading: Reading, caller: Caller, screening_id: UUID
) -> Record:
    """The record of a screening that the caller may see, held until the transaction ends."""
    return await _one(
        reading, caller, select(SCREENINGS).with_for_update(), screening_id
    )


async def require_second_person(reading: Reading, caller: Caller, row: Record) -> None:
    """SecondPersonRequired when the caller alone would make this a confirmed positive, and the protocol forbids that.

    A result is brought about by who submitted the answers, and by who accepted the re-scoring that it comes of.
    """
    last = REPLACED.c.version.desc()
    scored = (
        select(REPLACED.c.replaced_by)
        .where(REPLACED.c.screening_id == row.id)
        .order_by(last)
        .limit(1)
    )
    if not needs_second_person(
        row.outcome, caller.subject, (row.submitted_by, await reading.scalar(scored))
    ):
        return
    if row.campaign_id is None or not await one_person_is_enough(
        reading, row.campaign_id
    ):
        raise SecondPersonRequired(
            permission=str(Permission.CONFIRM_SCREENINGS), missing=["another_person"]
        )


async def require_open_campaign(
    change: Change, campaign_id: UUID, place: FieldError
) -> Campaign:
    """The open campaign that a request names, kept open until the transaction ends; UnknownReference without it."""
    try:
        return await lock_open_campaign(change, campaign_id)
    except CampaignNotFound:
        raise UnknownReference(place) from None


async def find_by_external_id(
    reading: Reading, caller: Caller, county: str, source: str, external_id: str
) -> Record | None:
    """What the county has of that source and id, an annulled one too, as far as the caller may read it.

    It was recorded, and is not recorded again. Another county may have the same id, and nobody here learns of it.
    """
    columns = SCREENINGS.c
    known = (
        (columns.source == source)
        & (columns.external_id == external_id)
        & (columns.county_terc == county)
    )
    statement = select(SCREENINGS).where(known, seen_by(caller))
    return await reading.find(statement)
