"""Requests to the import of enrolments."""

from tests.support.asks import Ask, Asks

FILE = b"external_id;county_terc;group_code\r\n1;2469;G1\r\n"

ASKS: Asks = {
    "import_enrolments": lambda _: Ask("POST", "/enrolment-imports?source=office&programme_code=TMW", file=FILE)
}
