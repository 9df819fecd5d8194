"""What passes in either direction is on a list; everything else stays where it is."""

import json

import pytest

from gateway.headers import PASSED_ON, READ_HERE
from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import AssertProblem

TRACE = "0af7651916cd43dd8448eb211c80319c"
WRITTEN_BY_THE_GATEWAY = {"host", "x-forwarded-for", "x-deadline-ms", "traceparent"}
VALUES = {"content-length": "0", "authorization": f"Bearer {ANNA}"}


@pytest.mark.parametrize(
    "name", sorted(name.decode() for name in PASSED_ON.keys() - {b"authorization", b"content-length"})
)
async def test_a_listed_header_reaches_the_service(open_town: Town, name: str) -> None:
    await open_town.ask("/v1/registry/institutions", f"{name}: some value")
    assert open_town.registry.seen[0].header(name) == "some value"


@pytest.mark.parametrize(
    "name",
    [
        "accept-encoding",
        "cookie",
        "forwarded",
        "keep-alive",
        "origin",
        "proxy-authorization",
        "proxy-connection",
        "range",
        "te",
        "trailer",
        "upgrade",
        "user-agent",
        "via",
        "x-actor",
        "x-county",
        "x-forwarded-host",
        "x-forwarded-proto",
        "x-http-method-override",
        "x-original-url",
        "x-real-ip",
        "x-request-id",
        "x-rewrite-url",
        "x_forwarded_for",
        "splot-caller",
    ],
)
async def test_any_other_header_does_not(open_town: Town, name: str) -> None:
    assert (await open_town.ask("/v1/registry/institutions", f"{name}: 6.6.6.6")).status == 200
    assert open_town.registry.seen[0].header(name) is None


async def test_the_service_sees_listed_headers_and_those_that_the_gateway_vouches_for(open_town: Town) -> None:
    await open_town.ask(
        "/v1/registry/institutions", "X-Forwarded-For: 6.6.6.6", "X-Deadline-Ms: 99999999", "Accept: */*"
    )
    seen = open_town.registry.seen[0]
    assert {name for name, _ in seen.headers} == WRITTEN_BY_THE_GATEWAY | {"accept", "authorization"}
    assert seen.header("authorization") == f"Bearer {ANNA}"
    assert seen.header("x-forwarded-for") == "127.0.0.1"
    assert 29_000 <= int(seen.header("x-deadline-ms") or 0) <= 30_000


async def test_a_header_that_connection_names_is_not_passed_on_by_that(open_town: Town) -> None:
    await open_town.ask("/v1/registry/institutions", "Connection: authorization, x-deadline-ms")
    assert open_town.registry.seen[0].header("authorization") == f"Bearer {ANNA}"
    assert open_town.registry.seen[0].header("connection") is None


@pytest.mark.parametrize(
    ("traceparent", "kept"),
    [
        (f"00-{TRACE}-b7ad6b7169203331-01", True),
        (f"00-{TRACE}-b7ad6b7169203331-00", True),
        (f"00-{TRACE.upper()}-b7ad6b7169203331-01", False),
        (f"ff-{TRACE}-b7ad6b7169203331-01", False),
        (f"00-{'0' * 32}-b7ad6b7169203331-01", False),
        (f"00-{TRACE}-b7ad6b7169203331-01-more", False),
        (f"00-{TRACE}b-7ad6b7169203331-01", False),
        ("a" * 4096, False),
        ("", False),
    ],
)
async def test_a_trace_goes_on_and_a_broken_one_is_replaced(open_town: Town, traceparent: str, kept: bool) -> None:
    answer = await open_town.ask("/v1/registry/institutions", f"traceparent: {traceparent}")
    told = (answer.header("traceparent") or "").split("-")
    passed_on = (open_town.registry.seen[0].header("traceparent") or "").split("-")
    assert told[1] == passed_on[1]
    assert (told[1] == TRACE) == kept
    assert [len(part) for part in passed_on] == [2, 32, 16, 2]


async def test_two_traces_make_a_new_one(open_town: Town) -> None:
    line = f"traceparent: 00-{TRACE}-b7ad6b7169203331-01"
    answer = await open_town.ask("/v1/registry/institutions", line, line)
    assert TRACE not in (answer.header("traceparent") or "")


async def test_what_belongs_to_the_connection_of_the_service_stays_behind(open_town: Town) -> None:
    open_town.registry.headers = [
        (b"content-type", b"application/json"),
        (b"etag", b'"a:1"'),
        (b"link", b'<?cursor=x>; rel="next"'),
        (b"server", b"secret 1.0"),
        (b"x-powered-by", b"secret"),
        (b"keep-alive", b"timeout=5"),
        (b"access-control-allow-origin", b"*"),
        (b"traceparent", b"00-11111111111111111111111111111111-1111111111111111-01"),
    ]
    answer = await open_town.ask("/v1/registry/institutions")
    names = [name for name, _ in answer.headers]
    assert sorted(names) == sorted({*names})
    assert not {"server", "x-powered-by", "keep-alive", "access-control-allow-origin"} & set(names)
    assert "1" * 32 not in (answer.header("traceparent") or "")
    assert (answer.header("etag"), answer.header("link")) == ('"a:1"', '<?cursor=x>; rel="next"')


async def test_an_answer_is_not_stored_and_loads_nothing_unless_the_service_says_so(open_town: Town) -> None:
    answer = await open_town.ask("/v1/registry/institutions")
    assert answer.header("cache-control") == "no-store"
    # default-src stands in for object-src and not for base-uri; both are named (ASVS 3.4.3).
    policy = {part.strip() for part in (answer.header("content-security-policy") or "").split(";")}
    assert policy == {f"{name} 'none'" for name in ("default-src", "base-uri", "object-src", "frame-ancestors")}
    assert answer.header("x-content-type-options") == "nosniff"
    open_town.registry.headers = [(b"cache-control", b"private, max-age=60"), (b"content-security-policy", b"sandbox")]
    answer = await open_town.ask("/v1/registry/institutions")
    assert answer.header("cache-control") == "private, max-age=60"
    assert answer.header("content-security-policy") == "sandbox"


async def test_only_production_demands_an_encrypted_connection_of_browsers(town: Town) -> None:
    await town.open(environment="production")
    answer = await town.ask("/livez")
    assert "max-age=" in (answer.header("strict-transport-security") or "")


async def test_the_address_of_a_caller_is_believed_of_a_trusted_proxy_only(town: Town) -> None:
    await town.open(trusted_proxies=["127.0.0.1"])
    await town.ask("/v1/registry/institutions", "X-Forwarded-For: 6.6.6.6, 10.1.2.3")
    await town.ask("/v1/registry/institutions", "X-Forwarded-For: <script>")
    assert [seen.header("x-forwarded-for") for seen in town.registry.seen] == ["10.1.2.3", "127.0.0.1"]


def test_no_header_is_on_two_lists() -> None:
    assert not PASSED_ON.keys() & READ_HERE.keys()


async def test_a_refusal_says_nothing_of_what_was_sent(open_town: Town, assert_problem: AssertProblem) -> None:
    answer = await open_town.ask("/v1/registry/institutions?q=44051401359", token="a-secret-token")
    assert_problem(answer, 401, "unauthenticated")
    assert b"44051401359" not in answer.body
    assert b"a-secret-token" not in json.dumps(answer.headers).encode() + answer.body
