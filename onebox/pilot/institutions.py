"""The institutions of the pilot, as a table of a project office."""

from collections.abc import Iterator
from typing import NamedTuple

from onebox.pilot.counties import County, counties

SYSTEM = "pilot"
_HEADING = "external_id;name;type;sector;ownership;reference_level;county_terc;commune_terc;locality;regon;opened_on"
_WEIGHTS = (8, 9, 2, 3, 4, 5, 6, 7)


class Kind(NamedTuple):
    """An institution that every county of the project has."""

    type: str
    name: str
    role: str
    """Its role in the network (source 000, „Zadania")."""
    level: str = ""
    sector: str = ""


KINDS = (
    Kind("psych_ped_counselling_centre", "Poradnia Psychologiczno-Pedagogiczna „Przystań”", "coordinating"),
    Kind("county_family_support_centre", "Powiatowe Centrum Pomocy Rodzinie „Dom”", "coordinating"),
    Kind("community_mental_health_centre", "Środowiskowe Centrum Zdrowia Psychicznego „Oddech”", "supporting", "I"),
    Kind("hospital", "Szpital Dziecięcy „Pod Kasztanami”", "supporting", "II"),
    Kind("social_assistance_centre", "Ośrodek Pomocy Społecznej „Razem”", "supporting"),
    Kind("nursery", "Żłobek „Pierwszy Krok”", "cooperating"),
    Kind("kindergarten", "Przedszkole „Tęczowy Most”", "cooperating"),
    Kind("primary_school", "Szkoła Podstawowa „Na Wzgórzu”", "cooperating"),
    Kind("ngo", "Fundacja „Bliżej Dziecka”", "cooperating", sector="civic"),
)
COUNSELLING, HEALTH, ASSISTANCE = KINDS[0].type, KINDS[2].type, KINDS[4].type
NURSERY, SCHOOL = "nursery", "primary_school"


def kinds_of(county: County) -> tuple[Kind, ...]:
    """The kinds of institutions of a county; outside of the project only a nursery."""
    return KINDS if county.is_in_project else tuple(kind for kind in KINDS if kind.type == NURSERY)


def regon(number: int) -> str:
    """A REGON with a correct check digit, of the unused range that begins with 98."""
    digits = f"98{number:06}"
    check = sum(weight * int(digit) for weight, digit in zip(_WEIGHTS, digits, strict=True)) % 11 % 10
    return f"{digits}{check}"


def _rows() -> Iterator[str]:
    number = 0
    for county in counties():
        for kind in kinds_of(county):
            number += 1
            name = f"{kind.name} {county.number}"
            facts = (kind.type, kind.sector, "non_public" if kind.type == "ngo" else "public", kind.level)
            where = (county.terc, county.commune, f"Zmyślone {county.number}")
            yield ";".join((str(number), name, *facts, *where, regon(number), "2010-09-01"))


def institutions_file() -> bytes:
    """The file of all institutions, county by county."""
    return "\r\n".join([_HEADING, *_rows(), ""]).encode()
