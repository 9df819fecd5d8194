"""Invented social integration clubs (KIS) that give the numbers of the table in source 004:
122 in 2012, 220 in 2013.
"""

from collections.abc import Iterator, Mapping, Sequence
from typing import Any

from onebox.demo.api import Api
from onebox.kinds import Kind

COUNTIES = ("2469", "2408", "2414")
IN_CAS = {2012: 122, 2013: 187}
REPORTS = {2012: 120, 2013: 156}
WITH_VOIVODE_ONLY = {2012: 0, 2013: 33}
COVERAGES = (
    {"kind": "kis", "year": 2012, "register": "voivode", "coverage": "none", "reason": "wykazów nie przekazano"},
    {"kind": "kis", "year": 2013, "register": "voivode", "coverage": "complete", "reason": "wykazy wszystkich urzędów"},
)
"""The statements beside the rows: in 2012 the voivodes' own lists were not obtained."""
OBTAINED = {coverage["year"] for coverage in COVERAGES if coverage["coverage"] == "complete"}

HEADER = "kind;year;register;entity_key;entity_name;county_terc;registered;report_submitted_on"


def _rows(year: int, counties: Sequence[str]) -> Iterator[str]:
    entities = IN_CAS[year] + WITH_VOIVODE_ONLY[year]
    for number in range(1, entities + 1):
        county = counties[number % len(counties)]
        submitted = f"{year + 1}-0{1 + (number % 10 == 0)}-{1 + number % 28:02d}" if number <= REPORTS[year] else ""
        club = f"KIS/{number:03d};Klub Integracji Społecznej nr {number};{county};tak"
        if number <= IN_CAS[year]:
            yield f"kis;{year};cas;{club};{submitted}"
        # A complete list of the voivodes has every registered club.
        if year in OBTAINED:
            yield f"kis;{year};voivode;{club};"


def club_reports(counties: Sequence[str] = COUNTIES) -> bytes:
    """The file of both years: a club has a row for each obtained list of a register that it is
    in. The clubs of the first year continue in the second.

    One report in ten came in February, after the deadline.
    """
    return "\r\n".join([HEADER, *_rows(2012, counties), *_rows(2013, counties), ""]).encode()


async def send_clubs(api: Api, counties: Sequence[str] = COUNTIES) -> None:
    """Send the reports, where the platform has none of any club, and the missing coverages."""
    if not await api.first("register-reports", kind="kis"):
        await api.import_file(Kind.REGISTER_REPORTS.address, club_reports(counties), "reports")
    items = (await api.read("register-coverages", kind="kis"))["items"]
    present = {_list_of(coverage) for coverage in items}
    for coverage in COVERAGES:
        # Each by itself: a load that was broken off after the first goes on with the second.
        if _list_of(coverage) not in present:
            await api.create("register-coverages", coverage)


def _list_of(coverage: Mapping[str, Any]) -> tuple[Any, ...]:
    """The list that a coverage is about."""
    return coverage["kind"], coverage["year"], coverage["register"]
