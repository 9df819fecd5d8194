"""Every question asked of the progress of a programme's sites."""

from collections.abc import Mapping, Sequence
from typing import Any

from sqlalchemy import ColumnElement, String, case, cast, func, select
from sqlalchemy.dialects.postgresql import aggregate_order_by

from services.chassis.data.tables import rows_of
from services.chassis.data.work import Reading, Rows
from services.chassis.web.polish import in_polish_order
from services.registry.boards.rules import StepPlace, settle_cells
from services.registry.boards.schemas import (
    BoardQuery,
    BoardRead,
    BoardSite,
    BoardStep,
    ImplementerCount,
    ProgrammeStatisticsRead,
    StatusCount,
    StepCount,
)
from services.registry.problems import ProcessRunNotFound
from services.registry.processes.models import ProcessStep
from services.registry.processes.queries import (
    label_of,
    list_process_steps,
    list_steps_of_runs,
)
from services.registry.processes.schemas import Label
from services.registry.programmes.queries import get_programme_facts
from services.registry.programmes.rules import SiteLevel
from services.registry.sites.queries import SITES
from services.registry.sites.rules import OPEN, SiteStatus

_STEPS = rows_of(ProcessStep)
_TAKING_PART = SITES.c.status != SiteStatus.WITHDRAWN


async def get_board(reading: Reading, code: str, query: BoardQuery) -> BoardRead:
    """A programme, the steps of its process, and its sites with the status
    of every step.
    """
    programme = await get_programme_facts(reading, code)
    # Without a process a board has no columns.
    if programme.process_code is None:
        raise ProcessRunNotFound()
    rows = await reading.rows(_board_sites(code, programme.process_code, query))
    places = [
        StepPlace(step.code, step.position, step.is_ending)
        for step in await list_process_steps(reading, programme.process_code)
    ]
    return BoardRead(
        programme_code=code,
        label=Label(pl=programme.name_pl, en=programme.name_en),
        steps=await _list_steps(reading, programme.process_code),
        sites_in_all=rows[0].in_all if rows else 0,
        sites=[_site({**row._mapping}, places) for row in rows],
    )


def _site(row: Mapping[str, Any], places: Sequence[StepPlace]) -> BoardSite:
    """A row of the board; each cell has the status of its step at this site."""
    # Not in SQL: whether a step lies ahead depends on all other cells of the row.
    cells = settle_cells(row["cells"], places, is_over=row["status"] not in OPEN)
    return BoardSite.model_validate({**row, "cells": cells})


def _board_sites(code: str, process_code: str, query: BoardQuery) -> Rows:
    """The rows of a board: each site with its cells in the order of the steps, and how many sites there are in all."""
    columns = [
        SITES.c[name] for name in ("id", "name", "county_terc", "implementer", "status")
    ]
    status = SITES.c.status.in_(query.status) if query.status else _TAKING_PART
    cells = list_steps_of_runs(process_code).subquery("cells")
    pairs = [
        # Casts give the names a type: PostgreSQL cannot find one for a parameter here.
        part
        for name in ("step", "status", "done_on")
        for part in (cast(name, String), cells.c[name])
    ]
    in_order = aggregate_order_by(
        func.json_build_object(*pairs), cells.c.position, cells.c.step
    )
    # A window counts before the limit cuts: no second statement is needed.
    in_all = func.count().over().label("in_all")
    sites: Rows = (
        select(*columns, func.json_agg(in_order).label("cells"), in_all)
        .select_from(SITES.join(cells, cells.c.run_id == SITES.c.run_id))
        .where(SITES.c.programme_code == code, status)
        .group_by(*columns)
        .order_by(in_polish_order(SITES.c.name), SITES.c.id)
        .limit(query.limit)
    )
    if query.county_terc:
        sites = sites.where(SITES.c.county_terc.in_(query.county_terc))
    return sites


async def _list_steps(reading: Reading, process_code: str) -> list[BoardStep]:
    """The steps of a process in their order."""
    statement = (
        select(_STEPS.c.code, _STEPS.c.position, label_of(_STEPS).label("label"))
        .where(_STEPS.c.process_code == process_code)
        .order_by(_STEPS.c.position, _STEPS.c.code)
    )
    rows = await reading.rows(statement)
    return [BoardStep.model_validate({**row._mapping}) for row in rows]


def _site_counts(*by: ColumnElement[str]) -> Rows:
    """How many sites there are, and in how many counties, by these columns."""
    counts = (
        func.count().label("sites"),
        # Two implementers may work in one county: their counts do not
        # add up (source 000).
        func.count(func.distinct(SITES.c.county_terc)).label("distinct_counties"),
    )
    return select(*by, *counts).group_by(*by).order_by(*by)


async def get_statistics(reading: Reading, code: str) -> ProgrammeStatisticsRead:
    """A programme in numbers; counties are counted each once."""
    programme = await get_programme_facts(reading, code)
    of_programme = SITES.c.programme_code == code
    locations = func.count().filter(SITES.c.site_level == SiteLevel.LOCATION)
    whole = await reading.one(
        _site_counts()
        .add_columns(locations.label("locations"))
        .where(of_programme, _TAKING_PART)
    )
    # Here the withdrawn count as well, under their own status.
    by_status = _site_counts(SITES.c.status).where(of_programme)
    by_implementer = _site_counts(SITES.c.implementer).where(of_programme, _TAKING_PART)
    return ProgrammeStatisticsRead(
        programme_code=code,
        planned_sites=programme.planned_sites,
        **whole._mapping,
        by_status=[
            StatusCount.model_validate({**row._mapping})
            for row in await reading.rows(by_status)
        ],
        by_implementer=[
            ImplementerCount.model_validate({**row._mapping})
            for row in await reading.rows(by_implementer)
        ],
        steps=await _count_steps(reading, code, programme.process_code),
    )


async def _count_steps(
    reading: Reading, code: str, process_code: str | None
) -> list[StepCount]:
    """How many sites did or skipped each step of their process."""
    if process_code is None:
        return []
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
    counts_by_step = {
        step: {"done": done, "skipped": skipped}
        for step, done, skipped in await reading.rows(statement)
    }
    # A step that no site has recorded has no row.
    no_sites = {"done": 0, "skipped": 0}
    return [
        StepCount(**dict(step), **counts_by_step.get(step.code, no_sites))
        for step in await _list_steps(reading, process_code)
    ]
