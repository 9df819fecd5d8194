"""Instrument packages through the API."""

from typing import Any

import httpx
import pytest

from services.screening.instrument_packages.rules import canonical_bytes
from tests.screening.instrument_packages.asks import package, signed, trust
from tests.screening.instruments.test_endpoints import CANARY, MANAGER, licensed
from tests.support.problems import assert_problem

URL = "/v1/screening/instrument-packages"


@pytest.fixture
def manager(screening: httpx.AsyncClient) -> httpx.AsyncClient:
    screening.headers.update(MANAGER)
    trust(screening)
    return screening


async def test_a_signed_package_becomes_drafts_of_a_version_and_of_its_norms(manager: httpx.AsyncClient) -> None:
    loaded = await manager.post(URL, json=signed(package()))
    assert loaded.status_code == 201, loaded.text
    assert (loaded.json()["state"], loaded.json()["publisher"]) == ("draft", "publisher")
    norms = (await manager.get(f"{loaded.headers['location']}/norm-sets")).json()["items"]
    assert [(one["code"], one["state"]) for one in norms] == [("EXAMPLE-2026", "draft")]


async def test_a_second_package_of_an_instrument_is_its_next_version(manager: httpx.AsyncClient) -> None:
    first = package()
    assert (await manager.post(URL, json=signed(first))).json()["number"] == 1
    assert_problem(await manager.post(URL, json=signed(first)), 409, "package-already-loaded")


async def test_texts_of_a_licensed_package_are_kept_and_never_shown(manager: httpx.AsyncClient) -> None:
    loaded = await manager.post(URL, json=signed(package(definition=licensed(), norm_sets=[])))
    assert loaded.status_code == 201, loaded.text
    assert CANARY not in loaded.text + (await manager.get(loaded.headers["location"])).text


@pytest.mark.parametrize(
    "spoil",
    [
        lambda sent: sent | {"signature": None},
        lambda sent: sent | {"publisher": "somebody else"[:8]},
        lambda sent: sent | {"publisher": None},
        lambda sent: sent | {"package": sent["package"] | {"norm_sets": []}},
        lambda sent: sent | {"signature": "A" * 86 + "=="},
    ],
    ids=["unsigned", "another publisher", "no publisher", "altered", "another signature"],
)
async def test_a_package_that_no_trusted_publisher_signed_is_refused(manager: httpx.AsyncClient, spoil: Any) -> None:
    assert_problem(await manager.post(URL, json=spoil(signed(package()))), 422, "package-not-trusted")


@pytest.mark.parametrize(
    ("environment", "publishers", "status"),
    [("development", {}, 201), ("test", {}, 422), ("development", None, 422)],
)
async def test_an_unsigned_package_is_taken_only_in_development_where_no_publisher_is_known(
    manager: httpx.AsyncClient, environment: str, publishers: dict[str, str] | None, status: int
) -> None:
    trust(manager, publishers, environment=environment)
    assert (await manager.post(URL, json={"package": package()})).status_code == status


async def test_what_is_wrong_in_a_package_is_named_by_its_place(manager: httpx.AsyncClient) -> None:
    content = package()
    content["norm_sets"] = [{"code": "N", "document": {"title": {"pl": "Normy"}}}]
    wrong = await manager.post(URL, json=signed(content))
    assert assert_problem(wrong, 422, "validation-failed")["errors"][0]["pointer"] == "/package/norm_sets/0/code"
    content["norm_sets"][0]["code"] = "N-1"
    wrong = await manager.post(URL, json=signed(content))
    pointer = assert_problem(wrong, 422, "validation-failed")["errors"][0]["pointer"]
    assert pointer == "/package/norm_sets/0/document/norms"


def test_the_signed_bytes_do_not_depend_on_order_spaces_or_how_a_whole_number_is_written() -> None:
    assert canonical_bytes({"b": 1.0, "a": [{"ż": 0.5}]}) == canonical_bytes({"a": [{"ż": 0.5}], "b": 1})
    assert canonical_bytes({"b": 1.0, "a": [{"ż": 0.5}]}) == '{"a":[{"ż":0.5}],"b":1}'.encode()
