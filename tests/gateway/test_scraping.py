"""The gateway's figures are for whoever scrapes its other address, and for nobody else."""

import re
from typing import Any

import pytest

from deploy.port import free_port
from gateway.main import Gateway
from gateway.settings import GatewaySettings
from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import read_answer, speak

HOST = b" HTTP/1.1\r\nHost: gateway:9100\r\n\r\n"


async def test_figures_have_an_address_of_their_own_and_name_nobody(town: Town) -> None:
    port = free_port()
    await town.open(metrics_address=f"127.0.0.1:{port}")
    await town.ask("/v1/registry/institutions/44051401359?q=Kowalska")
    scraped = read_answer(await speak(port, b"GET /metrics" + HOST))
    figures = scraped.body.decode()
    assert (scraped.status, 'route="registry"' in figures) == (200, True)
    assert not {"44051401359", "Kowalska", "anna", ANNA} & set(re.findall(r"[\w-]+", figures))
    assert (await town.ask("/metrics")).status == 404


async def test_at_the_address_of_the_figures_there_is_nothing_else(town: Town) -> None:
    port = free_port()
    await town.open(metrics_address=f"127.0.0.1:{port}")
    for asked in (b"GET /v1/registry/institutions", b"GET /metrics?a=1", b"POST /metrics", b"GET /readyz"):
        refused = read_answer(await speak(port, asked + HOST))
        assert (refused.status, refused.body) == (404, b"")
    assert town.registry.seen == []


@pytest.mark.parametrize("lines", [(), ("X-Forwarded-For: 127.0.0.1",)])
async def test_callers_get_no_figures_even_on_this_machine(open_town: Town, lines: tuple[str, ...]) -> None:
    assert (await open_town.ask("/metrics", *lines, token=None)).status == 404


async def test_a_gateway_whose_address_of_figures_is_taken_does_not_start(open_town: Town) -> None:
    taken = f"127.0.0.1:{open_town.port}"
    settings = GatewaySettings(environment="test", oidc_issuer="http://issuer", metrics_address=taken)
    told: list[dict[str, Any]] = []

    async def receive() -> dict[str, Any]:
        return {"type": "lifespan.startup"}

    async def send(message: dict[str, Any]) -> None:
        told.append(message)

    await Gateway(lambda: settings)({"type": "lifespan"}, receive, send)
    assert [message["type"] for message in told] == ["lifespan.startup.failed"]
    assert "metrics_address: " in told[0]["message"]


@pytest.mark.parametrize("address", ["9100", "gateway", "gateway:", "http://gateway:9100", "a b:9100"])
def test_an_address_of_figures_is_a_host_and_a_port(address: str) -> None:
    with pytest.raises(ValueError, match="metrics_address"):
        GatewaySettings(environment="test", oidc_issuer="http://issuer", metrics_address=address)
