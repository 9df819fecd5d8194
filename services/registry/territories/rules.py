"""The meaning of TERC codes. Pure. Source: register TERYT, identifiers TERC
(Statistics Poland).
"""

from enum import StrEnum


class Level(StrEnum):
    """Levels of the territorial division."""

    VOIVODESHIP = "voivodeship"
    COUNTY = "county"
    COMMUNE = "commune"


class CountyKind(StrEnum):
    """A land county, or a city with county rights."""

    COUNTY = "county"
    CITY_WITH_COUNTY_RIGHTS = "city_with_county_rights"


class CommuneKind(StrEnum):
    """The kind of a commune, by the seventh digit of its code. The last four are parts of
    a commune, never counted with it.
    """

    URBAN = "urban"
    RURAL = "rural"
    URBAN_RURAL = "urban_rural"
    TOWN_IN_COMMUNE = "town_in_commune"
    RURAL_AREA_IN_COMMUNE = "rural_area_in_commune"
    WARSAW_DISTRICT = "warsaw_district"
    CITY_DELEGACY = "city_delegacy"


# TERYT has no kinds 6 and 7.
COMMUNE_KIND_OF_DIGIT = {
    "1": CommuneKind.URBAN,
    "2": CommuneKind.RURAL,
    "3": CommuneKind.URBAN_RURAL,
    "4": CommuneKind.TOWN_IN_COMMUNE,
    "5": CommuneKind.RURAL_AREA_IN_COMMUNE,
    "8": CommuneKind.WARSAW_DISTRICT,
    "9": CommuneKind.CITY_DELEGACY,
}
MARKED, UNMARKED = "ąćęłńóśźż", "acelnoszz"
"""Polish letters with their marks, and the letters without marks that a search
treats as equal.
"""

# Without the parts of communes, whose people and institutions would count twice.
WHOLE_COMMUNES = (CommuneKind.URBAN, CommuneKind.RURAL, CommuneKind.URBAN_RURAL)
FIRST_CITY_NUMBER = 61


def folded(words: str) -> str:
    """Words in lower case without Polish marks, like `models.FOLD` for the
    searched columns.
    """
    return words.lower().translate(str.maketrans(MARKED, UNMARKED))


def county_kind(terc: str) -> CountyKind:
    """The kind of a county: cities with county rights have numbers from 61 in
    their voivodeship.
    """
    return (
        CountyKind.CITY_WITH_COUNTY_RIGHTS
        if int(terc[2:4]) >= FIRST_CITY_NUMBER
        else CountyKind.COUNTY
    )


def commune_kind(terc: str) -> CommuneKind | None:
    """The kind of a commune by the seventh digit of its code; None for an unused digit."""
    return COMMUNE_KIND_OF_DIGIT.get(terc[6:7])


def urbanisation(urban_population: int | None, population: int | None) -> float | None:
    """Share of the population that lives in towns, 0 to 1."""
    return (
        None
        if not population or urban_population is None
        else round(urban_population / population, 4)
    )
