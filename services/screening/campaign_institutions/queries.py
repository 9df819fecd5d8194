"""Children of a campaign counted by institution, from the records that the caller may read."""

from collections.abc import Sequence
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    FromClause,
    Integer,
    Select,
    and_,
    cast,
    func,
    literal_column,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.data.work import Reading
from services.chassis.ground.problems import OutsideScope
from services.chassis.trust.access import within
from services.chassis.trust.callers import Caller, Reach
from services.screening.campaign_counts.queries import SUBJECTS
from services.screening.campaign_counts.rules import OUTCOMES, STAGE_ONE, STAGE_TWO
from services.screening.campaign_institutions.schemas import (
    InstitutionSteps,
    InstitutionStepsRead,
)
from services.screening.campaigns.queries import require_campaign
from services.screening.permissions import Permission
from services.screening.screenings.queries import SCREENINGS
from services.screening.screenings.rules.states import COUNTED

_READ = Permission.READ_SCREENINGS
_KEY = ("county_terc", "subject_ref")
_ONE, _TWO = SUBJECTS.c.stage_one, SUBJECTS.c.stage_two


def _number(condition: ColumnElement[bool]) -> ColumnElement[int]:
    return cast(func.count().filter(condition), Integer)


_NUMBERS: dict[str, ColumnElement[int]] = {
    "started": _number(_ONE.in_(STAGE_ONE[1:])),
    "complete": _number(_ONE.in_(OUTCOMES)),
    **{outcome: _number(_ONE.in_([outcome])) for outcome in OUTCOMES},
    "selected": _number(_TWO.in_(STAGE_TWO[1:])),
    "stage_two_complete": _number(_TWO.in_(STAGE_TWO[3:])),
    "stage_two_positive": _number(_TWO.in_(["positive"])),
}


def _has_only_own_forms(caller: Caller) -> ColumnElement[bool]:
    """The condition that all of a child's forms are of the caller's institution.

    The status of any other child also depends on forms that the caller may not read.
    """
    own = SCREENINGS.c.institution_id == caller.institution_id
    return func.bool_and(func.coalesce(own, literal_column("false")))


def _children(
    caller: Caller, campaign_id: UUID, counties: Sequence[str] | None
) -> FromClause:
    """The campaign's children in the caller's reach, each with the institution of its
    first form.
    """
    columns = SCREENINGS.c
    is_in_counties: ColumnElement[bool] = (
        columns.county_terc.in_(counties) if counties else true()
    )
    # Of the first form: a child who changes schools between the stages counts once.
    institutions = aggregate_order_by(
        columns.institution_id, columns.stage, columns.administered_on, columns.id
    )
    statement: Select[*tuple[object, ...]] = (
        select(
            *[columns[name] for name in _KEY],
            func.array_agg(institutions)[1].label("institution_id"),
        )
        .where(
            columns.campaign_id == campaign_id,
            columns.state.in_([*COUNTED]),
            is_in_counties,
        )
        .group_by(*[columns[name] for name in _KEY])
    )
    if caller.reach(_READ) == Reach.OWN_INSTITUTION:
        # No filter by county is needed: row-level security filters by
        # the caller's counties.
        return statement.having(_has_only_own_forms(caller)).subquery("children")
    # By county and not by institution: then all counted forms of a child are in reach.
    in_reach = within(caller, _READ, county=columns.county_terc)
    return statement.where(in_reach).subquery("children")


async def get_institution_steps(
    reading: Reading, campaign_id: UUID, counties: Sequence[str] | None
) -> InstitutionStepsRead:
    """The steps of every institution in the caller's reach, and their sums."""
    await require_campaign(reading, campaign_id)
    _demand_counties(reading.caller, counties)
    children = _children(reading.caller, campaign_id, counties)
    same_subject = [SUBJECTS.c[name] == children.c[name] for name in _KEY]
    place = (children.c.county_terc, children.c.institution_id)
    statement = (
        select(*place, *[number.label(name) for name, number in _NUMBERS.items()])
        .select_from(children.join(SUBJECTS, and_(*same_subject)))
        .where(SUBJECTS.c.campaign_id == campaign_id)
        .group_by(*place)
        .order_by(*place)
    )
    items = [InstitutionSteps(**row._mapping) for row in await reading.rows(statement)]
    in_all = {name: sum(getattr(item, name) for item in items) for name in _NUMBERS}
    return InstitutionStepsRead(campaign_id=campaign_id, in_all=in_all, items=items)


def _demand_counties(caller: Caller, counties: Sequence[str] | None) -> None:
    """OutsideScope for a county out of reach: if it were left out, it would look empty."""
    everywhere = "*" in caller.counties or caller.reach(_READ) == Reach.EVERYWHERE
    if counties and not everywhere and not caller.counties.issuperset(counties):
        raise OutsideScope(permission=str(_READ), relation="own_county")
