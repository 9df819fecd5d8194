"""Files of screenings, as tests send them."""

import uuid

from tests.screening.screenings.made import TYPICAL
from tests.support.files import csv

IMPORTS = "/v1/screening/screening-imports?instrument_code=DEMO&instrument_version=1&source=platform"
FACTS = ("external_id", "subject_ref", "sex", "county_terc", "informant", "administered_on", "born_on", "implementer")
ITEMS = tuple(TYPICAL)


def row(number: int, answers: dict[str, str] = TYPICAL, **facts: str) -> dict[str, str]:
    """One row by column."""
    plain = {
        "external_id": str(number),
        "subject_ref": str(uuid.UUID(int=number)),
        "sex": "K",
        "county_terc": "2469",
        "informant": "parent",
        "administered_on": "14.03.2026",
        "born_on": "2024-03-15",
        "implementer": "project",
    }
    return plain | answers | facts


def table(*rows: dict[str, str]) -> bytes:
    """Rows as CSV, one column an item."""
    columns = (*FACTS, *ITEMS)
    return csv(";".join(columns), *[";".join(one.get(name, "") for name in columns) for one in rows])
