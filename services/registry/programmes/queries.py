"""Every question asked of the programmes, their sites and the decisions on scope."""

from collections.abc import Sequence
from datetime import date
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Numeric,
    String,
    and_,
    case,
    cast,
    func,
    literal_column,
    select,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.listing import Listing, ListQuery, json_object
from services.chassis.paging import page
from services.chassis.problems import FieldError, Problem, UnknownReference
from services.chassis.tables import rows_of
from services.chassis.work import Reading, Record, Rows
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import works_on
from services.registry.institutions.rules.kinds import Sector
from services.registry.problems import (
    ProcessRunNotFound,
    ProgrammeNotFound,
    ScopeDecisionNotFound,
    SiteNotFound,
)
from services.registry.processes.models import Process, ProcessStep
from services.registry.processes.queries import (
    label_of,
    list_steps_of_runs,
    state_of_run,
)
from services.registry.programmes.models import Programme, ScopeDecision, Site
from services.registry.programmes.rules.sites import SiteLevel, SiteStatus
from services.registry.programmes.schemas import (
    BoardQuery,
    ProgrammeRead,
    ScopeDecisionRead,
    SiteCounty,
    SiteList,
    SiteRead,
)
from services.registry.support_services.models import SupportService
from services.registry.support_services.queries import is_offered
from services.registry.territories.models import TerritorialUnit

PROGRAMMES: FromClause = rows_of(Programme)
SITES: FromClause = rows_of(Site)
DECISIONS: FromClause = rows_of(ScopeDecision)
_STEPS: FromClause = rows_of(ProcessStep)
_PROCESSES: FromClause = rows_of(Process)
_INSTITUTIONS: FromClause = rows_of(Institution)
_SERVICES: FromClause = rows_of(SupportService)
_COUNTIES: FromClause = rows_of(TerritorialUnit).alias("counties")

PROGRAMME_WIRE: dict[str, ColumnElement[Any]] = {
    name: label_of(PROGRAMMES) if name == "label" else PROGRAMMES.c[name]
    for name in ProgrammeRead.model_fields
}
SITE_WIRE: dict[str, ColumnElement[Any]] = {
    name: state_of_run(SITES.c.run_id) if name == "step" else SITES.c[name]
    for name in SiteRead.model_fields
}
_VALID = and_(
    DECISIONS.c.superseded_at.is_(None),
    DECISIONS.c.signed_by_coalition.is_not(None),
    DECISIONS.c.signed_by_project.is_not(None),
)
DECISION_WIRE: dict[str, ColumnElement[Any]] = {
    name: _VALID if name == "is_valid" else DECISIONS.c[name]
    for name in ScopeDecisionRead.model_fields
}
_TAKING_PART = SITES.c.status != SiteStatus.WITHDRAWN


async def _one(reading: Reading, statement: Rows, missing: type[Problem]) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return found


async def list_programmes(
    reading: Reading, terms: AnswerTerms, query: ListQuery
) -> Answer:
    """A page of programmes."""
    listing = Listing(
        PROGRAMME_WIRE, {"code": PROGRAMMES.c.code}, "code", PROGRAMMES.c.code
    )
    return await page(reading, terms, query, listing, select(PROGRAMMES))


async def get_programme(
    reading: Reading, terms: AnswerTerms | None, code: str
) -> Answer:
    """One programme."""
    statement = select(json_object(PROGRAMME_WIRE), PROGRAMMES.c.version).where(
        PROGRAMMES.c.code == code
    )
    found = await _one(reading, statement, ProgrammeNotFound)
    return tagged(found[0], etag(code.lower(), found[1]), terms)


async def get_programme_facts(reading: Reading, code: str) -> Record:
    """The record of a programme."""
    return await _one(
        reading, select(PROGRAMMES).where(PROGRAMMES.c.code == code), ProgrammeNotFound
    )


async def lock_programme(reading: Reading, code: str) -> Record:
    """The record of a programme, held until the transaction ends."""
    return await _one(
        reading,
        select(PROGRAMMES).where(PROGRAMMES.c.code == code).with_for_update(),
        ProgrammeNotFound,
    )


async def require_process(reading: Reading, code: str) -> None:
    """UnknownReference unless there is such a process."""
    known: Rows = select(literal_column("1")).where(_PROCESSES.c.code == code)
    if await reading.scalar(known) is None:
        raise UnknownReference(FieldError("pointer", "/process_code", "not_found"))


