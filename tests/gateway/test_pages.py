"""The pages for people, and what operators look at."""

import gzip
import hashlib
import json
import re
from typing import Any

import pytest

from gateway.portal import ASSETS
from services.chassis.ground.problems import Problem, catalogue
from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import AssertProblem, FakeService, serving

KINDS = sorted(set(catalogue()), key=lambda kind: kind.slug())
RELEASED = {  # Swagger UI 5.34.0
    "swagger-ui-bundle.js": "3f6abf70480db7e07914df4c98a77385f22ea585eaf457a3e6415ba0eae2d167",
    "swagger-ui.css": "c3cfe8248c4b0b89673600fb829924eafbac6de4bc4b2b06f5f5243483074d0a",
}
HTML = "Accept: text/html,application/xhtml+xml,*/*;q=0.8"


async def lacking(town: Town, kind: type[Problem]) -> list[str]:
    """What is not as it should be where a problem is explained, to people and to a program."""
    path, found = f"/problems/{kind.slug()}", []
    for language, told in (("pl", kind.title_pl), ("en", "")):
        answer = await town.ask(path, HTML, f"Accept-Language: {language}", token=None)
        text = answer.body.decode().replace("&#x27;", "'")
        if (answer.status, answer.header("content-language")) != (200, language):
            found.append(f"{answer.status} in {answer.header('content-language')} for {language}")
        found += [part for part in (f'<html lang="{language}">', str(kind.status), told) if part not in text]
    program = json.loads((await town.ask(path, "Accept: application/json", token=None)).body)
    return found if (program["type"], program["status"]) == (path, kind.status) else [*found, str(program)]


async def test_every_problem_has_a_page_in_both_languages(open_town: Town) -> None:
    assert KINDS
    assert {kind.slug(): wrong for kind in KINDS if (wrong := await lacking(open_town, kind))} == {}


async def test_the_problems_of_a_service_have_pages_too(town: Town) -> None:
    town.registry.problems = json.dumps(
        [
            {
                "slug": "lantern-broken",
                "status": 409,
                "title": {"en": "It is <closed>", "pl": "Jest zamknięta"},
                "advice": {"en": "Open it & come again."},
            },
            {"slug": "broken"},
        ]
    ).encode()
    await town.open()
    page = (await town.ask("/problems/lantern-broken", HTML, "Accept-Language: en")).body.decode()
    assert "It is &lt;closed&gt;" in page
    assert "Open it &amp; come again." in page
    assert "/problems/lantern-broken" in (await town.ask("/problems", HTML)).body.decode()
    assert (await town.ask("/problems/broken", HTML)).status == 404


async def test_an_unknown_problem_has_no_page(open_town: Town, assert_problem: AssertProblem) -> None:
    assert_problem(await open_town.ask("/problems/made-up"), 404, "not-found")
    assert_problem(await open_town.ask("/problemsx"), 404, "not-found")


@pytest.mark.parametrize("path", ["/", "/docs", "/problems", "/problems/not-found"])
async def test_a_page_loads_nothing_from_elsewhere_and_runs_no_script_of_its_own(open_town: Town, path: str) -> None:
    answer = await open_town.ask(path, HTML, token=None)
    text, policy = answer.body.decode(), answer.header("content-security-policy") or ""
    loaded = re.findall(r'(?:src|href)="([^"]*)"', text)
    assert loaded
    assert all(re.fullmatch(r"/[^/].*|/|data:,|#content", address) for address in loaded)
    assert not re.search(r"<script(?![^>]*\ssrc=)|\son\w+=|\sstyle=|<style", text)
    assert "default-src 'none'" in policy
    assert "unsafe" not in policy
    assert "http" not in policy


@pytest.mark.parametrize("path", ["/", "/docs", "/problems", "/problems/not-found"])
async def test_a_page_can_be_used_without_a_mouse_or_a_screen(open_town: Town, path: str) -> None:
    text = (await open_town.ask(path, HTML, token=None)).body.decode()
    assert text.count("<h1>") == 1
    assert '<main id="content"' in text
    assert 'class="skip" href="#content"' in text
    assert "<nav aria-label=" in text
    assert re.search(r"<title>[^<]+</title>", text)


@pytest.mark.parametrize("name", sorted(ASSETS))
async def test_an_asset_is_served_once_and_then_only_confirmed(open_town: Town, name: str) -> None:
    answer = await open_town.ask(f"/docs/assets/{name}", token=None)
    assert answer.body == ASSETS[name].read_bytes()
    again = await open_town.ask(f"/docs/assets/{name}", f"If-None-Match: {answer.header('etag')}", token=None)
    assert (again.status, again.body) == (304, b"")
    packed = await open_town.ask(f"/docs/assets/{name}", "Accept-Encoding: br, gzip", token=None)
    assert (gzip.decompress(packed.body), packed.header("content-encoding")) == (answer.body, "gzip")
    plain = await open_town.ask(f"/docs/assets/{name}", "Accept-Encoding: GZIP;q=0.0, br", token=None)
    assert (plain.body, plain.header("content-encoding")) == (answer.body, None)
    assert (packed.header("vary"), packed.header("etag") != answer.header("etag")) == ("Accept-Encoding", True)
    known = f"If-None-Match: {packed.header('etag')}"
    assert (await open_town.ask(f"/docs/assets/{name}", known, "Accept-Encoding: gzip", token=None)).status == 304


