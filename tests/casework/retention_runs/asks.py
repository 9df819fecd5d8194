"""Requests to retention runs."""

from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

PATH = "/retention-runs"
_NOT_FOUND = "retention-run-not-found"


async def prepare(target: Target, make: Make) -> None:
    """A dry run of the county."""
    target.made["run"] = await make(PATH, _run(target))
    target.made["institution"] = {"id": "01990000-0000-7000-8000-00000000a001"}


def _run(target: Target) -> Made:
    return {"county_terc": target.county, "as_of": "2026-01-01"}


def _path(target: Target) -> str:
    return f"{PATH}/{target['run']['id']}"


ASKS: Asks = {
    "list_runs": asks_to_read(PATH),
    "propose_run": lambda target: Ask("POST", PATH, _run(target), out_of_reach="outside-scope"),
    "get_run": lambda target: Ask("GET", _path(target), out_of_reach=_NOT_FOUND),
    "carry_out_run": lambda target: Ask(
        "POST", f"{_path(target)}/carry-out", None, target["run"], out_of_reach=_NOT_FOUND
    ),
    "decline_run": lambda target: Ask("POST", f"{_path(target)}/decline", None, target["run"], out_of_reach=_NOT_FOUND),
}