def _chosen(code: str, query: SiteList | BoardQuery) -> list[ColumnElement[bool]]:
    """The filters that lists and boards share."""
    wanted = [SITES.c.programme_code == code]
    if query.county_terc:
        wanted.append(SITES.c.county_terc.in_(query.county_terc))
    if query.status:
        wanted.append(SITES.c.status.in_([status.value for status in query.status]))
    return wanted


async def list_sites(
    reading: Reading, code: str, query: SiteList
) -> tuple[Listing, Rows]:
    """What a list or an export of a programme's sites shows, and of which rows."""
    await get_programme_facts(reading, code)
    found: Rows = select(SITES).where(*_chosen(code, query))
    if query.implementer:
        found = found.where(SITES.c.implementer.in_(query.implementer))
    sortable = {
        name: SITES.c[name] for name in ("name", "county_terc", "status", "changed_at")
    }
    return Listing(SITE_WIRE, sortable, "name", SITES.c.id), found


def _county(today: date) -> ColumnElement[Any]:
    """What the county of a site is like, from the registry's own records."""
    teaching = _INSTITUTIONS.alias("teaching")
    schools: Any = select(func.count()).where(
        teaching.c.county_terc == SITES.c.county_terc,
        teaching.c.sector == Sector.EDUCATION,
        works_on(teaching, today),
    )
    providers: Any = (
        select(func.count(func.distinct(_SERVICES.c.institution_id)))
        .select_from(
            _SERVICES.join(
                _INSTITUTIONS, _SERVICES.c.institution_id == _INSTITUTIONS.c.id
            )
        )
        .where(_SERVICES.c.county_terc == SITES.c.county_terc, is_offered(today))
    )
    share = func.round(
        cast(_COUNTIES.c.urban_population, Numeric)
        / func.nullif(_COUNTIES.c.population, 0),
        4,
    )
    computed = {
        "urbanisation": share,
        "education_institutions": schools.correlate(SITES).scalar_subquery(),
        "support_providers": providers.correlate(SITES).scalar_subquery(),
    }
    shown = {
        name: computed[name] if name in computed else _COUNTIES.c[name]
        for name in SiteCounty.model_fields
    }
    return func.json_build_object(
        *[part for name in shown for part in (cast(name, String), shown[name])]
    )


async def get_site(reading: Reading, site_id: UUID, today: date) -> Answer:
    """One site with its county. Its ETag says which version a change must have seen, never that nothing is new."""
    statement = (
        select(json_object(SITE_WIRE | {"county": _county(today)}), SITES.c.version)
        .select_from(SITES.join(_COUNTIES, _COUNTIES.c.terc == SITES.c.county_terc))
        .where(SITES.c.id == site_id)
    )
    found = await _one(reading, statement, SiteNotFound)
    return tagged(found[0], etag(site_id, found[1]))


_OF_PROGRAMME = (
    "needs_agreement",
    "needs_coordinator",
    "animators_per_site",
    "spheres",
    "starts_on",
    "ends_on",
)
_WITH_PROGRAMME = [
    *SITES.c,
    *[PROGRAMMES.c[name].label(f"programme_{name}") for name in _OF_PROGRAMME],
]


async def get_site_facts(reading: Reading, site_id: UUID) -> Record:
    """The record of a site."""
    return await _one(reading, select(SITES).where(SITES.c.id == site_id), SiteNotFound)


async def lock_site(reading: Reading, site_id: UUID) -> Record:
    """The record of a site, held until the transaction ends, with what its programme says (`programme_…`)."""
    joined = SITES.join(PROGRAMMES, PROGRAMMES.c.code == SITES.c.programme_code)
    statement: Rows = (
        select(*_WITH_PROGRAMME).select_from(joined).where(SITES.c.id == site_id)
    )
    return await _one(reading, statement.with_for_update(of=SITES), SiteNotFound)


async def list_decisions(
    reading: Reading, terms: AnswerTerms, site_id: UUID, query: ListQuery
) -> Answer:
    """A page of a site's decisions on scope, the newest first."""
    await get_site_facts(reading, site_id)
    listing = Listing(
        DECISION_WIRE,
        {"decided_on": DECISIONS.c.decided_on},
        "-decided_on",
        DECISIONS.c.id,
    )
    return await page(
        reading,
        terms,
        query,
        listing,
        select(DECISIONS).where(DECISIONS.c.site_id == site_id),
    )


async def lock_decision(reading: Reading, site_id: UUID, decision_id: UUID) -> Record:
    """One decision of a site, held until the transaction ends."""
    of_this = and_(DECISIONS.c.id == decision_id, DECISIONS.c.site_id == site_id)
    return await _one(
        reading,
        select(DECISIONS).where(of_this).with_for_update(),
        ScopeDecisionNotFound,
    )


