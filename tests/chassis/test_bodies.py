"""What the JSON boundary and the scalars refuse, and that no refusal repeats what was sent."""

import json
from typing import Any

import httpx
import pytest
from hypothesis import given
from hypothesis import strategies as st

from services.chassis.ground.bodies import DEEPEST, parse_json_object, require_json
from services.chassis.ground.problems import Problem, UnsupportedMediaType
from tests.support.callers import call_as
from tests.support.problems import assert_problem
from tests.support.records import add_territory, fetch

URL = "/v1/registry/institutions"
CANARY = "KANAREK-93021"
JSON = {"content-type": "application/json"}


def institution(name: str = f'"{CANARY}"', more: str = "") -> bytes:
    """The bytes of a body whose `name` is written exactly so."""
    return (f'{{"type":"kindergarten","county_terc":"2469","name":{name}{more}}}').encode()


BROKEN = {
    "D01 not a number": (institution(more=',"latitude":NaN'), 400, "malformed-json"),
    "D01 infinite": (institution(more=',"latitude":Infinity'), 400, "malformed-json"),
    "D01 minus infinite": (institution(more=',"latitude":-Infinity'), 400, "malformed-json"),
    "D02 beyond a double": (institution(more=',"latitude":1e999'), 422, "validation-failed"),
    "D02 below a double": (institution(more=',"latitude":-1e999'), 422, "validation-failed"),
    "D03 beyond a double, nested": (institution(more=',"x":{"y":[1e999]}'), 422, "validation-failed"),
    "D05 NUL": (institution(f'"{CANARY}\\u0000"'), 422, "validation-failed"),
    "D05 NUL in a field name": (institution(more=',"a\\u0000":1'), 422, "validation-failed"),
    "D06 lone high surrogate": (institution(f'"{CANARY}\\ud800"'), 422, "validation-failed"),
    "D06 lone low surrogate": (institution(f'"\\udc00{CANARY}"'), 422, "validation-failed"),
    "D07 broken UTF-8": (institution().replace(b"KAN", b"\xff\xfe"), 400, "malformed-json"),
    "D07 overlong UTF-8": (institution().replace(b"KAN", b"\xc0\xaf"), 400, "malformed-json"),
    "D07 surrogate written in UTF-8": (institution().replace(b"KAN", b"\xed\xa0\x80"), 400, "malformed-json"),
    "D08 UTF-16": (institution().decode().encode("utf-16"), 400, "malformed-json"),
    "D08 UTF-32": (institution().decode().encode("utf-32"), 400, "malformed-json"),
    "D08 byte order mark": (b"\xef\xbb\xbf" + institution(), 400, "malformed-json"),
    "D09 nested 33 deep": (institution(more=',"x":' + "[" * 32 + "]" * 32), 400, "malformed-json"),
    "D09 nested 100,000 deep": (institution(more=',"x":' + "[" * 100_000 + "]" * 100_000), 400, "malformed-json"),
    "D09 opened 100,000 times": (b'{"a":' * 100_000, 400, "malformed-json"),
    "D10 beyond int4": (institution(more=',"places":2147483648'), 422, "validation-failed"),
    "D10 beyond int8": (institution(more=',"places":9223372036854775808'), 422, "validation-failed"),
    "D10 4,000 digits": (institution(more=',"places":' + "9" * 4000), 422, "validation-failed"),
    "D10 5,000 digits": (institution(more=',"places":-' + "9" * 5000), 422, "validation-failed"),
    "D11 a decimal for an integer": (institution(more=',"places":1.0'), 422, "validation-failed"),
    "D11 text for an integer": (institution(more=',"places":"1"'), 422, "validation-failed"),
    "D11 true for an integer": (institution(more=',"places":true'), 422, "validation-failed"),
    "D11 one for a boolean": (institution(more=',"is_accessible":1'), 422, "validation-failed"),
    "D11 yes for a boolean": (institution(more=',"is_accessible":"yes"'), 422, "validation-failed"),
    "D11 a number for text": (institution("93021"), 422, "validation-failed"),
    "D12 junk behind": (institution() + b"x", 400, "malformed-json"),
    "D12 a second document": (institution() * 2, 400, "malformed-json"),
    "D12 a comment": (b"/* */" + institution(), 400, "malformed-json"),
    "D12 a trailing comma": (institution(more=","), 400, "malformed-json"),
    "D12 nothing": (b"", 400, "malformed-json"),
    "D12 white space": (b" \n", 400, "malformed-json"),
    "D12 null": (b"null", 400, "malformed-json"),
    "D12 an array": (b"[" + institution() + b"]", 400, "malformed-json"),
    "D12 a scalar": (f'"{CANARY}"'.encode(), 400, "malformed-json"),
    "D12 single quotes": (institution().replace(b'"', b"'"), 400, "malformed-json"),
    "D13 unknown field": (institution(more=f',"colour":"{CANARY}"'), 422, "validation-failed"),
    "D16 100,000 elements": (institution(more=',"accessibility":[' + '"lift",' * 99_999 + '"lift"]'), 422, "*"),
    "D16 1,001 keys": (json.dumps(dict.fromkeys(map(str, range(1001)), 1)).encode(), 422, "validation-failed"),
    "a repeated field": (institution(more=f',"name":"{CANARY} 2"'), 400, "malformed-json"),
    "a raw line feed": (institution(f'"{CANARY}\n"'), 400, "malformed-json"),
    "R05 its own id": (institution(more=',"id":"01990000-0000-7000-8000-000000000001"'), 422, "validation-failed"),
    "R05 its own version": (institution(more=',"version":7'), 422, "validation-failed"),
    "R05 its own history": (institution(more=',"valid_from":"1999-01-01"'), 422, "validation-failed"),
}


