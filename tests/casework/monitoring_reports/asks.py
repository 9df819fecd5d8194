"""Requests to monitoring reports."""

from collections.abc import Callable

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks, Made, Make, Target, asks_to_read

NOT_FOUND = "monitoring-report-not-found"
PERIOD: Made = {"starts_on": "2026-01-01", "ends_on": "2026-03-31"}
SECOND: Made = {"starts_on": "2026-04-01", "ends_on": "2026-06-30"}
_TO_SUBMITTED = {"accept_monitoring_report", "return_monitoring_report", "get_monitoring_report"}
_TO_SUBMITTED |= {"get_monitoring_figures", "list_monitoring_reports", "get_monitoring_totals"}


def _path(target: Target) -> str:
    return f"/monitoring-reports/{target['report']['id']}"


async def prepare(target: Target, make: Make) -> None:
    """A draft of the county's first report; submitted for those who look at it from outside, or decide."""
    await people.prepare(target, make)
    report = await make("/monitoring-reports", {"county_terc": target.county, **PERIOD})
    if target.is_for(*_TO_SUBMITTED):
        report = await make(f"/monitoring-reports/{report['id']}/submit", {}, report)
    target.made["report"] = report


def _move(verb: str, body: Made | None = None, method: str = "POST") -> Callable[[Target], Ask]:
    return lambda target: Ask(method, f"{_path(target)}{verb}", body, target["report"], out_of_reach=NOT_FOUND)


ASKS: Asks = {
    "list_monitoring_reports": asks_to_read("/monitoring-reports"),
    "get_monitoring_totals": asks_to_read("/monitoring-reports/totals?starts_on=2026-01-01&ends_on=2026-03-31"),
    "draft_monitoring_report": lambda target: Ask(
        "POST", "/monitoring-reports", {"county_terc": target.county, **SECOND}, out_of_reach="outside-scope"
    ),
    "get_monitoring_report": asks_to_read(_path, NOT_FOUND),
    "get_monitoring_figures": asks_to_read(lambda target: f"{_path(target)}/figures", NOT_FOUND),
    "comment_on_monitoring_report": _move("", {"comment": "x"}, "PATCH"),
    "recompute_monitoring_report": _move("/recompute"),
    "submit_monitoring_report": _move("/submit"),
    "accept_monitoring_report": _move("/accept"),
    "return_monitoring_report": _move("/return", {"reason": "x"}),
}
