"""Requests to the yearly reports, and to what the registers tell together."""

from itertools import count

from tests.registry.institutions import asks as institutions
from tests.support.asks import Ask, Asks, Make, Target, asks_to_read
from tests.support.kis import COVERAGES, HEADER

_NUMBERS = count()
REPORT = {"kind": "kis", "year": 2013, "register": "cas", "entity_name": "Klub Integracji Społecznej"}


def _path(target: Target) -> str:
    return f"/register-reports/{target['report']['id']}"


def _new(target: Target) -> dict[str, object]:
    return REPORT | {"county_terc": target.county, "entity_key": f"KIS/{next(_NUMBERS)}"}


async def prepare(target: Target, make: Make) -> None:
    """A club in the county's part of the central register."""
    await institutions.prepare(target, make)
    target.made["report"] = await make("/register-reports", _new(target))


ASKS: Asks = {
    "list_statistical_reports": asks_to_read("/register-reports"),
    "create_statistical_report": lambda target: Ask(
        "POST", "/register-reports", _new(target), out_of_reach="outside-scope"
    ),
    "get_statistical_report": asks_to_read(_path, "register-report-not-found"),
    "amend_statistical_report": lambda target: Ask(
        "PATCH",
        _path(target),
        {"report_submitted_on": "2014-01-30"},
        target["report"],
        out_of_reach="register-report-not-found",
    ),
    "import_statistical_reports": lambda _: Ask("POST", "/register-report-imports", file=f"{HEADER}\r\n".encode()),
    "get_entity_statistics": asks_to_read("/register-statistics/kis?years=2013"),
    "get_reconciliation": asks_to_read("/register-reconciliations/kis?year=2013"),
    "list_coverages": asks_to_read("/register-coverages"),
    "state_coverage": lambda _: Ask(
        "POST", "/register-coverages", dict(COVERAGES[0]), out_of_reach="outside-scope", only_everywhere=True
    ),
}