async def find_current_decision(reading: Reading, site_id: UUID) -> Record | None:
    """The decision that no other supersedes."""
    current = select(DECISIONS).where(
        DECISIONS.c.site_id == site_id, DECISIONS.c.superseded_at.is_(None)
    )
    return await reading.find(current)


async def get_board(reading: Reading, code: str, query: BoardQuery) -> dict[str, Any]:
    """A programme, the steps of its process, and its sites with how every step stands there."""
    programme = await get_programme_facts(reading, code)
    if programme.process_code is None:
        raise ProcessRunNotFound()
    cells = list_steps_of_runs(programme.process_code).subquery("cells")
    shown = [
        SITES.c[name] for name in ("id", "name", "county_terc", "implementer", "status")
    ]
    pairs = [
        part
        for name in ("step", "status", "done_on")
        for part in (cast(name, String), cells.c[name])
    ]
    in_order = aggregate_order_by(
        func.json_build_object(*pairs), cells.c.position, cells.c.step
    )
    wanted = (
        _chosen(code, query) if query.status else [*_chosen(code, query), _TAKING_PART]
    )
    sites = (
        select(
            *shown,
            func.json_agg(in_order).label("cells"),
            func.count().over().label("in_all"),
        )
        .select_from(SITES.join(cells, cells.c.run_id == SITES.c.run_id))
        .where(*wanted)
        .group_by(*shown)
        .order_by(SITES.c.name, SITES.c.id)
        .limit(query.limit)
    )
    found = await reading.rows(sites)
    return {
        "programme_code": code,
        "label": {"pl": programme.name_pl, "en": programme.name_en},
        "steps": await list_step_labels(reading, programme.process_code),
        "sites_in_all": found[0].in_all if found else 0,
        "sites": [dict(row._mapping) for row in found],
    }


async def list_step_labels(
    reading: Reading, process_code: str
) -> Sequence[dict[str, Any]]:
    """Code, place and name of the steps of a process, in their order."""
    statement = (
        select(_STEPS.c.code, _STEPS.c.position, label_of(_STEPS).label("label"))
        .where(_STEPS.c.process_code == process_code)
        .order_by(_STEPS.c.position, _STEPS.c.code)
    )
    return [dict(row._mapping) for row in await reading.rows(statement)]


def _counted(*by: ColumnElement[Any]) -> Rows:
    counts = (
        func.count().label("sites"),
        func.count(func.distinct(SITES.c.county_terc)).label("distinct_counties"),
    )
    return select(*by, *counts).group_by(*by).order_by(*by)


async def get_statistics(reading: Reading, code: str) -> dict[str, Any]:
    """A programme in numbers; counties are counted each once."""
    programme = await get_programme_facts(reading, code)
    of_this = SITES.c.programme_code == code
    locations = (
        func.count().filter(SITES.c.site_level == SiteLevel.LOCATION).label("locations")
    )
    whole = await reading.one(
        _counted().add_columns(locations).where(of_this, _TAKING_PART)
    )
    by_status = await reading.rows(_counted(SITES.c.status).where(of_this))
    by_implementer = await reading.rows(
        _counted(SITES.c.implementer).where(of_this, _TAKING_PART)
    )
    return {
        "programme_code": code,
        "planned_sites": programme.planned_sites,
        **whole._mapping,
        "by_status": [row._mapping for row in by_status],
        "by_implementer": [row._mapping for row in by_implementer],
        "steps": await _list_reached(reading, code, programme.process_code)
        if programme.process_code
        else [],
    }


async def _list_reached(
    reading: Reading, code: str, process_code: str
) -> Sequence[dict[str, Any]]:
    """How many sites did or skipped each step of the process."""
    cells = list_steps_of_runs(process_code).subquery("cells")
    counts = [
        func.count(case((cells.c.status == status, 1))).label(status)
        for status in ("done", "skipped")
    ]
    statement = (
        select(cells.c.step, *counts)
        .select_from(SITES.join(cells, cells.c.run_id == SITES.c.run_id))
        .where(SITES.c.programme_code == code, _TAKING_PART)
        .group_by(cells.c.step)
    )
    reached = {row.step: row for row in await reading.rows(statement)}
    steps = await list_step_labels(reading, process_code)
    return [
        step
        | {
            name: getattr(reached.get(step["code"]), name, 0)
            for name in ("done", "skipped")
        }
        for step in steps
    ]
