"""Every question asked of the studies, of the screenings that they are of, and of what they came to."""

from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from uuid import UUID

from pydantic import BaseModel
from sqlalchemy import (
    ColumnElement,
    Text,
    and_,
    cast,
    func,
    literal,
    literal_column,
    select,
)

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import ListQuery
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import FieldError, StateConflict, UnknownReference
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.screening.campaign_releases.queries import (
    counties_as_sampled,
    get_released,
)
from services.screening.campaigns.rules.disclosure import FEW, threshold_of
from services.screening.instruments.rules.states import VersionState
from services.screening.problems import (
    StudyExportNotFound,
    StudyNotFound,
    StudyNotReady,
    StudyTooSmall,
)
from services.screening.studies import schemas as wire
from services.screening.studies.rules.kinds import (
    LEAST_SAMPLE,
    PLOT_SECTION,
    VERBS,
    ExportFile,
    Plot,
    Section,
    StudyState,
)
from services.screening.studies.schemas import StudyExportRead, StudyList, StudyRead
from services.screening.studies.statements import (
    CAMPAIGNS,
    CHANGED_BY_FEW,
    EXPORTS,
    FILES,
    INSTRUMENTS,
    RUNS,
    SCREENINGS,
    STATE,
    STUDIES,
    TOO_CLOSE,
    VERSIONS,
    criteria_of,
    of_study,
)

ROWS_AT_ONCE = 500
WIRE = {
    name: STATE if name == "state" else STUDIES.c[name]
    for name in StudyRead.model_fields
}
_SORTABLE = {name: STUDIES.c[name] for name in ("name", "created_at", "changed_at")}
_FILE_LIST = (
    select(
        func.json_agg(
            func.json_build_object(
                "name",
                FILES.c.name,
                "bytes",
                func.octet_length(FILES.c.content),
                "href",
                func.concat(
                    "/v1/screening/studies/",
                    EXPORTS.c.study_id,
                    "/exports/",
                    EXPORTS.c.id,
                    "/",
                    FILES.c.name,
                ),
            )
        )
    )
    .where(FILES.c.export_id == EXPORTS.c.id)
    .scalar_subquery()
)
EXPORT_WIRE = {
    name: _FILE_LIST if name == "files" else EXPORTS.c[name]
    for name in StudyExportRead.model_fields
}

SECTIONS: Mapping[Section, type[BaseModel]] = {
    Section.SAMPLING: wire.SamplingRead,
    Section.RELIABILITY: wire.ReliabilityRead,
    Section.ITEMS: wire.ItemsRead,
    Section.CRITERION: wire.CriterionRead,
    Section.AGREEMENT: wire.AgreementRead,
    Section.DIF: wire.DifRead,
}


async def list_studies(
    reading: Reading, terms: AnswerTerms, query: StudyList
) -> Answer:
    """A page of studies."""
    found: Rows = select(STUDIES)
    if query.instrument_code:
        found = found.where(STUDIES.c.instrument_code.in_(query.instrument_code))
    if query.campaign_id:
        found = found.where(STUDIES.c.campaign_id == query.campaign_id)
    if query.state:
        found = found.where(STATE.in_([state.value for state in query.state]))
    return await page(
        reading, terms, query, Listing(WIRE, _SORTABLE, "name", STUDIES.c.id), found
    )


async def get_study(
    reading: Reading, terms: AnswerTerms | None, study_id: UUID
) -> Answer:
    """One study. Its job may end without a new version of it, so a running one is always told anew."""
    statement = select(json_object(WIRE), STUDIES.c.version, STUDIES.c.state).where(
        STUDIES.c.id == study_id
    )
    found = await reading.find(statement)
    if found is None:
        raise StudyNotFound()
    return tagged(
        found[0],
        etag(study_id, found[1]),
        None if found[2] == StudyState.RUNNING else terms,
    )


async def get_study_record(reading: Reading, study_id: UUID) -> Record:
    """The record of a study, not held: what is computed of it for long must not make anybody wait."""
    found = await reading.find(select(STUDIES).where(STUDIES.c.id == study_id))
    if found is None:
        raise StudyNotFound()
    return found


async def lock_study(reading: Reading, study_id: UUID) -> Record:
    """The record of a study with the state that is shown, held until the transaction ends."""
    statement = (
        select(STUDIES, STATE.label("shown"))
        .where(STUDIES.c.id == study_id)
        .with_for_update(of=STUDIES)
    )
    found = await reading.find(statement)
    if found is None:
        raise StudyNotFound()
    return found


