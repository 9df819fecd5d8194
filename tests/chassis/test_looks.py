"""A look with its record: it changes nothing, and its reach is its caller's again after an error."""

from contextlib import suppress

import pytest

from services.chassis.data.database import Database
from services.chassis.data.relating import acting_everywhere
from services.chassis.ground.problems import NotFound
from services.chassis.trust.callers import Caller

COORDINATOR = Caller("coordinator", counties=frozenset({"2469"}))
REACH = "SELECT current_setting('app.counties')"


async def test_after_an_error_a_look_reaches_no_further_than_its_caller(databases: dict[str, Database]) -> None:
    async with databases["registry"].audited(COORDINATOR) as reading:
        with suppress(NotFound):
            async with acting_everywhere(reading):
                assert await reading.fetchval(REACH) == "*"
                raise NotFound()
        assert (reading.caller, await reading.fetchval(REACH)) == (COORDINATOR, "2469")


async def test_a_look_that_locks_is_a_fault(databases: dict[str, Database]) -> None:
    with pytest.raises(RuntimeError, match="locks nothing"):
        async with databases["registry"].audited(COORDINATOR) as reading:
            await reading.fetch("SELECT id FROM institutions FOR UPDATE")
