"""Invented social integration clubs that make the table of source 004 come out: 122 in one year, 220 in the next."""

from collections.abc import Iterator

COUNTIES = ("2469", "2401", "0619", "0219")
IN_CAS = {2012: 122, 2013: 187}
REPORTS = {2012: 120, 2013: 156}
WITH_VOIVODE_ONLY = {2012: 0, 2013: 33}
COVERAGES = (
    {"kind": "kis", "year": 2012, "register": "voivode", "coverage": "none", "reason": "wykazów nie przekazano"},
    {"kind": "kis", "year": 2013, "register": "voivode", "coverage": "complete", "reason": "wykazy wszystkich urzędów"},
)
"""What has to be stated beside the rows: in 2012 nobody had the voivodes' own lists."""

HEADER = "kind;year;register;entity_key;entity_name;county_terc;registered;report_submitted_on"


def _rows(year: int) -> Iterator[str]:
    entities = IN_CAS[year] + WITH_VOIVODE_ONLY[year]
    for number in range(1, entities + 1):
        county = COUNTIES[number % len(COUNTIES)]
        register = "cas" if number <= IN_CAS[year] else "voivode"
        submitted = f"{year + 1}-0{1 + (number % 10 == 0)}-{1 + number % 28:02d}" if number <= REPORTS[year] else ""
        yield f"kis;{year};{register};KIS/{number:03d};Klub Integracji Społecznej nr {number};{county};tak;{submitted}"


def kis_reports() -> bytes:
    """The file of both years, every club a row of its own. The clubs of the first year go on in the second.

    One report in ten came in February, after the deadline.
    """
    return "\r\n".join([HEADER, *_rows(2012), *_rows(2013), ""]).encode()