async def get_definition(reading: Reading, code: str, number: int) -> dict[str, Any]:
    """The definition of a published or retired version; UnknownReference without one."""
    joined = VERSIONS.join(INSTRUMENTS, VERSIONS.c.instrument_id == INSTRUMENTS.c.id)
    this = (
        (INSTRUMENTS.c.code == code)
        & (VERSIONS.c.number == number)
        & (VERSIONS.c.state != VersionState.DRAFT)
    )
    statement = select(VERSIONS.c.definition).select_from(joined).where(this)
    definition: dict[str, Any] | None = await reading.scalar(statement)
    if definition is None:
        raise UnknownReference(
            FieldError("pointer", "/instrument_version", "not_found")
        )
    return definition


async def require_campaign(reading: Reading, campaign_id: UUID) -> None:
    """UnknownReference unless there is such a campaign."""
    known: Rows = select(literal_column("1")).where(CAMPAIGNS.c.id == campaign_id)
    if await reading.scalar(known) is None:
        raise UnknownReference(FieldError("pointer", "/campaign_id", "not_found"))


async def list_children(reading: Reading, study: Record) -> list[UUID]:
    """The children of whom a study has screenings in its own form."""
    rows = SCREENINGS.c
    found = select(rows.subject_ref).where(
        of_study(study), rows.form_code == study.form_code
    )
    return [*await reading.scalars(found.distinct())]


async def sample_is_too_close(
    reading: Reading, study: Record, children: Sequence[UUID]
) -> bool:
    """Whether results of these children would, beside those of earlier studies, tell of few."""
    values = {"study_id": study.id, "children": [*children], "few": FEW}
    return bool(await reading.scalar(TOO_CLOSE, values))


async def records_have_changed_by_few(
    reading: Reading, study: Record, digests: Mapping[UUID, int]
) -> bool:
    """Whether few of these children are recorded otherwise than when a study asked for the same."""
    values = {
        "study_id": study.id,
        "children": [*digests],
        "digests": [*digests.values()],
        "few": FEW,
    }
    return bool(await reading.scalar(CHANGED_BY_FEW, values))


async def get_frame(reading: Reading, study: Record) -> dict[str, Any]:
    """What a sample is held against: what was told before of its counties, and what is told of its campaign to all."""
    told: dict[str, list[Any]] = {}
    for county in await _list_told_counties(reading, study):
        told.setdefault(county["county_terc"], []).append(county)
    if study.campaign_id is None:
        return {"counties": study.counties, "told": told}
    campaign, numbers = await get_released(reading, study.campaign_id)
    published = counties_as_sampled(numbers)
    for county in published:
        told.setdefault(county["county_terc"], []).append(county)
    return {
        "edges": campaign.age_bands,
        "small_cell": threshold_of(campaign.small_cell),
        "population": {
            county["county_terc"]: county["subjects"] for county in published
        },
        "counties": study.counties or numbers.frame.counties,
        "told": told,
    }


async def _list_told_counties(reading: Reading, study: Record) -> list[dict[str, Any]]:
    """What earlier runs over the same records told of counties."""
    counties = func.jsonb_array_elements(
        RUNS.c.results["sections"]["sampling"]["counties"]
    )
    joined = RUNS.join(STUDIES, RUNS.c.study_id == STUDIES.c.id)
    same = [
        STUDIES.c[name] == getattr(study, name)
        for name in ("instrument_code", "instrument_version")
    ]
    found = select(counties).select_from(joined).where(*same)
    return [*await reading.scalars(found)]


async def stream_screenings(
    reading: Reading, study: Record
) -> AsyncIterator[list[str]]:
    """The screenings of a study by day, as JSON texts, some at a time."""
    rows, criterion = SCREENINGS.c, criteria_of(study)
    shown = {
        "subject": rows.subject_ref,
        "form": rows.form_code,
        "informant": rows.informant,
        "on": rows.administered_on,
        "county": rows.county_terc,
        "sex": rows.sex,
        "age": rows.age_months,
        "answers": rows.answers,
        "result": rows.result,
        "outcome": rows.outcome,
        "criterion": criterion.c.outcome,
    }
    pairs: list[Any] = [
        part for name, value in shown.items() for part in (literal(name, Text), value)
    ]
    statement = (
        select(cast(func.json_build_object(*pairs), Text))
        .select_from(
            SCREENINGS.outerjoin(criterion, criterion.c.subject_ref == rows.subject_ref)
        )
        .where(of_study(study))
        .order_by(rows.administered_on, rows.id)
    )
    found = await (await reading.connection()).stream(statement)
    async for part in found.scalars().partitions(ROWS_AT_ONCE):
        yield list(part)


