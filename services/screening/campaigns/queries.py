"""Every question asked of campaigns."""

from collections.abc import Collection, Sequence
from datetime import timedelta
from typing import Any
from uuid import UUID

from sqlalchemy import (
    ARRAY,
    JSON,
    ColumnElement,
    Date,
    FromClause,
    Integer,
    Text,
    bindparam,
    cast,
    func,
    literal_column,
    select,
)

from services.chassis.access import within
from services.chassis.answers import Answer, AnswerTerms, etag, tagged
from services.chassis.callers import Caller
from services.chassis.listing import ListQuery
from services.chassis.pages import Listing
from services.chassis.paging import page
from services.chassis.problems import Problem, StateConflict
from services.chassis.tables import JOBS, rows_of
from services.chassis.wire import json_object
from services.chassis.work import Reading, Record, Rows
from services.screening.campaigns import schemas as wire
from services.screening.campaigns.models import (
    Campaign,
    CampaignCount,
    CampaignImplementer,
    CampaignSelection,
    CampaignSubject,
    CampaignTarget,
)
from services.screening.campaigns.rules.counted import OUTCOMES, RollUp
from services.screening.campaigns.rules.life import (
    RELEASE,
    CampaignState,
    allowed_verbs,
)
from services.screening.campaigns.rules.telling import FEW
from services.screening.instruments.rules.outcomes import Outcome
from services.screening.permissions import Permission
from services.screening.problems import CampaignNotFound, SelectionNotFound
from services.screening.protocols.queries import VERSIONS
from services.screening.protocols.rules.selection import Candidate

CAMPAIGNS: FromClause = rows_of(Campaign)
IMPLEMENTERS: FromClause = rows_of(CampaignImplementer)
TARGETS: FromClause = rows_of(CampaignTarget)
SUBJECTS: FromClause = rows_of(CampaignSubject)
COUNTS: FromClause = rows_of(CampaignCount)
SELECTIONS: FromClause = rows_of(CampaignSelection)

_DAYS = [cast(CAMPAIGNS.c.plan[stage]["days"].astext, Integer) for stage in ("1", "2")]
_DUE_ONE = cast(CAMPAIGNS.c.opened_on + _DAYS[0], Date)
_DUE_TWO = cast(CAMPAIGNS.c.opened_on + _DAYS[0] + _DAYS[1], Date)
_SHOWN = {
    "label": func.json_build_object(
        "pl", CAMPAIGNS.c.name_pl, "en", CAMPAIGNS.c.name_en
    ),
    "stage_one_due_on": _DUE_ONE,
    "stage_two_due_on": _DUE_TWO,
    "small_cell": func.greatest(CAMPAIGNS.c.small_cell, FEW),
}
WIRE: dict[str, ColumnElement[Any]] = {
    name: _SHOWN[name] if name in _SHOWN else CAMPAIGNS.c[name]
    for name in wire.CampaignRead.model_fields
}
IMPLEMENTER_WIRE = {
    name: IMPLEMENTERS.c[name] for name in wire.ImplementerRead.model_fields
}
SELECTION_WIRE = {name: SELECTIONS.c[name] for name in wire.SelectionRead.model_fields}
_SORTABLE = {name: CAMPAIGNS.c[name] for name in ("name_pl", "changed_at", "state")}
_LISTING = Listing(WIRE, _SORTABLE, "-changed_at", CAMPAIGNS.c.id)
_IMPLEMENTERS = Listing(
    IMPLEMENTER_WIRE, {"code": IMPLEMENTERS.c.code}, "code", IMPLEMENTERS.c.code
)
_SELECTIONS = Listing(
    SELECTION_WIRE,
    {"created_at": SELECTIONS.c.created_at},
    "-created_at",
    SELECTIONS.c.id,
)
_DUE = (
    CAMPAIGNS.c.opened_on,
    _DUE_ONE.label("stage_one_due_on"),
    _DUE_TWO.label("stage_two_due_on"),
)


async def _one(
    reading: Reading, statement: Rows, missing: type[Problem] = CampaignNotFound
) -> Record:
    found = await reading.find(statement)
    if found is None:
        raise missing()
    return found


def list_of_campaigns(query: wire.CampaignList) -> tuple[Listing, Rows]:
    """What a list or a file of campaigns shows, and of which rows."""
    found: Rows = select(CAMPAIGNS)
    if query.county_terc:
        found = found.where(
            CAMPAIGNS.c.county_terc.in_(query.county_terc)
            | CAMPAIGNS.c.county_terc.is_(None)
        )
    for name in ("state", "protocol_code"):
        if wanted := getattr(query, name):
            found = found.where(CAMPAIGNS.c[name].in_(wanted))
    return _LISTING, found


