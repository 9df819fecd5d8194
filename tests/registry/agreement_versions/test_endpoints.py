"""The texts of agreements, through the API."""

import httpx
import pytest

from tests.registry.agreements.asks import TEXT
from tests.registry.agreements.stories import draw_up, signed, titles
from tests.support.problems import assert_problem
from tests.support.records import add_territory


@pytest.fixture(autouse=True)
async def territory(registry: httpx.AsyncClient) -> None:
    await add_territory(registry)


async def test_an_annex_prolongs_what_is_signed_and_the_former_last_day_is_kept(registry: httpx.AsyncClient) -> None:
    path = await signed(registry, valid_to="2026-12-31")
    annex = TEXT | {"valid_from": "2026-06-01", "valid_to": "2028-12-31"}
    for wrong in ("2026-12-31", "2026-07-01"):
        refused = await registry.post(f"{path}/versions", json=annex | {"valid_to": wrong})
        assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    made = (await registry.post(f"{path}/versions", json=annex)).json()
    assert (made["number"], made["valid_to"], made["valid_to_before"]) == (2, "2028-12-31", "2026-12-31")
    assert (await registry.get(path)).json()["valid_to"] == "2028-12-31"
    assert await titles(registry, "as_of=2027-06-01") == ["Pakt"]


async def test_neither_a_draft_nor_what_has_no_end_is_prolonged(registry: httpx.AsyncClient) -> None:
    annex = TEXT | {"valid_to": "2028-12-31"}
    for path in (await draw_up(registry, valid_to="2026-12-31"), await signed(registry)):
        refused = await registry.post(f"{path}/versions", json=annex)
        assert assert_problem(refused, 422, "validation-failed")["errors"][0]["code"] == "not_allowed"
        assert (await registry.get(path)).json()["valid_to"] in {None, "2026-12-31"}


async def test_the_text_that_was_signed_stays_and_an_annex_has_its_own_number(registry: httpx.AsyncClient) -> None:
    path = await signed(registry)
    annex = TEXT | {"document_sha256": "b" * 64, "valid_from": "2026-03-01", "note": "aneks nr 1"}
    added = await registry.post(f"{path}/versions", json=annex)
    assert (added.status_code, added.json()["number"], added.json()["recorded_by"]) == (201, 2, "registry_editor")
    texts = (await registry.get(f"{path}/versions")).json()["items"]
    assert [(text["number"], text["document_sha256"][0]) for text in texts] == [(2, "b"), (1, "a")]
    earlier = await registry.post(f"{path}/versions", json=annex | {"valid_from": "2026-02-28"})
    assert assert_problem(earlier, 422, "validation-failed")["errors"][0]["code"] == "wrong_order"
    assert (await registry.get(path)).json()["text_number"] == 2


@pytest.mark.parametrize("checksum", ["a" * 63, "a" * 65, "A" * 64, "g" * 64, ""])
async def test_a_text_has_a_checksum(registry: httpx.AsyncClient, checksum: str) -> None:
    path = await draw_up(registry)
    answer = await registry.post(f"{path}/versions", json=TEXT | {"document_sha256": checksum})
    assert assert_problem(answer, 422, "validation-failed")["errors"][0]["pointer"] == "/document_sha256"


async def test_a_text_is_read_alone_by_its_number_and_its_tag(registry: httpx.AsyncClient) -> None:
    path = await draw_up(registry)
    made = await registry.post(f"{path}/versions", json=TEXT)
    place = made.headers["location"]
    read = await registry.get(place)
    assert (read.status_code, read.json()) == (200, made.json())
    again = await registry.get(place, headers={"if-none-match": made.headers["etag"]})
    assert (again.status_code, again.headers["etag"]) == (304, made.headers["etag"])
    missing = await registry.get(f"{path}/versions/{made.json()['number'] + 1}")
    assert_problem(missing, 404, "agreement-version-not-found")
