"""Whose rows a caller reaches, by predicate and by PostgreSQL itself; and what the service's own role may not."""

from collections.abc import AsyncIterator
from uuid import UUID

import asyncpg
import pytest
from hypothesis import given
from hypothesis import strategies as st
from sqlalchemy import Text, Uuid, column, select, text, values

from services.chassis.data.database import Database
from services.chassis.ground.problems import OutsideScope
from services.chassis.ground.settings import ServiceSettings
from services.chassis.migrating import asyncpg_url
from services.chassis.trust.access import demand, own_counties, reaches, row_level_security, within
from services.chassis.trust.callers import Caller, Reach
from tests.support.callers import OTHER_INSTITUTION, OWN_INSTITUTION

COUNTIES = ("2469", "2401", "0619")
PLACES = [(county, UUID(institution)) for county in COUNTIES for institution in (OWN_INSTITUTION, OTHER_INSTITUTION)]
ROWS = values(column("county", Text), column("institution", Uuid), name="rows").data(PLACES)


def caller(*counties: str, reach: Reach | tuple[Reach, ...] = Reach.OWN_COUNTIES, institution: str = "") -> Caller:
    permissions = {"p": reach if isinstance(reach, tuple) else (reach,)}
    own = UUID(institution) if institution else None
    return Caller("anna", counties=frozenset(counties), institution_id=own, permissions=permissions)


@pytest.fixture
async def admin(admin_url: str) -> AsyncIterator["asyncpg.Connection[asyncpg.Record]"]:
    connection = await asyncpg.connect(asyncpg_url(admin_url))
    yield connection
    await connection.close()


@pytest.fixture
async def database(settings: ServiceSettings, admin: "asyncpg.Connection[asyncpg.Record]") -> AsyncIterator[Database]:
    """The registry's database with a scratch table under row-level security, one row for each of three counties."""
    await admin.execute("GRANT registry_owner TO CURRENT_USER; SET ROLE registry_owner; SET search_path = registry")
    await admin.execute("CREATE TABLE scratch (county_terc text NOT NULL, note text)")
    await admin.executemany("INSERT INTO scratch VALUES ($1, 'old')", [(county,) for county in COUNTIES])
    for statement in row_level_security("scratch"):
        await admin.execute(statement)
    database = Database(settings, "registry")
    yield database
    await database.close()
    await admin.execute("DROP TABLE scratch")


async def seen_by(database: Database, who: Caller | None) -> list[str]:
    async with database.change() as change:
        if who is not None:
            await change.act_for(who)
        return list(await change.scalars(text("SELECT county_terc FROM scratch ORDER BY 1")))


async def test_a_caller_sees_the_rows_of_own_counties_and_no_others(database: Database) -> None:
    assert await seen_by(database, caller("2469")) == ["2469"]
    assert await seen_by(database, caller("2401", "0619", "9999")) == ["0619", "2401"]
    assert await seen_by(database, caller("*")) == sorted(COUNTIES)
    assert await seen_by(database, caller()) == []


async def test_whose_rows_they_are_is_read_once_and_not_for_every_row(database: Database) -> None:
    async with database.change() as change:
        await change.act_for(caller("2469"))
        plan = await change.scalars(text("EXPLAIN SELECT FROM scratch"))
        [filtered] = [line for line in plan if "Filter:" in line]
        assert "InitPlan" in filtered
        assert "current_setting" not in filtered


async def test_without_a_scope_nothing_is_seen_before_and_after_others(database: Database) -> None:
    for _ in range(3):
        assert await seen_by(database, None) == []
        assert await seen_by(database, caller("*")) == sorted(COUNTIES)
    assert await seen_by(database, None) == []


@pytest.mark.parametrize(
    ("statement", "rows"),
    [
        ("UPDATE scratch SET note = 'new'", 1),
        ("UPDATE scratch SET note = 'new' WHERE county_terc = '2401'", 0),
        ("DELETE FROM scratch", 1),
        ("INSERT INTO scratch VALUES ('2469', 'new')", 1),
        ("INSERT INTO scratch VALUES ('2401', 'new')", None),
        ("UPDATE scratch SET county_terc = '2401'", None),
    ],
)
async def test_a_row_cannot_be_changed_from_outside_nor_moved_there(
    database: Database, statement: str, rows: int | None
) -> None:
    async with database.change() as change:
        await change.act_for(caller("2469"))
        if rows is None:
            with pytest.raises(Exception, match="row-level security"):
                await change.execute(text(statement))
        else:
            assert await change.execute(text(statement)) == rows
        change.undo()


async def test_the_owner_of_the_table_is_locked_out_as_well(
    database: Database, admin: "asyncpg.Connection[asyncpg.Record]"
) -> None:
    assert await admin.fetchval("SELECT current_user") == "registry_owner"
    assert await admin.fetch("SELECT * FROM registry.scratch") == []


@given(
    st.sets(st.sampled_from(COUNTIES)),
    st.sets(st.sampled_from(list(Reach)), min_size=1),
    st.sampled_from(["", OWN_INSTITUTION, OTHER_INSTITUTION]),
    st.sampled_from(COUNTIES),
    st.sampled_from([OWN_INSTITUTION, OTHER_INSTITUTION]),
)
def test_reaching_follows_the_one_rule(
    own: set[str], found: set[Reach], mine: str, county: str, institution: str
) -> None:
    """Where a role and a scope reach differently, both have to hold: neither is exceeded."""
    who = caller(*own, reach=tuple(found), institution=mine)
    holds = {
        Reach.EVERYWHERE: True,
        Reach.RELATED: False,
        Reach.OWN_COUNTIES: county in own,
        Reach.OWN_INSTITUTION: mine == institution,
    }
    expected = all(holds[reach] for reach in found)
    assert reaches(who, "p", county=county, institution=UUID(institution)) == expected
    assert not reaches(who, "q", county=county, institution=UUID(institution))