async def get_campaign(
    reading: Reading, terms: AnswerTerms | None, campaign_id: UUID
) -> Answer:
    """One campaign."""
    found = await _one(
        reading,
        select(json_object(WIRE), CAMPAIGNS.c.version).where(
            CAMPAIGNS.c.id == campaign_id
        ),
    )
    return tagged(found[0], etag(campaign_id, found[1]), terms)


async def get_campaign_facts(reading: Reading, campaign_id: UUID) -> Record:
    """The record of a campaign, with the last days of its stages."""
    return await _one(
        reading, select(CAMPAIGNS, *_DUE[1:]).where(CAMPAIGNS.c.id == campaign_id)
    )


async def lock_campaign(reading: Reading, campaign_id: UUID) -> Record:
    """The record of a campaign, held until the transaction ends."""
    return await _one(
        reading,
        select(CAMPAIGNS).where(CAMPAIGNS.c.id == campaign_id).with_for_update(),
    )


async def lock_open_campaign(reading: Reading, campaign_id: UUID) -> Record:
    """The record of a campaign that takes screenings, held open until the transaction ends. Many may hold it."""
    row = await _one(
        reading,
        select(CAMPAIGNS)
        .where(CAMPAIGNS.c.id == campaign_id)
        .with_for_update(read=True),
    )
    require_open(row.state)
    return row


async def one_person_is_enough(reading: Reading, campaign_id: UUID) -> bool:
    """Whether the campaign's protocol lets one person submit and confirm a positive result."""
    of_campaign = (CAMPAIGNS.c.protocol_code == VERSIONS.c.protocol_code) & (
        CAMPAIGNS.c.protocol_version == VERSIONS.c.number
    )
    statement = select(VERSIONS.c.one_person_may_confirm).join(CAMPAIGNS, of_campaign)
    of_this = statement.where(CAMPAIGNS.c.id == campaign_id)
    return bool(await reading.scalar(of_this))


def require_open(state: str) -> None:
    """StateConflict for a campaign that takes no screenings."""
    if state != CampaignState.OPEN:
        raise StateConflict(state=state, allowed=allowed_verbs(CampaignState(state)))


async def list_implementers(
    reading: Reading, terms: AnswerTerms, campaign_id: UUID, query: ListQuery
) -> Answer:
    """A page of who carries a campaign out."""
    await get_campaign_facts(reading, campaign_id)
    return await page(
        reading,
        terms,
        query,
        _IMPLEMENTERS,
        select(IMPLEMENTERS).where(IMPLEMENTERS.c.campaign_id == campaign_id),
    )


async def find_first_implementer(reading: Reading, campaign_id: UUID) -> Record | None:
    """Some implementer of a campaign, if it has any."""
    statement = (
        select(IMPLEMENTERS).where(IMPLEMENTERS.c.campaign_id == campaign_id).limit(1)
    )
    return await reading.find(statement)


async def find_release_job(reading: Reading, campaign_id: UUID) -> UUID | None:
    """A job of the last hour that releases counts of this campaign."""
    of_it = (JOBS.c.kind == RELEASE) & (
        JOBS.c.parameters["campaign_id"].astext == str(campaign_id)
    )
    lately = (JOBS.c.requested_by == "screening") & (
        JOBS.c.created_at > func.now() - timedelta(hours=1)
    )
    found: UUID | None = await reading.scalar(
        select(JOBS.c.id).where(lately, of_it).limit(1)
    )
    return found


async def get_plan(reading: Reading, campaign_id: UUID) -> Record:
    """The record of a campaign with who screens where, and which counties it names.

    It names its own county, those of the targets in force, and those where its implementers screen.
    """
    current = (TARGETS.c.campaign_id == campaign_id) & TARGETS.c.superseded_at.is_(None)
    aimed = select(func.array_agg(TARGETS.c.county_terc.distinct())).where(
        current, TARGETS.c.county_terc.is_not(None)
    )
    by_code = func.json_object_agg(IMPLEMENTERS.c.code, IMPLEMENTERS.c.counties)
    where = func.coalesce(by_code, literal_column("CAST('{}' AS json)"))
    placed = select(where).where(IMPLEMENTERS.c.campaign_id == campaign_id)
    parts = (
        aimed.scalar_subquery().label("aimed"),
        cast(placed.scalar_subquery(), JSON).label("implementers"),
    )
    return await _one(
        reading,
        select(CAMPAIGNS, *_DUE[1:], *parts).where(CAMPAIGNS.c.id == campaign_id),
    )


def named_counties(plan: Record) -> set[str]:
    """The counties that a campaign names."""
    placed = [county for counties in plan.implementers.values() for county in counties]
    return {
        county for county in (plan.county_terc, *(plan.aimed or ()), *placed) if county
    }