@pytest.mark.parametrize(("body", "status", "slug"), BROKEN.values(), ids=BROKEN.keys())
async def test_a_broken_body_is_refused_writes_nothing_and_is_not_repeated(
    registry: httpx.AsyncClient, body: bytes, status: int, slug: str
) -> None:
    await add_territory(registry)
    answer = await registry.post(URL, content=body, headers=JSON)
    problem = assert_problem(answer, status, "validation-failed" if slug == "*" else slug)
    assert CANARY not in answer.text
    assert "93021" not in json.dumps(problem.get("errors", []))
    assert await fetch(registry, "SELECT 1 FROM institutions UNION ALL SELECT 1 FROM audit_records") == []


@pytest.mark.parametrize(
    "content_type",
    [
        "text/plain",
        "",
        "application/x-www-form-urlencoded",
        "application/json; charset=utf-16",
        "application/json; charset=latin-1",
        "application/json; profile=x",
        "application/vnd.api+json",
        "multipart/form-data",
        "application/json, text/plain",
    ],
)
async def test_another_media_type_is_refused(registry: httpx.AsyncClient, content_type: str) -> None:
    answer = await registry.post(URL, content=institution(), headers={"content-type": content_type})
    assert_problem(answer, 415, "unsupported-media-type")


@pytest.mark.parametrize("content_type", ["application/json", 'Application/JSON ; charset="UTF-8"'])
def test_json_in_utf_8_is_read_however_its_name_is_written(content_type: str) -> None:
    require_json(content_type)


def test_a_merge_patch_is_json_and_a_form_is_not() -> None:
    require_json("application/merge-patch+json")
    with pytest.raises(UnsupportedMediaType):
        require_json("application/merge-patch")


async def test_a_compressed_body_is_refused(registry: httpx.AsyncClient) -> None:
    answer = await registry.post(URL, content=institution(), headers=JSON | {"content-encoding": "gzip"})
    assert_problem(answer, 415, "unsupported-media-type")


async def test_a_body_over_the_limit_is_refused_by_what_it_declares(registry: httpx.AsyncClient) -> None:
    answer = await registry.post(URL, content=b" ", headers=JSON | {"content-length": "1073741824"})
    assert assert_problem(answer, 413, "content-too-large")["limit_bytes"] == 1_048_576


async def test_a_body_over_the_limit_is_refused_while_it_streams(registry: httpx.AsyncClient) -> None:
    sent = 0

    async def endless() -> Any:
        nonlocal sent
        while True:
            sent += 1
            yield b" " * 65_536

    assert_problem(await registry.post(URL, content=endless(), headers=JSON), 413, "content-too-large")
    assert sent <= 18


@pytest.mark.parametrize("length", ["+3", "0x3", "1_0", "abc", "-1", "", "²", "9" * 30])
async def test_a_content_length_that_is_no_number_is_refused(registry: httpx.AsyncClient, length: str) -> None:
    headers = [(b"content-type", b"application/json"), (b"content-length", length.encode("latin-1"))]
    answer = await registry.post(URL, content=institution(), headers=headers)
    assert answer.status_code in {400, 413}


