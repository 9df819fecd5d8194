"""Requests to the import of trainees."""

from tests.support.asks import Ask, Asks

FILE = (
    b"external_id;county_terc;given_name;family_name;sex;organisation_type;organisation_name;relation\r\n"
    b"1;2469;Jan;Testowy;M;cis;Centrum;employee\r\n"
)

ASKS: Asks = {"import_trainees": lambda _: Ask("POST", "/trainee-imports?source=office", file=FILE)}