async def get_run(
    reading: Reading, study_id: UUID, wanted: ColumnElement[Any]
) -> Record:
    """A part of a ready study's newest run. StudyNotReady says what is missing before there is one."""
    newest = STUDIES.outerjoin(
        RUNS,
        and_(RUNS.c.study_id == STUDIES.c.id, RUNS.c.number == STUDIES.c.run_number),
    )
    parts = (
        *STUDIES.c,
        STATE.label("shown"),
        RUNS.c.finished_at,
        RUNS.c.n.label("children"),
        wanted.label("wanted"),
    )
    statement = select(*parts).select_from(newest).where(STUDIES.c.id == study_id)
    found = await reading.find(statement)
    if found is None:
        raise StudyNotFound()
    state = StudyState(found.shown)
    if state != StudyState.READY:
        raise StudyNotReady(state=state, allowed=VERBS[state], missing=["run"])
    return found


async def _find_section(
    reading: Reading, study_id: UUID, section: Section
) -> tuple[Record, dict[str, Any]]:
    """The study and a section of its results; StudyTooSmall with the reason when it was refused."""
    found = await get_run(reading, study_id, RUNS.c.results["sections"][section.value])
    if found.wanted is None:  # it was run before there was such a section
        raise StudyNotReady(
            state=found.shown, allowed=VERBS[StudyState.READY], missing=["run"]
        )
    results: dict[str, Any] = dict(found.wanted)
    if results.pop("status") == "refused":
        raise StudyTooSmall(
            section=section, reason=results["reason"], needed=results["needed"]
        )
    return found, results


async def get_section(
    reading: Reading, terms: AnswerTerms, study_id: UUID, section: Section
) -> Answer:
    """A section of a ready study's newest results."""
    found, results = await _find_section(reading, study_id, section)
    told = {**found._mapping, "study_id": study_id, "n": found.children} | results
    body = SECTIONS[section].model_validate(told).model_dump_json()
    return tagged(body, etag(f"{study_id}-{section}", found.run_number), terms)


async def get_plot(reading: Reading, study_id: UUID, plot: Plot) -> dict[str, Any]:
    """The Vega-Lite document of a plot; StudyTooSmall with the reason when its section was refused."""
    section = PLOT_SECTION[plot]
    if section is not None:
        await _find_section(reading, study_id, section)
    found = await get_run(reading, study_id, RUNS.c.results["plots"][plot.value])
    if found.wanted is None:
        raise StudyTooSmall(
            section=section,
            reason=(section and "raw_scores") or "ages",
            needed=LEAST_SAMPLE,
        )
    document: dict[str, Any] = found.wanted
    return document


def require_ready(study: Record, verb: str) -> None:
    """StateConflict unless the study's state allows this."""
    state = StudyState(study.shown)
    if verb not in VERBS[state]:
        raise StateConflict(state=state, allowed=VERBS[state])


async def list_exports(
    reading: Reading, terms: AnswerTerms, study_id: UUID, query: ListQuery
) -> Answer:
    """A page of a study's exports, the newest first."""
    known: Rows = select(literal_column("1")).where(STUDIES.c.id == study_id)
    if await reading.scalar(known) is None:
        raise StudyNotFound()
    found: Rows = select(EXPORTS).where(EXPORTS.c.study_id == study_id)
    listing = Listing(
        EXPORT_WIRE,
        {"exported_at": EXPORTS.c.exported_at},
        "-exported_at",
        EXPORTS.c.id,
    )
    return await page(reading, terms, query, listing, found)


async def get_export_file(
    reading: Reading, study_id: UUID, export_id: UUID, name: ExportFile
) -> bytes:
    """The content of one file."""
    statement = (
        select(FILES.c.content)
        .join(EXPORTS, EXPORTS.c.id == FILES.c.export_id)
        .where(
            EXPORTS.c.id == export_id,
            EXPORTS.c.study_id == study_id,
            FILES.c.name == name.value,
        )
    )
    content: bytes | None = await reading.scalar(statement)
    if content is None:
        raise StudyExportNotFound()
    return content