async def get_roll_up(
    reading: Reading, campaign_id: UUID, counties: Collection[str] | None = None
) -> RollUp:
    """The roll-up, of all counties or of some, as one row of texts: thousands of rows would cost more."""
    names, mark = ("county_terc", *RollUp._fields[1:]), literal_column("chr(10)", Text)
    columns = [func.string_agg(cast(COUNTS.c[name], Text), mark) for name in names]
    statement = select(*columns).where(
        COUNTS.c.campaign_id == campaign_id, COUNTS.c.subjects > 0
    )
    if counties is not None:
        here = bindparam("counties", sorted(counties), ARRAY(Text))
        statement = statement.where(COUNTS.c.county_terc == func.any(here))
    return RollUp.from_texts(await reading.one(statement))


async def list_current_targets(reading: Reading, campaign_id: UUID) -> Sequence[Record]:
    statement = select(TARGETS).where(
        TARGETS.c.campaign_id == campaign_id, TARGETS.c.superseded_at.is_(None)
    )
    order = (
        TARGETS.c.stage,
        TARGETS.c.county_terc.nulls_first(),
        TARGETS.c.implementer.nulls_first(),
    )
    return await reading.rows(statement.order_by(*order))


def _in_reach(caller: Caller, table: FromClause) -> ColumnElement[bool]:
    return within(caller, Permission.SELECT_SUBJECTS, county=table.c.county_terc)


async def list_selections(
    reading: Reading, caller: Caller, campaign_id: UUID, query: wire.SelectionList
) -> tuple[Listing, Rows]:
    """What a list or a file of the selections in the caller's reach shows, and of which rows."""
    await get_campaign_facts(reading, campaign_id)
    found: Rows = select(SELECTIONS).where(
        SELECTIONS.c.campaign_id == campaign_id, _in_reach(caller, SELECTIONS)
    )
    for name in ("county_terc", "subject_ref"):
        if getattr(query, name):
            found = found.where(SELECTIONS.c[name].in_(getattr(query, name)))
    return _SELECTIONS, found


async def lock_selection(
    reading: Reading, caller: Caller, campaign_id: UUID, selection_id: UUID
) -> Record:
    """A selection in the caller's reach, held until the transaction ends, with how far stage two has come."""
    of_subject = [
        SELECTIONS.c[name] == SUBJECTS.c[name]
        for name in ("campaign_id", "subject_ref", "county_terc")
    ]
    there: Rows = (
        select(*SELECTIONS.c, SUBJECTS.c.stage_two)
        .select_from(SELECTIONS)
        .join(SUBJECTS, of_subject[0] & of_subject[1] & of_subject[2])
        .where(
            SELECTIONS.c.id == selection_id,
            SELECTIONS.c.campaign_id == campaign_id,
            _in_reach(caller, SELECTIONS),
        )
    )
    return await _one(reading, there.with_for_update(), SelectionNotFound)


async def lock_candidates(
    reading: Reading,
    caller: Caller,
    campaign_id: UUID,
    *,
    counties: Collection[str] | None,
    subjects: Collection[UUID] | None,
) -> list[tuple[Candidate, bool, bool]]:
    """Who has completed stage one in the caller's reach, held; and whether they are, or were, selected."""
    ever: Any = select(literal_column("1")).where(
        SELECTIONS.c.campaign_id == SUBJECTS.c.campaign_id,
        SELECTIONS.c.subject_ref == SUBJECTS.c.subject_ref,
        SELECTIONS.c.county_terc == SUBJECTS.c.county_terc,
    )
    complete = SUBJECTS.c.stage_one.in_(OUTCOMES)
    found: Rows = select(*SUBJECTS.c, ever.exists().label("was_selected")).where(
        SUBJECTS.c.campaign_id == campaign_id, complete, _in_reach(caller, SUBJECTS)
    )
    if counties is not None:
        found = found.where(SUBJECTS.c.county_terc.in_(counties))
    if subjects is not None:
        wanted = bindparam(
            "subjects", [str(subject) for subject in subjects], ARRAY(Text)
        )
        found = found.where(cast(SUBJECTS.c.subject_ref, Text) == func.any(wanted))
    ordered = found.order_by(
        SUBJECTS.c.subject_ref, SUBJECTS.c.county_terc
    ).with_for_update(of=SUBJECTS)
    rows = await reading.rows(ordered)
    return [(_candidate(row), row.is_selected, row.was_selected) for row in rows]


def _candidate(row: Any) -> Candidate:
    first = [form for form in row.forms.values() if form and form["stage"] == "1"]
    outcomes = {form["instrument"]: form["outcome"] for form in first}
    bands = {form["instrument"]: form["bands"] or {} for form in first}
    return Candidate(
        str(row.subject_ref), row.county_terc, Outcome(row.stage_one), outcomes, bands
    )
