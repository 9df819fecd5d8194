"""An address that two readers could understand differently never reaches a service."""

import pytest

from gateway.routes import Traffic, traffic_of
from tests.gateway.conftest import Town
from tests.gateway.fakes import AssertProblem


@pytest.mark.parametrize(
    "target",
    [
        "/v1/../internal",
        "/v1/registry/..",
        "/v1/registry/./counties",
        "/v1/registry/%2e%2e/internal",
        "/v1/registry/%2E%2E/internal",
        "/v1/registry/%252e%252e/internal",
        "/v1/registry/..;/internal",
        "/v1/registry/counties;a=b",
        "/v1/registry/..%5cinternal",
        "/v1/registry/..\\internal",
        "/v1/registry/counties%2finternal",
        "/v1/registry/counties%00",
        "/v1/registry/counties%0d%0aX:y",
        "/v1/registry//counties",
        "//registry/counties",
        "/v1/registry/counties.",
        "/v1/registry/%c0%ae%c0%ae/internal",
        "/v1/registry/%zz",
        "/v1/registry/%4",
        "/v1/registry/counties%3b",
        "/v1/registry/<script>",
    ],
)
async def test_an_ambiguous_path_is_malformed_and_goes_nowhere(
    open_town: Town, assert_problem: AssertProblem, target: str
) -> None:
    problem = assert_problem(await open_town.ask(target), 400, "malformed-request")
    assert problem["instance"] == "/"
    assert not open_town.registry.seen


@pytest.mark.parametrize(
    "target",
    [
        "/v1/registry/counties/",
        "/v1/r%65gistry/counties",
        "/v1/registry/%63ounties",
        "/V1/registry/counties",
        "/v1/REGISTRY/counties",
        "/v1/registry",
        "/v1/screening/campaigns",
        "/v1/",
        "/internal/metrics",
        "/v1/metrics",
        "/docs/",
        "/docs/assets/../main.py",
        "/docs/assets/LICENSE",
        "/favicon.ico",
    ],
)
async def test_another_spelling_is_another_address_and_nothing_is_there(open_town: Town, target: str) -> None:
    answer = await open_town.ask(target)
    assert answer.status == (400 if ".." in target else 404)
    assert answer.header("location") is None
    assert not open_town.registry.seen


@pytest.mark.parametrize(
    "target",
    [
        "/v1/registry/institutions/01890a5d-ac96-774b-bcce-b302099a8057",
        "/v1/registry/institutions:batch",
        "/v1/registry/programmes/%C5%9Bwidnica",
        "/v1/registry/groups/7/sessions.ics?from=2026-01-01&q=%00%2e%2e//",
        "/v1/registry/counties?near=51.1,22.2",
    ],
)
async def test_a_plain_address_is_passed_on_byte_for_byte(open_town: Town, target: str) -> None:
    assert (await open_town.ask(target)).status == 200
    seen = open_town.registry.seen[0]
    assert seen.path + (f"?{seen.query}" if seen.query else "") == target


async def test_a_target_may_have_8192_bytes_and_no_more(open_town: Town, assert_problem: AssertProblem) -> None:
    path = "/v1/registry/counties?q="
    assert (await open_town.ask(path + "a" * (8193 - len(path)))).status == 200
    assert_problem(await open_town.ask(path + "a" * (8194 - len(path))), 414, "target-too-long")
    assert_problem(await open_town.ask("/" + "a" * 65_536), 414, "target-too-long")


@pytest.mark.parametrize(
    "path",
    [
        b"/v1/registry/institution-imports",
        b"/v1/registry/documents/01990000-0000-7000-8000-000000000001/versions/1/file",
        b"/v1/training/materials/01990000-0000-7000-8000-000000000001/file",
        b"/v1/casework/documents/01990000-0000-7000-8000-000000000001/attachments",
    ],
)
def test_a_file_that_is_sent_is_bounded_by_its_service_and_not_as_an_ordinary_body(path: bytes) -> None:
    assert traffic_of("POST", path, b"", b"*/*") is Traffic.TRANSFER
    assert traffic_of("POST", path + b"s", b"", b"*/*") is Traffic.CALL
