"""The counties of the pilot: Katowice, where the demo callers work, and 104 invented ones.

No source names the counties. The invented ones have numbers that TERYT does not use for
counties (51 to 57 of a voivodeship), so that they do not clash with the official register when
it is loaded later.
"""

from collections.abc import Iterator
from typing import NamedTuple

from onebox.callers import KATOWICE

IN_PROJECT, WITH_NURSERIES = 36, 69
"""Source 000, „Realizacja": counties of the project, and those of the nurseries' association."""
VOIVODESHIPS = {
    "02": "DOLNOŚLĄSKIE",
    "04": "KUJAWSKO-POMORSKIE",
    "06": "LUBELSKIE",
    "08": "LUBUSKIE",
    "10": "ŁÓDZKIE",
    "12": "MAŁOPOLSKIE",
    "14": "MAZOWIECKIE",
    "16": "OPOLSKIE",
    "18": "PODKARPACKIE",
    "20": "PODLASKIE",
    "22": "POMORSKIE",
    "24": "ŚLĄSKIE",
    "26": "ŚWIĘTOKRZYSKIE",
    "28": "WARMIŃSKO-MAZURSKIE",
    "30": "WIELKOPOLSKIE",
    "32": "ZACHODNIOPOMORSKIE",
}
_FIRST_FREE = 51
_HEADING = "WOJ;POW;GMI;RODZ;NAZWA;NAZWA_DOD;STAN_NA"
_AS_OF = "2022-01-01"


class County(NamedTuple):
    """A county, with the one commune that the pilot uses."""

    number: int
    """From 1; those of the project come first."""
    terc: str
    name: str
    commune: str

    @property
    def is_in_project(self) -> bool:
        return self.number <= IN_PROJECT


def counties() -> tuple[County, ...]:
    """All 105 counties."""
    invented = (_invented(number) for number in range(2, IN_PROJECT + WITH_NURSERIES + 1))
    return (County(1, KATOWICE, "Katowice", f"{KATOWICE}011"), *invented)


def in_project() -> tuple[County, ...]:
    """The 36 that signed agreements in 2022."""
    return tuple(county for county in counties() if county.is_in_project)


def with_nurseries() -> tuple[County, ...]:
    """The 69 where the nurseries' association screened."""
    return tuple(county for county in counties() if not county.is_in_project)


def _invented(number: int) -> County:
    voivodeships = [*VOIVODESHIPS]
    terc = f"{voivodeships[number % len(voivodeships)]}{_FIRST_FREE + number // len(voivodeships):02}"
    return County(number, terc, f"pilotażowy {number}", f"{terc}012")


def _lines() -> Iterator[str]:
    for code, name in VOIVODESHIPS.items():
        yield f"{code};;;;{name};województwo;{_AS_OF}"
    for county in counties():
        woj, pow_ = county.terc[:2], county.terc[2:]
        is_city = county.terc == KATOWICE
        yield f"{woj};{pow_};;;{county.name};{'miasto na prawach powiatu' if is_city else 'powiat'};{_AS_OF}"
        kind = "gmina miejska" if is_city else "gmina wiejska"
        commune = county.name if is_city else f"Zmyślone {county.number}"
        yield f"{woj};{pow_};{county.commune[4:6]};{county.commune[6]};{commune};{kind};{_AS_OF}"


def territory_file() -> bytes:
    """The units in the format of the official file."""
    return "\r\n".join([_HEADING, *_lines(), ""]).encode()
