"""W11: a mixed day of all four services: screens, lists, single records and writes, at random moments.

On the small demo, through the gateway, durable, with every check on. The rate goes up until a request fails or one in
a hundred takes longer than 150 ms; the result is the last rate before that.
"""

import json
import sys
from collections.abc import AsyncIterator
from typing import Any, NamedTuple

import httpx

from bench.figures import Bar, Row, figure
from bench.load import MARK
from bench.memory import memory_rows
from bench.options import Options
from bench.progress import Progress
from bench.stand import Stand
from bench.tools import ToolFailed, run_tool
from onebox.access import TokenRequest, mint_for
from onebox.demo import load_small_demo
from onebox.demo.children import answers, children
from onebox.instance import announce
from onebox.stack import issuer_program

RATES = (50, 100, 150, 200, 300, 400, 600, 800, 1200)
LATE_MS, STEADY_RATE = 150.0, 100
COUNTY = "2469"
P99 = Bar("ours", at_most=LATE_MS)


class Kind(NamedTuple):
    """A kind of request: its weight beside the others, the role of the caller, its paths, and its body if any."""

    name: str
    weight: int
    role: str
    paths: list[str]
    body: dict[str, Any] | None = None


class Sample(NamedTuple):
    """The answers at one rate; times in seconds, from the moment at which each request was due."""

    took: list[float]
    failures: dict[str, int]
    slowest: dict[str, float]
    """The 99th percentile of each kind."""

    def at(self, share: int) -> float:
        """The time in milliseconds within which `share` per cent of the requests were answered."""
        return self.took[min(len(self.took) - 1, len(self.took) * share // 100)] * 1000

    @property
    def is_well(self) -> bool:
        """Whether nothing failed and 99 % were answered within LATE_MS."""
        return not self.failures and self.at(99) <= LATE_MS

    def __str__(self) -> str:
        name = max(self.slowest, key=self.slowest.__getitem__)
        last = f"the slowest kind {name} {self.slowest[name] * 1000:.0f} ms"
        return f"p50 {self.at(50):.1f} ms, p99 {self.at(99):.1f} ms, {last}, failed {self.failures or 'none'}"


async def measure_mixed_day(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W11, as they are measured."""
    with progress.task("W11: the whole platform starts, with the demo in it"):
        await stand.start_whole()
        await stand.supervisor.start(issuer_program(stand.stack))
        announce(stand.stack.instance, stand.stack.url)
        await load_small_demo(stand.stack.instance)
        kinds = await _kinds(stand)
    # The first requests build models, and each connection plans its statements anew five times.
    await _sample(stand, kinds, STEADY_RATE, 3 * options.seconds, seed=0)
    by_rate: dict[int, Sample] = {}
    with progress.task("W11: the rate goes up", len(RATES)) as advance:
        for rate in RATES:
            by_rate[rate] = await _sample(stand, kinds, rate, options.seconds, seed=rate)
            advance()
            if not by_rate[rate].is_well:
                break
    for row in _rows_of_rates(by_rate):
        yield row
    samples = [await _sample(stand, kinds, STEADY_RATE, options.seconds, seed=n) for n in range(options.rounds.number)]
    for share in (50, 99):
        times = figure([sample.at(share) for sample in samples], "ms")
        yield Row("W11", f"mixed day, p{share} at {STEADY_RATE} req/s", times)
    for row in memory_rows("W11", stand):
        yield row


def _rows_of_rates(by_rate: dict[int, Sample]) -> list[Row]:
    """The highest rate that went well, and its 99th percentile; ToolFailed when none went well."""
    well = [rate for rate, sample in by_rate.items() if sample.is_well]
    samples = "; ".join(f"{rate}/s: {sample}" for rate, sample in by_rate.items())
    if not well:
        raise ToolFailed(samples)
    return [
        Row("W11", "mixed day, highest rate without errors", figure([float(well[-1])], "req/s"), note=samples),
        Row("W11", f"mixed day, p99 at {well[-1]} req/s", figure([by_rate[well[-1]].at(99)], "ms"), bars=(P99,)),
    ]


async def _sample(stand: Stand, kinds: list[Kind], rate: int, seconds: float, *, seed: int) -> Sample:
    requests = [kind._asdict() | {"headers": _headers(stand, kind.role), "body": _json(kind.body)} for kind in kinds]
    plan = {"url": stand.stack.url, "rate": rate, "seconds": seconds, "seed": seed, "kinds": requests}
    result = await run_tool([sys.executable, "-m", "bench.open_loop"], stdin=json.dumps(plan).encode())
    return Sample(**json.loads(result.output.strip().splitlines()[-1]))


def _headers(stand: Stand, role: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {mint_for(stand.stack.instance, TokenRequest((role,)))}"}


def _json(body: dict[str, Any] | None) -> str | None:
    return None if body is None else json.dumps(body)


async def _kinds(stand: Stand) -> list[Kind]:
    """The kinds of request of a day. More of them read than write; of the writes, most submit screenings."""
    async with httpx.AsyncClient(base_url=stand.stack.url, timeout=30, trust_env=False) as client:

        async def ids(path: str, role: str) -> list[str]:
            answer = await client.get(path, headers=_headers(stand, role))
            return [item["id"] for item in answer.raise_for_status().json()["items"]]

        cases = await ids("/v1/casework/cases", "county_coordinator")
        plans = await ids("/v1/casework/plans", "specialist")
        groups = await ids("/v1/training/groups", "training_manager")
    child = children()[0]
    screening = {
        "subject_ref": MARK,
        "sex": child.sex,
        "county_terc": COUNTY,
        "instrument_code": "DEMO",
        "instrument_version": 1,
        "informant": "parent",
        "answers": answers(child, "first"),
        "submission": {"born_on": child.born_on.isoformat(), "administered_on": child.screened_on.isoformat()},
    }
    person = {"county_terc": COUNTY, "given_name": "Jan", "family_name": "Przykładowy", "born_on": "2020-03-05"}
    return [
        Kind("institutions", 18, "registry_editor", ["/v1/registry/institutions?limit=50"]),
        Kind("counties", 6, "registry_editor", [f"/v1/registry/counties/{COUNTY}"]),
        Kind("screenings", 10, "early_screening_coordinator", ["/v1/screening/screenings?limit=50"]),
        Kind("cases", 10, "county_coordinator", ["/v1/casework/cases"]),
        Kind("case", 6, "county_coordinator", [f"/v1/casework/cases/{case}" for case in cases]),
        Kind("plan", 6, "specialist", [f"/v1/casework/plans/{plan}" for plan in plans]),
        Kind("enrolments", 6, "training_manager", [f"/v1/training/groups/{group}/enrolments" for group in groups]),
        Kind("day", 8, "county_coordinator", ["/v1/views/me"]),
        Kind("screen of a case", 6, "county_coordinator", [f"/v1/views/cases/{case}" for case in cases]),
        Kind("screen of a county", 4, "county_coordinator", [f"/v1/views/counties/{COUNTY}"]),
        Kind("screening submitted", 14, "early_screening_coordinator", ["/v1/screening/screenings"], screening),
        Kind("person entered", 6, "county_coordinator", ["/v1/casework/people"], person),
    ]
