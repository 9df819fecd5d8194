"""A picture takes long to draw: nobody waits for a connection meanwhile."""

from collections.abc import Mapping
from typing import Any

import httpx
import pytest

from services.screening import charts
from services.screening.problems import ChartUnavailable
from tests.screening.screenings.made import URL, add_screening
from tests.screening.studies.planning import plan, publish
from tests.screening.studies.records import STUDY, make_ready
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import app_of

SVG = {"accept": "image/svg+xml"}


@pytest.fixture
def held(racing_screening: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch) -> list[int]:
    """How many connections were in use each time that something was drawn."""
    pool: Any = app_of(racing_screening).state.database.engine.pool
    counted: list[int] = []

    async def drawn(document: Mapping[str, Any], kind: str) -> bytes:
        counted.append(pool.checkedout())
        return f"<svg>{kind}</svg>".encode()

    monkeypatch.setattr(charts, "draw", drawn)
    return counted


async def test_a_profile_is_drawn_while_no_connection_is_held(
    racing_screening: httpx.AsyncClient, held: list[int]
) -> None:
    made = await add_screening(racing_screening)
    drawn = await racing_screening.get(f"{URL}/{made['id']}/profile", headers=SVG | {"accept-language": "en"})
    assert (drawn.content, drawn.headers["content-length"], held) == (b"<svg>svg</svg>", "14", [0])
    assert drawn.headers["etag"] == f'"{made["id"]}:1:svg:en"'
    assert (drawn.headers["content-language"], drawn.headers["content-type"]) == ("en", "image/svg+xml")


async def test_a_plot_is_drawn_while_no_connection_is_held(
    racing_screening: httpx.AsyncClient, held: list[int]
) -> None:
    await publish(racing_screening)
    racing_screening.headers.update(call_as("researcher"))
    path = await plan(racing_screening, name=STUDY["name"])
    await make_ready(racing_screening, path.rsplit("/", 1)[-1])
    drawn = await racing_screening.get(f"{path}/plots/ages?format=png")
    assert (drawn.content, drawn.headers["content-type"], held) == (b"<svg>png</svg>", "image/png", [0])


async def test_a_picture_that_cannot_be_drawn_now_is_refused_as_a_problem(
    racing_screening: httpx.AsyncClient, monkeypatch: pytest.MonkeyPatch
) -> None:
    async def fails(*_: object) -> bytes:
        raise ChartUnavailable(retry_after=5)

    monkeypatch.setattr(charts, "draw", fails)
    made = await add_screening(racing_screening)
    refused = await racing_screening.get(f"{URL}/{made['id']}/profile", headers=SVG)
    assert_problem(refused, 503, "chart-unavailable")
    assert refused.headers["retry-after"] == "5"
