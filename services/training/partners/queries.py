"""Every query of partners."""

from datetime import date
from uuid import UUID

from sqlalchemy import ColumnElement, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Change, Reading, Rows, Stored
from services.chassis.web.listing import ItemPage, Listed, ListTerms, page_of
from services.chassis.web.pages import Listing
from services.chassis.web.polish import in_polish_order
from services.training.partners.models import Partner, PartnerProject
from services.training.partners.rules import (
    Candidate,
    PartnerState,
    Project,
    experience_months,
    missing_to_accept,
)
from services.training.partners.schemas import (
    PartnerEntry,
    PartnerList,
    PartnerProjectWire,
    PartnerRead,
)
from services.training.problems import PartnerNotFound
from services.training.programmes.queries import PROGRAMMES

PARTNERS = rows_of(Partner)
_PROJECTS = rows_of(PartnerProject)
_OF_PROGRAMMES = PARTNERS.join(PROGRAMMES, PROGRAMMES.c.id == PARTNERS.c.programme_id)
_WIRE = {
    name: PROGRAMMES.c.code if name == "programme" else PARTNERS.c[name]
    for name in PartnerEntry.model_fields
}
_LISTING = Listing(
    _WIRE, {"name": in_polish_order(PARTNERS.c.name)}, "name", PARTNERS.c.id
)
_PROJECT = [_PROJECTS.c[name] for name in PartnerProjectWire.model_fields]


async def list_partners(
    reading: Reading, terms: ListTerms, query: PartnerList
) -> ItemPage:
    """A page of partners and candidates."""
    partners: Rows = select(_OF_PROGRAMMES)
    if query.programme:
        partners = partners.where(PROGRAMMES.c.code.in_(query.programme))
    if query.state:
        partners = partners.where(PARTNERS.c.state.in_(query.state))
    return await page_of(reading, terms, query, Listed(_LISTING, partners))


async def get_partner(reading: Reading, partner_id: UUID, today: date) -> PartnerRead:
    """One partner or candidate with projects, experience and needs on a day."""
    columns: dict[str, ColumnElement[object]] = {**_WIRE}
    statement: Rows = select(*[each.label(name) for name, each in columns.items()])
    statement = statement.select_from(_OF_PROGRAMMES).where(PARTNERS.c.id == partner_id)
    facts = dict((await reading.one(statement, PartnerNotFound))._mapping)
    projects = await list_projects(reading, partner_id)
    # After the acceptance, experience is counted up to that day.
    months = months_of(projects, facts["accepted_on"] or today)
    missing = missing_to_accept(
        Candidate(*[facts[n] for n in Candidate._fields]), months
    )
    return PartnerRead(
        **facts, projects=projects, experience_months=months, missing=missing
    )


async def list_projects(reading: Reading, partner_id: UUID) -> list[PartnerProjectWire]:
    """The projects of a partner or candidate, in the order of the request."""
    of_partner = _PROJECTS.c.partner_id == partner_id
    # The order in which they were sent.
    statement = select(*_PROJECT).where(of_partner).order_by(_PROJECTS.c.number)
    rows = await reading.rows(statement)
    return [PartnerProjectWire.model_validate(dict(row._mapping)) for row in rows]


def projects_of(projects: list[PartnerProjectWire]) -> list[Project]:
    """Projects as values of the rules."""
    return [Project(**each.model_dump(include={*Project._fields})) for each in projects]


def months_of(projects: list[PartnerProjectWire], today: date) -> int:
    """The months of experience from these projects, up to a day."""
    return experience_months(projects_of(projects), today)


async def lock_partner(change: Change, partner_id: UUID) -> Partner:
    """A partner or candidate, locked until the transaction ends."""
    statement = select(PARTNERS).where(PARTNERS.c.id == partner_id).with_for_update()
    return await change.instance(Partner, statement, PartnerNotFound)


async def find_partner(
    reading: Reading, partner_id: UUID, programme_id: UUID
) -> Partner | None:
    """A partner or candidate of a programme; None where there is none."""
    # A partner of another programme is not found.
    of_programme = PARTNERS.c.programme_id == programme_id
    statement = select(PARTNERS).where(PARTNERS.c.id == partner_id, of_programme)
    row = await reading.find(statement)
    return None if row is None else Partner(**row._mapping)


async def programme_has_partner(reading: Reading, programme_id: UUID) -> bool:
    """Whether a programme has an accepted partner."""
    of_programme = PARTNERS.c.programme_id == programme_id
    # Candidates do not count: only a partner's review is required.
    is_accepted = PARTNERS.c.state == PartnerState.ACCEPTED
    statement = select(PARTNERS.c.id).where(of_programme, is_accepted).limit(1)
    return await reading.find(statement) is not None


def shown(partner: PartnerRead) -> Stored:
    """The answer of a partner."""
    return Stored(partner.id, partner.version, partner.model_dump_json())
