"""The people of a programme, counted by group, location and team."""

from collections.abc import Collection
from typing import NamedTuple
from uuid import UUID

from sqlalchemy import ColumnElement, FromClause, and_, func, select

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading
from services.chassis.web.polish import in_polish_order
from services.training.authorities.models import Authority
from services.training.compositions.rules import Part
from services.training.enrolments.queries import ENROLMENTS
from services.training.enrolments.rules import SEATED
from services.training.groups.queries import GROUPS, PROGRAMMES, VERSIONS
from services.training.problems import TrainingProgrammeNotFound
from services.training.trainees.queries import TRAINEES

_AUTHORITIES = rows_of(Authority)
# Distinct people: a person who changed the group has two enrolments.
_PEOPLE = func.count(ENROLMENTS.c.trainee_id.distinct())


class ProgrammeNumbers(NamedTuple):
    """The planned sizes of a programme's locations and teams."""

    id: UUID
    trainees_per_location: int | None
    smallest_team: int | None
    largest_team: int | None


async def get_numbers(reading: Reading, programme_code: str) -> ProgrammeNumbers:
    """The planned sizes of a programme, by its code."""
    columns = [PROGRAMMES.c[name] for name in ProgrammeNumbers._fields]
    statement = select(*columns).where(PROGRAMMES.c.code == programme_code)
    row = await reading.one(statement, TrainingProgrammeNotFound)
    return ProgrammeNumbers(*row)


def _enrolments_with_people() -> FromClause:
    joined = ENROLMENTS.join(GROUPS, GROUPS.c.id == ENROLMENTS.c.group_id)
    joined = joined.join(VERSIONS, VERSIONS.c.id == GROUPS.c.programme_version_id)
    return joined.join(TRAINEES, TRAINEES.c.id == ENROLMENTS.c.trainee_id)


def _has_seat(programme_id: UUID) -> ColumnElement[bool]:
    is_of_programme = VERSIONS.c.programme_id == programme_id
    return and_(is_of_programme, ENROLMENTS.c.state.in_(SEATED))


async def count_people(reading: Reading, programme_id: UUID) -> int:
    """The number of people who have a seat in any group or completed it, each once."""
    statement = (
        select(_PEOPLE)
        .select_from(_enrolments_with_people())
        .where(_has_seat(programme_id))
    )
    return int(await reading.scalar(statement) or 0)


async def list_groups(reading: Reading, programme_id: UUID) -> list[Part]:
    """The groups that were not cancelled; each is complete with all seats taken."""
    columns = GROUPS.c
    statement = (
        select(columns.id, columns.code, columns.seats_taken, columns.capacity)
        .join(VERSIONS, VERSIONS.c.id == columns.programme_version_id)
        .where(VERSIONS.c.programme_id == programme_id, columns.state != "cancelled")
        .order_by(columns.code, columns.id)
    )
    rows = await reading.rows(statement)
    return [
        Part(key, code, seats_taken, size, size)
        for key, code, seats_taken, size in rows
    ]


async def list_locations(
    reading: Reading, programme_id: UUID, number: int, site_ids: Collection[UUID]
) -> list[Part]:
    """The locations that people come from, and those in `site_ids`.

    Each needs `number` people.
    """
    statement = (
        select(TRAINEES.c.site_id, _PEOPLE)
        .select_from(_enrolments_with_people())
        # People without a location are not counted here.
        .where(_has_seat(programme_id), TRAINEES.c.site_id.is_not(None))
        .group_by(TRAINEES.c.site_id)
    )
    # The registry's locations as well: one without people has no row here.
    people = dict.fromkeys(site_ids, 0) | dict(
        map(tuple, await reading.rows(statement)),
    )
    return [Part(key, None, people[key], number, number) for key in sorted(people)]


async def list_teams(
    reading: Reading, programme_id: UUID, fewest: int, most: int
) -> list[Part]:
    """The teams of all authorities that were recruited and have not withdrawn."""
    # Selected from the authorities, so that one without people is included.
    own_people = (
        select(_PEOPLE)
        .select_from(_enrolments_with_people())
        .where(_has_seat(programme_id), TRAINEES.c.authority_id == _AUTHORITIES.c.id)
        .correlate(_AUTHORITIES)
        .scalar_subquery()
    )
    statement = (
        select(_AUTHORITIES.c.id, _AUTHORITIES.c.name, own_people)
        .where(
            _AUTHORITIES.c.programme_id == programme_id,
            _AUTHORITIES.c.state != "withdrawn",
        )
        .order_by(in_polish_order(_AUTHORITIES.c.name), _AUTHORITIES.c.id)
    )
    rows = await reading.rows(statement)
    return [Part(key, name, people, fewest, most) for key, name, people in rows]