def test_swagger_ui_is_the_build_that_its_makers_released() -> None:
    """It runs beside people's tokens: record 2 says how to compare a new one before it goes in."""
    assert {name: hashlib.sha256(ASSETS[name].read_bytes()).hexdigest() for name in RELEASED} == RELEASED


def test_the_documentation_page_tells_nobody_outside() -> None:
    script = ASSETS["docs.js"].read_text()
    assert "validatorUrl: null" in script
    assert "queryConfigEnabled: false" in script
    assert "persistAuthorization: false" in script


async def test_the_documentation_opens_with_one_service_and_leads_to_the_others(open_town: Town) -> None:
    first = (await open_town.ask("/docs", HTML, "Accept-Language: en", token=None)).body.decode()
    assert 'data-document="/openapi.json?service=registry"' in first
    assert '<a href="/docs?service=registry" aria-current="page">registry</a>' in first
    assert (await open_town.ask("/docs?service=nothing", HTML, token=None)).status == 422


async def test_a_development_token_is_offered_beside_a_development_issuer_alone(town: Town) -> None:
    await town.open(issuer_upstream=f"unix:{town.folder}/issuer.sock")
    assert 'data-issuer="/issuer"' in (await town.ask("/docs", HTML, token=None)).body.decode()


async def test_no_development_token_is_offered_elsewhere(open_town: Town) -> None:
    assert "issuer" not in (await open_town.ask("/docs", HTML, token=None)).body.decode()


@pytest.mark.parametrize("method", ["POST", "PUT", "PATCH", "DELETE"])
async def test_pages_are_only_read(open_town: Town, assert_problem: AssertProblem, method: str) -> None:
    answer = await open_town.ask("/docs", method=method)
    assert_problem(answer, 405, "method-not-allowed")
    assert answer.header("allow") == "GET, HEAD"


async def test_head_of_a_page_has_its_length_and_no_body(open_town: Town) -> None:
    answer = await open_town.ask("/docs", HTML, method="HEAD", token=None)
    assert (answer.status, answer.body) == (200, b"")
    assert int(answer.header("content-length") or 0) > 500


async def readiness(town: Town, query: str = "") -> tuple[int, Any]:
    """What a balancer is told, asked for anew."""
    town.gateway.entrance.health._known_until = 0.0
    answer = await town.ask(f"/readyz{query}", token=None)
    return answer.status, json.loads(answer.body)


async def test_a_service_that_is_not_ready_takes_no_other_one_along(town: Town) -> None:
    screening, socket = FakeService(), town.folder / "screening.sock"
    await town.stack.enter_async_context(serving(screening, socket=socket))
    await town.open(screening_upstreams=[f"unix:{socket}"])
    town.gateway.entrance.health._authentication._verifier._keys = object()  # type: ignore[assignment]
    both = {"registry": "ok", "screening": "ok"}
    assert await readiness(town) == (200, {"status": "ok", "services": both})
    screening.ready = False
    assert await readiness(town) == (200, {"status": "degraded", "services": both | {"screening": "unavailable"}})
    assert await readiness(town, "?service=registry") == (200, {"status": "ok"})
    assert await readiness(town, "?service=screening") == (503, {"status": "unavailable"})
    town.registry.ready = False
    assert await readiness(town) == (503, {"status": "unavailable", "services": dict.fromkeys(both, "unavailable")})
    screening.ready = True
    assert (await readiness(town))[1]["status"] == "degraded"
    town.gateway.entrance.stop()
    assert await readiness(town) == (503, {"status": "unavailable", "services": dict.fromkeys(both, "unavailable")})
    assert (await readiness(town, "?service=screening"))[0] == 503
    assert (await town.ask("/livez", token=None)).status == 200


async def test_without_the_issuers_keys_nothing_can_be_served(open_town: Town) -> None:
    assert await readiness(open_town) == (503, {"status": "unavailable", "services": {"registry": "unavailable"}})


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("?service=screening", "service", "not_listed"),
        ("?service=", "service", "not_listed"),
        ("?service=issuer", "service", "not_listed"),
        ("?service=registry&service=registry", "service", "repeated"),
        ("?verbose=1", "verbose", "unknown"),
    ],
)
async def test_readiness_is_asked_for_services_that_are_deployed(
    open_town: Town, assert_problem: AssertProblem, query: str, parameter: str, code: str
) -> None:
    [error] = assert_problem(await open_town.ask(f"/readyz{query}"), 422, "validation-failed")["errors"]
    assert (error["parameter"], error["code"]) == (parameter, code)


async def test_one_line_is_written_for_each_request_and_names_nobody(
    town: Town, capsys: pytest.CaptureFixture[str]
) -> None:
    await town.open(log_level="INFO")
    answer = await town.ask("/v1/registry/institutions/44051401359?q=Kowalska")
    await town.ask("/v1/registry/institutions", token="guess")
    town.gateway.entrance.journal.write()
    written = capsys.readouterr().out
    lines = [json.loads(line) for line in written.splitlines()]
    assert [(line["method"], line["route"], line["status"]) for line in lines] == [
        ("GET", "registry", 200),
        ("GET", "registry", 401),
    ]
    assert lines[0]["trace_id"] == (answer.header("traceparent") or "").split("-")[1]
    assert not [word for word in ("44051401359", "Kowalska", "anna", "guess", ANNA) if word in written]
