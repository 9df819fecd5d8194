"""What was worked out for one request on a connection holds for the next only where that one says the same."""

import asyncio

import pytest

from tests.gateway.conftest import ANNA, Town
from tests.gateway.fakes import Answer, AssertProblem, misbehaving, read_answer, saying, speak

PATH = "/v1/registry/institutions"
REST = f" HTTP/1.1\r\nHost: 127.0.0.1\r\nAuthorization: Bearer {ANNA}\r\n\r\n"
END = b"\r\n\r\n"
LAST = f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\nConnection: close\r\n\r\n"


async def answers_in_turn(port: int, *pieces: str) -> list[Answer]:
    """Send each piece when the one before it has been answered, on one connection."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    answers = []
    for piece in pieces:
        writer.write(piece.encode("latin-1"))
        head = await reader.readuntil(END)
        length = int(head.lower().partition(b"content-length: ")[2].partition(b"\r")[0])
        answers.append(read_answer(head + await reader.readexactly(length)))
    writer.close()
    return answers


async def test_repetitions_reach_the_service_as_they_are(open_town: Town) -> None:
    await open_town.ask(PATH)
    targets = [f"{PATH}/{number}" for number in range(34)] + [f"{PATH}?limit={n}" for n in "121"]
    answers = await answers_in_turn(open_town.port, *(f"GET {target}{REST}" for target in targets))
    assert {answer.status for answer in answers} == {200}
    seen = open_town.registry.seen[1:]
    assert [f"{one.path}?{one.query}".rstrip("?") for one in seen] == targets
    assert {one.header("authorization") for one in seen} == {f"Bearer {ANNA}"}
    traces = [(answer.header("traceparent") or "").split("-") for answer in answers]
    assert len({trace for _, trace, _, _ in traces}) == len({span for _, _, span, _ in traces}) == len(targets)
    assert [one.header("traceparent") for one in seen] == [answer.header("traceparent") for answer in answers]


async def test_every_answer_is_told_with_its_own_headers(open_town: Town) -> None:
    await open_town.ask(PATH)
    told: list[Answer] = []
    reader, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    for number in (1, 1, 2, 3, 1):
        open_town.registry.status = 200 + number
        open_town.registry.headers = [(b"etag", b'"a:%d"' % number), (b"x-number", b"%d" % number)][:number]
        open_town.registry.body = b"x" * number
        writer.write(f"GET {PATH}{REST}".encode())
        head = await reader.readuntil(END)
        told.append(read_answer(head + await reader.readexactly(number)))
    writer.close()
    assert [(answer.status, answer.header("etag"), answer.header("x-number")) for answer in told] == [
        (201, '"a:1"', None),
        (201, '"a:1"', None),
        (202, '"a:2"', "2"),
        (203, '"a:3"', "3"),
        (201, '"a:1"', None),
    ]
    assert [answer.header("content-length") for answer in told] == list("11231")


def answer_of_service(body: bytes, *lines: bytes) -> bytes:
    return b"\r\n".join((b"HTTP/1.1 200 OK", b"content-length: 2", *lines, b"", body))


async def told_after_two_of_a_kind(town: Town, *answers: bytes) -> list[Answer]:
    """What callers are told when a service gives the same answer twice, and then these, on one connection."""
    same = [answer_of_service(b"{}")] * 2
    async with misbehaving(saying(*same, *answers, keep_open=1 + len(answers)), town.folder / "one.sock"):
        await town.open(registry_upstreams=[f"unix:{town.folder}/one.sock"])
        return [await town.ask(PATH) for _ in (*same, *answers)][2:]


async def test_an_answer_with_the_head_of_the_one_before_is_told_with_its_own_body(town: Town) -> None:
    tagged = answer_of_service(b"[]", b"etag: a", b"server: b")
    bodies = [answer_of_service(b"[]"), answer_of_service(b"12"), tagged, answer_of_service(b"34")]
    told = await told_after_two_of_a_kind(town, *bodies)
    assert [(answer.status, answer.body) for answer in told] == [(200, b"[]"), (200, b"12"), (200, b"[]"), (200, b"34")]
    assert [answer.header("etag") for answer in told] == [None, None, "a", None]
    assert {answer.header("content-length") for answer in told} == {"2"}
    assert {answer.header("server") for answer in told} == {None}


@pytest.mark.parametrize(
    "broken",
    [
        answer_of_service(b"{"),
        answer_of_service(b"{}}"),
        answer_of_service(b"{}") * 2,
        answer_of_service(b"{}").replace(b"200 OK", b"500 Internal Server Error"),
        answer_of_service(b"{}", b"content-encoding: gzip"),
        answer_of_service(b"{}", b"content-length: 3"),
        answer_of_service(b"{}", b"transfer-encoding: chunked"),
    ],
)
async def test_an_answer_that_only_begins_like_the_one_before_is_refused(
    town: Town, assert_problem: AssertProblem, broken: bytes
) -> None:
    (told,) = await told_after_two_of_a_kind(town, broken)
    assert_problem(told, 502, "upstream-invalid-response")


@pytest.mark.parametrize(
    "start",
    [
        f"GET {PATH}/\x00",
        f"GET {PATH}/a b",
        f"GET {PATH}/a\tb",
        f"GET {PATH}/\xb3",
        f"GET {PATH}#a",
        f"GET  {PATH}",
        f"get {PATH}",
        f"POST {PATH}",
        "GET *",
        "GET //",
        "GET /v1/registry/../x",
        "GET /v1/registry/%2e%2e/x",
        "GET /v1/registry/counties",
        f"GET http://localhost{PATH}",
        f"GET http://evil.example{PATH}",
        f"GET {PATH}/",
        f"GET {PATH}?format=csv",
        f"GET {PATH}?a={'b' * 9000}",
        f"GET {PATH} HTTP/1.1\r\nHost: evil.example\r\nX: a",
        f"GET {PATH} HTTP/1.1\r\nContent-Length: 0\r\nX: a",
        f"GET {PATH} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\nGET {PATH}",
    ],
)
async def test_what_only_looks_like_a_repetition_is_refused_or_served_as_ever(open_town: Town, start: str) -> None:
    raw = (start + REST).encode("latin-1")
    await open_town.ask(PATH)
    open_town.registry.seen.clear()
    ever = read_answer(await speak(open_town.port, raw + LAST.encode()))
    seen_ever = [(one.method, one.path, one.query) for one in open_town.registry.seen]
    open_town.registry.seen.clear()
    reader, writer = await asyncio.open_connection("127.0.0.1", open_town.port)
    for _ in range(2):
        writer.write(f"GET {PATH}{REST}".encode())
        await reader.readuntil(END + open_town.registry.body)
    writer.write(raw + LAST.encode())
    again = read_answer(await reader.read())
    writer.close()
    assert again.status == ever.status
    assert [(one.method, one.path, one.query) for one in open_town.registry.seen[2:]] == seen_ever


async def test_an_upgrade_is_not_passed_on(open_town: Town) -> None:
    await open_town.ask(PATH)
    upgrade = f"GET {PATH} HTTP/1.1\r\nConnection: Upgrade\r\nUpgrade: h2c{REST.removeprefix(' HTTP/1.1')}"
    answers = await answers_in_turn(open_town.port, upgrade)
    assert answers[0].status == 200
    assert open_town.registry.seen[-1].header("upgrade") is None


async def test_somebody_who_rests_for_long_is_hung_up_on(town: Town) -> None:
    await town.open(rest_seconds=0.02)
    await town.ask(PATH)
    reader, writer = await asyncio.open_connection("127.0.0.1", town.port)
    for _ in range(2):
        writer.write(f"GET {PATH}{REST}".encode())
        await reader.readuntil(END + b'{"items":[]}')
    assert await reader.read() == b""
    writer.close()
