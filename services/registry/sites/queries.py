"""Every question asked of the sites."""

from datetime import date
from typing import Any, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    String,
    cast,
    exists,
    func,
    or_,
    select,
)

from services.chassis.data.tables import rows_of
from services.chassis.data.wire import stored_columns
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.expanding import Expansion
from services.chassis.web.filters import Filter, Filtered, narrowed
from services.chassis.web.listing import Listed
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.registry.institutions.models import Institution
from services.registry.institutions.queries import works_on
from services.registry.institutions.rules.kinds import Sector
from services.registry.permissions import Permission
from services.registry.problems import ProcessRunNotFound, SiteNotFound
from services.registry.processes.queries import state_of_run
from services.registry.programmes.queries import PROGRAMMES, get_programme_facts
from services.registry.programmes.rules import SiteLevel
from services.registry.sites.models import Site
from services.registry.sites.schemas import SiteCounty, SiteList, SiteRead
from services.registry.support_services.models import SupportService
from services.registry.support_services.queries import is_offered
from services.registry.territories.models import TerritorialUnit
from services.registry.territories.queries import urbanisation_of

SITES: FromClause = rows_of(Site)
_INSTITUTIONS: FromClause = rows_of(Institution)
_SERVICES: FromClause = rows_of(SupportService)
_COUNTIES: FromClause = rows_of(TerritorialUnit).alias("counties")

_WIRE: dict[str, ColumnElement[Any]] = {
    name: state_of_run(SITES.c.run_id) if name == "step" else SITES.c[name]
    for name in SiteRead.model_fields
}
_LISTING = Listing(
    _WIRE,
    {name: SITES.c[name] for name in ("county_terc", "status", "changed_at")}
    | {"name": in_polish_order(SITES.c.name)},
    "name",
    SITES.c.id,
)
_FILTERS = ("county_terc", "status", "implementer")
_LIST = Filtered(
    _LISTING,
    SITES,
    {name: Filter(SITES.c[name]) for name in ("programme_code", *_FILTERS)},
)


REFERRED = Expansion(
    "site_id",
    Permission.READ_PROGRAMMES,
    _LISTING,
    # Every caller with the permission may read all sites.
    lambda _: select(SITES),
)
"""Replaces a reference to a site by the site itself (`expand`)."""


async def list_sites(reading: Reading, programme_code: str, query: SiteList) -> Listed:
    """The sites of a programme that a list or a file shows."""
    await get_programme_facts(reading, programme_code)
    values = {name: getattr(query, name) for name in _FILTERS}
    return narrowed(_LIST, values | {"programme_code": programme_code})


def _count_schools(today: date) -> ColumnElement[int]:
    """The number of institutions of education that work in the county of a site."""
    schools = _INSTITUTIONS.alias("schools")
    statement = select(func.count()).where(
        schools.c.county_terc == SITES.c.county_terc,
        schools.c.sector == Sector.EDUCATION,
        works_on(schools, today),
    )
    return statement.correlate(SITES).scalar_subquery()


def _count_providers(today: date) -> ColumnElement[int]:
    """The number of institutions that offer a support service in the county of a site."""
    hosted = _SERVICES.join(
        _INSTITUTIONS, _SERVICES.c.institution_id == _INSTITUTIONS.c.id
    )
    statement = (
        select(func.count(func.distinct(_SERVICES.c.institution_id)))
        .select_from(hosted)
        .where(_SERVICES.c.county_terc == SITES.c.county_terc, is_offered(today))
    )
    return statement.correlate(SITES).scalar_subquery()


def _county(today: date) -> ColumnElement[Any]:
    """Figures of the county of a site, from the registry's own records, as
    a JSON object.
    """
    computed: dict[str, ColumnElement[Any]] = {
        "urbanisation": urbanisation_of(_COUNTIES),
        "education_institutions": _count_schools(today),
        "support_providers": _count_providers(today),
    }
    pairs = [
        part
        for name in SiteCounty.model_fields
        for part in (
            cast(name, String),
            computed[name] if name in computed else _COUNTIES.c[name],
        )
    ]
    return func.json_build_object(*pairs)


async def get_site(reading: Reading, site_id: UUID, today: date) -> Stored:
    """One site with its county.

    Its version only counts changes of the site: the figures of the county
    change without it.
    """
    wire = _WIRE | {"county": _county(today)}
    statement = (
        select(*stored_columns(wire, SITES.c.id, SITES.c.version))
        # No outer join: the county of a site is checked when it is created, and no unit
        # of the territory is ever deleted.
        .select_from(SITES.join(_COUNTIES, _COUNTIES.c.terc == SITES.c.county_terc))
        .where(SITES.c.id == site_id)
    )
    return await reading.stored(statement, SiteNotFound)


async def require_site(reading: Reading, site_id: UUID) -> None:
    """SiteNotFound unless there is such a site."""
    await reading.one(select(SITES.c.id).where(SITES.c.id == site_id), SiteNotFound)


async def get_run_id(reading: Reading, site_id: UUID) -> UUID:
    """The run of a site; ProcessRunNotFound where its programme has no process."""
    statement = select(SITES.c.run_id).where(SITES.c.id == site_id)
    run_id: UUID | None = (await reading.one(statement, SiteNotFound))[0]
    if run_id is None:
        raise ProcessRunNotFound()
    return run_id


class LockedSite(NamedTuple):
    """A locked site, with facts of its programme (`programme_…`)."""

    id: UUID
    version: int
    programme_code: str
    site_level: str
    county_terc: str
    commune_terc: str | None
    status: str
    agreement_id: UUID | None
    run_id: UUID | None
    started_on: date | None
    ended_on: date | None
    programme_needs_agreement: bool
    programme_needs_coordinator: bool
    programme_animators_per_site: int | None
    programme_spheres: list[int]
    programme_starts_on: date | None
    programme_ends_on: date | None


_LOCKED = [
    SITES.c[name] if name in SITES.c else PROGRAMMES.c[name.removeprefix("programme_")]
    for name in LockedSite._fields
]


async def lock_site(change: Change, site_id: UUID) -> LockedSite:
    """A site, locked until the transaction ends; its programme is not."""
    joined = SITES.join(PROGRAMMES, PROGRAMMES.c.code == SITES.c.programme_code)
    statement: Rows = select(*_LOCKED).select_from(joined).where(SITES.c.id == site_id)
    return LockedSite(
        # Only the site: with a lock on its programme, all sites of it
        # would have to wait.
        *await change.one(statement.with_for_update(of=SITES), SiteNotFound)
    )


async def another_is_of_that_time(
    reading: Reading, site: dict[str, Any], first: date, last: date
) -> bool:
    """Whether another site of the same place took part between those days.

    A county takes part once with each implementer, a commune once; several locations
    may share a county.
    """
    names = {
        SiteLevel.COUNTY: ("programme_code", "county_terc", "implementer"),
        SiteLevel.COMMUNE: ("programme_code", "commune_terc"),
    }.get(site["site_level"])
    if names is None:
        return False
    since = func.coalesce(SITES.c.signed_on, SITES.c.started_on)
    # A candidate has no day yet, so it overlaps with no other site.
    is_same_place = [SITES.c[name] == site[name] for name in names]
    statement = select(
        exists().where(
            *is_same_place,
            since <= last,
            or_(SITES.c.ended_on.is_(None), SITES.c.ended_on >= first),
        )
    )
    return bool(await reading.scalar(statement))
