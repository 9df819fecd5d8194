"""Requests to the import of screenings."""

from tests.support.asks import Ask, Asks

FILE = b"external_id;subject_ref;sex;county_terc;informant;administered_on;born_on\r\n"

ASKS: Asks = {
    "import_screenings": lambda _: Ask(
        "POST", "/screening-imports?instrument_code=DEMO&instrument_version=1&source=platform", file=FILE
    ),
}