async def test_a_field_is_named_as_a_json_pointer(registry: httpx.AsyncClient) -> None:
    answer = await registry.post(URL, json={"type": "kindergarten", "a/b~c": 1, "accessibility": ["lift", 5]})
    pointers = {error["pointer"]: error["code"] for error in assert_problem(answer, 422, "validation-failed")["errors"]}
    assert pointers == {"/name": "missing", "/a~1b~0c": "unknown", "/accessibility/1": "wrong_type"}


@pytest.mark.parametrize(
    ("query", "parameter", "code"),
    [
        ("colour=red", "colour", "unknown"),
        ("limit=10&limit=20", "limit", "repeated"),
        ("q=%00", "q", "not_allowed_character"),
        ("q=%ff", "q", "not_allowed_character"),
        ("q=a%E2%80%AEb", "q", "not_allowed_character"),
        ("limit=0", "limit", "too_small"),
        ("limit=-1", "limit", "wrong_format"),
        ("limit=1000000000", "limit", "wrong_format"),
        ("limit=201", "limit", "too_large"),
        ("limit=1_0", "limit", "wrong_format"),
        ("limit=%2B1", "limit", "wrong_format"),
        ("limit=%D9%A1", "limit", "wrong_format"),
        ("limit=", "limit", "wrong_format"),
        ("type=kindergarten&type=castle", "type", "not_listed"),
        ("county_terc=2469&county_terc=24691", "county_terc", "wrong_format"),
        ("as_of=2026-02-30", "as_of", "wrong_format"),
        ("sort=password", "sort", "not_listed"),
        ("sort=name;drop", "sort", "not_listed"),
        ("fields=name,secret", "fields", "not_listed"),
        ("q=" + "a" * 101, "q", "too_long"),
    ],
)
async def test_a_wrong_parameter_is_named_and_its_value_is_not(
    registry: httpx.AsyncClient, query: str, parameter: str, code: str
) -> None:
    problem = assert_problem(await registry.get(f"{URL}?{query}"), 422, "validation-failed")
    assert [(error["parameter"], error["code"]) for error in problem["errors"]] == [(parameter, code)]
    assert problem["instance"] == URL


async def test_an_endless_query_is_refused(registry: httpx.AsyncClient) -> None:
    assert_problem(await registry.get(f"{URL}?q={'a' * 5000}"), 400, "malformed-request")


def test_a_string_that_never_ends_costs_one_pass() -> None:
    """Scanning it again from each of its quotes would take hours."""
    with pytest.raises(Problem):
        parse_json_object(b"[]" * (DEEPEST + 1) + b'"' + b'\\"' * 500_000)


_storable = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\0"), max_size=20)


_values = st.recursive(
    st.none()
    | st.booleans()
    | st.integers(-(2**63) + 1, 2**63 - 1)
    | st.floats(allow_nan=False, allow_infinity=False)
    | _storable,
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(_storable, inner, max_size=4),
    max_leaves=12,
)


@given(st.dictionaries(_storable, _values, max_size=5), st.booleans())
def test_what_the_boundary_takes_it_takes_unchanged(document: dict[str, Any], ascii_only: bool) -> None:
    assert parse_json_object(json.dumps(document, ensure_ascii=ascii_only).encode()) == document


@given(
    st.binary(max_size=200)
    | st.text(alphabet='{}[]":,\\u0d8 1e+-.tfn', max_size=200).map(lambda text: text.encode())
    | st.text(max_size=100).map(lambda text: text.encode("utf-16", "surrogatepass"))
)
def test_any_bytes_are_an_object_or_a_problem(body: bytes) -> None:
    parsed: dict[str, Any] | Problem
    try:
        parsed = parse_json_object(body)
    except Problem as problem:
        parsed = problem
    assert isinstance(parsed, dict) or (parsed.status in {400, 422} and parsed.members == {})


async def test_a_caller_without_a_token_learns_nothing_about_the_body(registry: httpx.AsyncClient) -> None:
    answer = await registry.post(URL, content=institution(), headers=JSON | {"authorization": ""})
    assert_problem(answer, 401, "unauthenticated")
    answer = await registry.post(URL, content=institution(), headers=JSON | call_as("trainee"))
    assert_problem(answer, 403, "forbidden")
