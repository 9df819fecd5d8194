"""Work that nobody asks for goes on, whatever breaks."""

from typing import Any

import httpx
import pytest

from services.chassis.background.rounds import Round, go_round
from services.chassis.data.database import Database
from tests.chassis.shop import Enough, Pauses
from tests.support.records import app_of


async def test_a_round_that_breaks_off_is_done_again_after_its_pause(casework: httpx.AsyncClient) -> None:
    done: list[Any] = []

    async def work(given: Database) -> None:
        done.append(given)
        if len(done) == 1:
            raise OSError

    paused, database = Pauses(3), app_of(casework).state.database
    with pytest.raises(Enough):
        await go_round(database, Round("work", 7.0, work), paused)
    assert (done, paused.seconds) == ([database] * 3, [7.0] * 3)
