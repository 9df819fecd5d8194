"""How PostgreSQL goes about lists of enrolments where one county has most of the rows, as cities do."""

import re

import asyncpg
import httpx

from services.chassis.migrating import asyncpg_url
from tests.support.records import EVERYWHERE, app_of, fetch
from tests.training.groups.made import URL, add_group, add_programme

# Every second person is of one county, the others of forty; ten of a county, one after the other, make a group.
_FILL = """
INSERT INTO trainees (county_terc, given_name, family_name, sex, organisation_type, organisation_name, relation)
SELECT CASE WHEN n % 2 = 0 THEN '2469' ELSE to_char(1200 + n / 2 % 40, 'FM0000') END,
    'Imię', 'Zmyślone', 'female', 'cis', 'Centrum', 'employee' FROM generate_series(1, 4000) AS n;
INSERT INTO groups (county_terc, programme_version_id, code, title, capacity, seats_taken, state, starts_on, ends_on)
SELECT '2469', programme_version_id, 'P' || n, title, capacity, 0, state, starts_on, ends_on
FROM groups CROSS JOIN generate_series(0, 399) AS n;
INSERT INTO enrolments (county_terc, group_id, trainee_id, state)
SELECT people.county_terc, groups.id, people.id, 'applied'
FROM (SELECT id, county_terc, (row_number() OVER (ORDER BY county_terc, id) - 1) / 10 AS place FROM trainees) AS people
JOIN groups ON groups.code = 'P' || place;
ANALYZE trainees, groups, enrolments
"""
_KEPT = "SELECT name, statement, generic_plans FROM pg_prepared_statements WHERE statement LIKE '%row_to_json(item)%'"
# PostgreSQL compares five plans made for the values of a question with one for any values.
_OFTEN = 8


async def _asked(training: httpx.AsyncClient, path: str) -> tuple[int, str]:
    """How often the plan for any values served a list, and that plan."""
    before = {statement for _, statement, _ in await fetch(training, _KEPT)}
    for _ in range(_OFTEN):
        assert (await training.get(f"{URL}{path}")).json()["items"]
    [(name, statement, generic_plans)] = [kept for kept in await fetch(training, _KEPT) if kept[1] not in before]
    values = ", ".join("NULL" for _ in {*re.findall(r"\$\d+", statement)})
    async with app_of(training).state.database.change(EVERYWHERE) as change:
        await change.run("SET LOCAL plan_cache_mode = force_generic_plan")
        explained = await change.fetch(f'EXPLAIN EXECUTE "{name}"({values})')
    return generic_plans, "\n".join(line for (line,) in explained)


async def test_a_list_of_a_county_or_a_group_is_planned_once_and_goes_the_short_way(
    racing_training: httpx.AsyncClient, admin_url: str
) -> None:
    """A large county's rows are read in their order, and not at all where a group leads to ten."""
    # Connections of before are let go: what is kept is asked for where it was kept.
    await app_of(racing_training).state.database.close()
    await add_group(racing_training, await add_programme(racing_training))
    admin = await asyncpg.connect(asyncpg_url(admin_url))
    await admin.execute("SET search_path = training")
    await admin.execute(_FILL)
    group = await admin.fetchval("SELECT id FROM groups WHERE code = 'P399'")
    await admin.close()
    for path, index in (
        ("/enrolments", "ix_enrolments_county_terc"),
        ("/enrolments?county_terc=2469", "ix_enrolments_county_terc"),
        (f"/enrolments?group_id={group}", "ix_enrolments_group_id"),
        (f"/groups/{group}/enrolments", "ix_enrolments_group_id"),
    ):
        generic_plans, plan = await _asked(racing_training, path)
        assert generic_plans >= _OFTEN - 5, path
        assert set(re.findall("ix_enrolments_(?:county_terc|group_id)", plan)) == {index}, plan
    estimated = await racing_training.get(f"{URL}/enrolments", headers={"prefer": "count=estimated"})
    assert 1800 <= estimated.json()["total"] <= 2200
