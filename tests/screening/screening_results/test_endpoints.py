"""What a screening came to: in words, and as a picture."""

import httpx
import pytest

from tests.screening.screenings.made import CALLING, URL, add_screening
from tests.support.problems import assert_problem


async def test_a_result_is_explained_in_two_languages_down_to_the_answers(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening, answers=CALLING)
    result = (await screening.get(f"{URL}/{made['id']}/result")).json()
    assert (result["outcome"], result["is_confirmed"], result["replaced"]) == ("positive", False, [])
    told = (await screening.get(f"{URL}/{made['id']}/explanation")).json()
    assert told["sentences"]["pl"][-1].endswith("a nie diagnoza.")
    assert told["sentences"]["en"][-1].endswith("not a diagnosis.")
    assert {"item": "Y_MOVE1", "value": 2.0, "points": 2.0} in told["trace"]["MOVEMENT"]


async def test_a_draft_has_no_result(screening: httpx.AsyncClient) -> None:
    draft = await add_screening(screening, submission=None)
    for part in ("result", "explanation", "profile"):
        assert_problem(await screening.get(f"{URL}/{draft['id']}/{part}"), 409, "result-not-available")


@pytest.mark.parametrize(
    ("accept", "kind", "begins"),
    [
        ("image/svg+xml", "image/svg+xml", b"<svg"),
        ("image/png", "image/png", b"\x89PNG"),
        ("application/vnd.vegalite.v6+json", "application/json", b'{"$schema"'),
    ],
)
async def test_a_profile_is_drawn_as_asked(screening: httpx.AsyncClient, accept: str, kind: str, begins: bytes) -> None:
    made = await add_screening(screening, answers=CALLING)
    drawn = await screening.get(f"{URL}/{made['id']}/profile", headers={"accept": accept})
    assert (drawn.status_code, drawn.headers["content-type"].partition(";")[0]) == (200, kind)
    assert drawn.content.startswith(begins)


async def test_what_cannot_be_drawn_is_refused(screening: httpx.AsyncClient) -> None:
    made = await add_screening(screening)
    asked = screening.get(f"{URL}/{made['id']}/profile", headers={"accept": "application/pdf"})
    assert_problem(await asked, 406, "not-acceptable")
