"""A register file goes through the public API; its outcome is told: counts, row problems, a refusal's reason."""

import io
import json
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import httpx
import pytest
from rich.console import Console

from onebox import loading
from onebox.instance import Instance, announce, held, instance_in
from onebox.kinds import Kind
from onebox.loading import Load, LoadFailed, load_file

JOB = "/v1/registry/jobs/01980000-0000-7000-8000-00000000000a"
DONE = {"created": 2, "changed": 1, "unchanged": 0, "rejected": 1}
Answer = Callable[[httpx.Request], httpx.Response]


@pytest.fixture
def instance(tmp_path: Path) -> Iterator[Instance]:
    instance = instance_in(tmp_path / "instance")
    with held(instance):
        announce(instance, "http://127.0.0.1:8123")
        yield instance


@pytest.fixture(autouse=True)
def at_once(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(loading, "POLL_SECONDS", 0)


def job(state: str, done: int, **more: Any) -> httpx.Response:
    progress = {"done": done, "total": 4}
    return httpx.Response(200, json={"id": JOB[-36:], "state": state, "progress": progress, "result": None, **more})


class Registry:
    """Answers as the registry does: one list of answers to the job's followers, everything asked remembered."""

    def __init__(self, *answers: httpx.Response | Exception, taken: httpx.Response | None = None) -> None:
        self.answers, self.asked = list(answers), list[httpx.Request]()
        self.taken = taken or httpx.Response(202, headers={"Location": JOB})

    def __call__(self, request: httpx.Request) -> httpx.Response:
        self.asked.append(request)
        if request.method == "POST":
            request.read()
            return self.taken
        if request.url.path.endswith("/problems"):
            rows = [{"line": 7, "pointer": "/regon", "code": "invalid_checksum"}]
            return httpx.Response(200, text="".join(json.dumps(row) + "\n" for row in rows))
        answer = self.answers.pop(0)
        if isinstance(answer, Exception):
            raise answer
        return answer


def send(instance: Instance, load: Load, registry: Registry) -> tuple[dict[str, int], str]:
    console = Console(file=io.StringIO(), force_terminal=False)
    counts = load_file(instance, load, console, transport=httpx.MockTransport(registry))
    assert isinstance(console.file, io.StringIO)
    return counts, console.file.getvalue()


@pytest.fixture
def file(tmp_path: Path) -> Path:
    path = tmp_path / "register.csv"
    path.write_bytes("nazwa;regon\r\nŻłobek;1\r\n".encode() * 50_000)
    return path


def test_a_file_is_sent_as_it_is_and_its_outcome_is_told(instance: Instance, file: Path) -> None:
    registry = Registry(job("queued", 0), job("running", 2), job("succeeded", 4, result=DONE))
    counts, printed = send(instance, Load(file, Kind.RSPO), registry)
    sent = registry.asked[0]
    assert str(sent.url) == "http://127.0.0.1:8123/v1/registry/institution-imports?format=rspo"
    assert sent.content == file.read_bytes()
    assert sent.headers["content-type"] == "text/csv"
    assert sent.headers["content-length"] == str(file.stat().st_size)
    assert len(sent.headers["idempotency-key"]) == 36
    assert counts == DONE
    assert printed.splitlines() == ["line 7 /regon: invalid_checksum", "created 2, changed 1, unchanged 0, rejected 1"]


def test_the_job_is_followed_through_a_restart_of_the_platform(instance: Instance, file: Path) -> None:
    silence = (httpx.ConnectError("refused"), httpx.Response(502), httpx.Response(503))
    registry = Registry(job("running", 1), *silence, job("succeeded", 4, result=DONE))
    assert send(instance, Load(file, Kind.TERC), registry)[0] == DONE
    assert registry.asked[0].url.path == "/v1/registry/territory-imports"


def test_a_mapping_and_a_dry_run_go_along(instance: Instance, file: Path, tmp_path: Path) -> None:
    mapping = tmp_path / "mapping.json"
    mapping.write_text('{\n "name": "nazwa"\n}')
    registry = Registry(job("succeeded", 4, result=DONE))
    send(instance, Load(file, Kind.INSTITUTIONS, mapping=mapping, dry_run=True), registry)
    query = dict(registry.asked[0].url.params)
    assert query == {"format": "generic", "dry_run": "true", "mapping": '{"name":"nazwa"}'}


def test_yearly_reports_are_of_one_kind_and_need_no_format(instance: Instance, file: Path) -> None:
    registry = Registry(job("succeeded", 4, result=DONE))
    send(instance, Load(file, Kind.REGISTER_REPORTS), registry)
    assert str(registry.asked[0].url) == "http://127.0.0.1:8123/v1/registry/register-report-imports"


def test_a_failed_job_says_why(instance: Instance, file: Path) -> None:
    registry = Registry(job("failed", 0, problem={"title": "Header missing", "code": "header_missing"}))
    with pytest.raises(LoadFailed, match="failed: Header missing · header_missing"):
        send(instance, Load(file, Kind.RSPO), registry)


@pytest.mark.parametrize(
    ("answer", "reason"),
    [
        (httpx.Response(403, json={"title": "The caller may not do this"}), "403.*may not do this"),
        (httpx.Response(413, text="too large"), "413.*no reason given"),
        (httpx.Response(422, json=["odd"]), "422.*no reason given"),
    ],
)
def test_a_refused_file_says_why(instance: Instance, file: Path, answer: httpx.Response, reason: str) -> None:
    with pytest.raises(LoadFailed, match=reason):
        send(instance, Load(file, Kind.RSPO), Registry(taken=answer))


def test_a_job_that_may_not_be_seen_is_not_waited_for(instance: Instance, file: Path) -> None:
    with pytest.raises(LoadFailed, match="404"):
        send(instance, Load(file, Kind.RSPO), Registry(httpx.Response(404)))


def test_a_platform_that_stays_away_is_given_up(
    instance: Instance, file: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(loading, "PATIENCE_SECONDS", -1)
    with pytest.raises(LoadFailed, match="does not answer"):
        send(instance, Load(file, Kind.RSPO), Registry(httpx.ConnectError("refused")))
