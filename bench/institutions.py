"""Invented institutions in any number: straight into the table by SQL, or as the rows of a file."""

import random
from collections.abc import Iterator
from functools import cache
from typing import Any

from bench.stand import Service

VOIVODESHIPS, COUNTIES_OF_EACH, COMMUNES_OF_EACH = 16, 24, 6
NURSERIES_OF_300K = 22_000
NAMES = ("Przedszkole", "Szkoła Podstawowa", "Poradnia Psychologiczno-Pedagogiczna", "Żłobek", "Ośrodek Wsparcia")

_TERRITORY = f"""
INSERT INTO territorial_units (terc, level, kind, name, parent_terc, as_of)
SELECT to_char(2 * v, 'FM00'), 'voivodeship', 'voivodeship', 'województwo ' || v, NULL, DATE '2026-01-01'
FROM generate_series(1, {VOIVODESHIPS}) v
UNION ALL
SELECT to_char(2 * v, 'FM00') || to_char(c, 'FM00'), 'county', 'county', 'powiat ' || v || '-' || c,
       to_char(2 * v, 'FM00'), DATE '2026-01-01'
FROM generate_series(1, {VOIVODESHIPS}) v, generate_series(1, {COUNTIES_OF_EACH}) c
UNION ALL
SELECT to_char(2 * v, 'FM00') || to_char(c, 'FM00') || to_char(g, 'FM00') || '1', 'commune', 'urban',
       'gmina ' || v || '-' || c || '-' || g, to_char(2 * v, 'FM00') || to_char(c, 'FM00'), DATE '2026-01-01'
FROM generate_series(1, {VOIVODESHIPS}) v, generate_series(1, {COUNTIES_OF_EACH}) c,
     generate_series(1, {COMMUNES_OF_EACH}) g
"""
_INSTITUTIONS = """
INSERT INTO institutions (name, type, sector, ownership, county_terc, commune_terc, locality, street, building,
    postcode, post_office, latitude, longitude, phone, email, website, rspo, regon, nip, running_body, places,
    enrolled, is_accessible, accessibility, opened_on, source, source_key, valid_from)
SELECT (ARRAY['Przedszkole', 'Szkoła Podstawowa', 'Poradnia Psychologiczno-Pedagogiczna', 'Żłobek', 'Ośrodek Wsparcia'])
           [1 + n % 5] || ' nr ' || n || ' im. Janusza Korczaka',
       CASE WHEN n * 11 % 150 < 11 THEN 'nursery' ELSE 'kindergarten' END,
       CASE WHEN n * 11 % 150 < 11 THEN 'family_support' ELSE 'education' END,
       CASE WHEN n % 4 = 0 THEN 'non_public' ELSE 'public' END,
       county, county || to_char(1 + n % 6, 'FM00') || '1', 'Miejscowość ' || n % 900, 'ul. Długa ' || n % 300,
       (1 + n % 120)::text, to_char(n % 100, 'FM00') || '-' || to_char(n % 1000, 'FM000'), 'Poczta ' || n % 900,
       49.1 + n % 500 / 100.0, 14.2 + n % 900 / 100.0, '+48 32 ' || to_char(n % 1000000, 'FM000000'),
       'sekretariat' || n || '@example.org', 'https://www.example.org/placowki/' || n, (100000 + n)::text,
       to_char(n % 1000000000, 'FM000000000'), to_char(n::bigint, 'FM0000000000'),
       'Gmina ' || n % 2477, 50 + n % 200, n % 50, n % 3 = 0,
       CASE WHEN n % 3 = 0 THEN ARRAY['ramp', 'lift'] ELSE '{}' END,
       DATE '1990-09-01' + n % 9000, 'rspo', (100000 + n)::text, DATE '2026-01-01'
FROM (SELECT n, to_char(2 * (1 + n % 16), 'FM00') || to_char(1 + n / 16 % 24, 'FM00') AS county
      FROM generate_series(1, {number}) n) AS numbered
"""
_EMPTY = """
TRUNCATE institutions, institution_history, institution_functions, support_services, territorial_units,
    audit_records, events, idempotency_keys, jobs, job_files, job_problems CASCADE
"""

HEADER = (
    "name", "type", "sector", "ownership", "county_terc", "commune_terc", "locality", "street", "building", "postcode",
    "post_office", "latitude", "longitude", "phone", "email", "website", "rspo", "regon", "nip", "running_body",
    "places", "enrolled", "is_accessible", "opened_on", "external_id",
)  # fmt: skip
"""The columns of a generated file."""


async def fill(registry: Service, number: int) -> None:
    """Fill the table with exactly `number` institutions in 384 counties, and nothing else; the statistics of PostgreSQL
    are up to date.
    """
    await registry.sql(_EMPTY, _TERRITORY)
    if number:
        await registry.sql(_INSTITUTIONS.replace("{number}", str(number)))
    await registry.sql("VACUUM (ANALYZE) institutions", "VACUUM (ANALYZE) territorial_units", "CHECKPOINT")


def rows(number: int, *, changed_share: float = 0.0) -> Iterator[tuple[Any, ...]]:
    """So many rows under HEADER, each with an RSPO number; of the changed ones phone and places differ."""
    chance = random.Random(30)  # noqa: S311 - the same rows in every run
    for n in range(1, number + 1):
        changed = chance.random() < changed_share
        yield _row(n, changed=changed)


def _row(n: int, *, changed: bool) -> tuple[Any, ...]:
    county = f"{2 * (1 + n % VOIVODESHIPS):02}{1 + n // VOIVODESHIPS % COUNTIES_OF_EACH:02}"
    return (
        f"{NAMES[n % 5]} nr {n} im. Janusza Korczaka",
        "kindergarten",
        "education",
        "non_public" if n % 4 == 0 else "public",
        county,
        f"{county}{1 + n % COMMUNES_OF_EACH:02}1",
        f"Miejscowość {n % 900}",
        f"ul. Długa {n % 300}",
        str(1 + n % 120),
        f"{n % 100:02}-{n % 1000:03}",
        f"Poczta {n % 900}",
        f"{49.1 + n % 500 / 100:.2f}",
        f"{14.2 + n % 900 / 100:.2f}",
        f"+48 {22 if changed else 32} {n % 1_000_000:06}",
        f"sekretariat{n}@example.org",
        f"https://www.example.org/placowki/{n}",
        str(5_000_000 + n),
        regon(n),
        nip(n),
        f"Gmina {n % 2477}",
        60 + n % 200 + changed,
        n % 50,
        "true" if n % 3 == 0 else "false",
        f"{1990 + n % 30}-09-01",
        str(n),
    )


@cache
def _weights(digits: str) -> tuple[int, ...]:
    return tuple(int(digit) for digit in digits)


def regon(n: int) -> str:
    """A REGON of nine digits with its check digit."""
    body = f"{n % 100_000_000:08}"
    total = sum(weight * int(digit) for weight, digit in zip(_weights("89234567"), body, strict=True))
    return body + str(total % 11 % 10)


def nip(n: int) -> str:
    """The n-th NIP: ten digits, of which the last one checks the others."""
    number = 100_000_000 + n
    while True:
        body = f"{number}"
        check = sum(weight * int(digit) for weight, digit in zip(_weights("657234567"), body, strict=True)) % 11
        if check < 10:
            return body + str(check)
        number += 300_000_000