async def test_the_predicate_finds_what_the_rule_reaches(settings: ServiceSettings) -> None:
    database = Database(settings, "registry")
    callers = [caller("2469"), caller("2401", "0619"), caller(), caller("*"), caller(reach=Reach.EVERYWHERE)]
    callers += [caller("2469", reach=Reach.OWN_INSTITUTION, institution=OWN_INSTITUTION)]
    callers += [caller("2469", reach=Reach.OWN_INSTITUTION)]
    both = (Reach.OWN_INSTITUTION, Reach.OWN_COUNTIES)
    callers += [caller(*own, reach=both, institution=OWN_INSTITUTION) for own in (["2469"], [], ["*"])]
    async with database.reading() as change:
        for who in callers:
            wanted = within(who, "p", county=ROWS.c.county, institution=ROWS.c.institution)
            found = await change.rows(select(ROWS).where(wanted))
            expected = [place for place in PLACES if reaches(who, "p", county=place[0], institution=place[1])]
            assert sorted(map(tuple, found)) == sorted(expected)
            assert str(within(who, "q", county=ROWS.c.county)) == "false"
    await database.close()


def test_whoever_is_outside_is_told_which_relation_is_missing() -> None:
    with pytest.raises(OutsideScope) as refusal:
        demand(caller("2469"), "p", county="2401")
    assert refusal.value.members == {"permission": "p", "relation": "own_county"}
    with pytest.raises(OutsideScope) as refusal:
        demand(caller(reach=Reach.OWN_INSTITUTION), "p", county="2401")
    assert refusal.value.members == {"permission": "p", "relation": "own_institution"}
    both = caller("2469", reach=(Reach.OWN_INSTITUTION, Reach.OWN_COUNTIES), institution=OWN_INSTITUTION)
    with pytest.raises(OutsideScope) as refusal:
        demand(both, "p", county="2401", institution=UUID(OWN_INSTITUTION))
    assert refusal.value.members == {"permission": "p", "relation": "own_county"}


def test_where_only_the_county_is_told_an_own_institution_is_nowhere() -> None:
    for limits in ((Reach.OWN_INSTITUTION,), (Reach.OWN_INSTITUTION, Reach.OWN_COUNTIES)):
        assert own_counties(caller("2469", reach=limits, institution=OWN_INSTITUTION), "p") == []
    assert own_counties(caller("2469", "2401"), "p") == ["2401", "2469"]
    assert own_counties(caller("*"), "p") is None
    assert own_counties(caller("2469"), "q") == []


async def test_the_owner_owns_everything_and_the_application_nothing(
    admin: "asyncpg.Connection[asyncpg.Record]",
) -> None:
    owners = await admin.fetch(
        "SELECT DISTINCT pg_get_userbyid(relowner) AS owner FROM pg_class WHERE relnamespace = 'registry'::regnamespace"
        " UNION SELECT pg_get_userbyid(nspowner) FROM pg_namespace WHERE nspname = 'registry'"
        " UNION SELECT pg_get_userbyid(proowner) FROM pg_proc WHERE pronamespace = 'registry'::regnamespace"
    )
    assert [row["owner"] for row in owners] == ["registry_owner"]
    owned = "SELECT count(*) FROM pg_shdepend WHERE refobjid = 'registry_app'::regrole AND deptype = 'o'"
    assert await admin.fetchval(owned) == 0


async def test_neither_role_is_more_than_it_needs(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    roles = await admin.fetch("SELECT * FROM pg_roles WHERE rolname IN ('registry_app', 'registry_owner')")
    for role in roles:
        for power in ("rolsuper", "rolbypassrls", "rolcreatedb", "rolcreaterole", "rolreplication"):
            assert not role[power], (role["rolname"], power)
        assert role["rolcanlogin"] == (role["rolname"] == "registry_app")
    memberships = "SELECT count(*) FROM pg_auth_members WHERE member = 'registry_app'::regrole"
    assert (len(roles), await admin.fetchval(memberships)) == (2, 0)


async def test_the_application_sees_its_own_schema_only(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    await admin.execute("CREATE SCHEMA IF NOT EXISTS elsewhere")
    rights = await admin.fetch(
        "SELECT nspname, has_schema_privilege('registry_app', oid, 'USAGE') AS usage,"
        " has_schema_privilege('registry_app', oid, 'CREATE') AS creation FROM pg_namespace"
        " WHERE nspname NOT LIKE 'pg\\_%' AND nspname <> 'information_schema'"
    )
    await admin.execute("DROP SCHEMA elsewhere")
    assert {row["nspname"] for row in rights if row["usage"]} == {"registry"}
    assert not [row["nspname"] for row in rights if row["creation"]]
    assert not await admin.fetchval("SELECT has_database_privilege('registry_app', current_database(), 'CREATE')")


async def test_nobody_else_was_given_anything(admin: "asyncpg.Connection[asyncpg.Record]") -> None:
    grants = await admin.fetch(
        "SELECT DISTINCT grantee FROM information_schema.table_privileges WHERE table_schema = 'registry'"
    )
    assert {row["grantee"] for row in grants} == {"registry_app", "registry_owner"}


@pytest.mark.parametrize("name", ["statement_timeout", "lock_timeout", "idle_in_transaction_session_timeout"])
async def test_a_stuck_statement_of_the_application_ends_by_itself(settings: ServiceSettings, name: str) -> None:
    app = await asyncpg.connect(asyncpg_url(settings.database_url.get_secret_value()))
    value = await app.fetchval(f"SHOW {name}")
    await app.close()
    assert value != "0"
