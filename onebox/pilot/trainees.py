"""The trainees of the pilot, as files of a project office: TMW (source 002) and FERS (source 003)."""

from collections.abc import Iterator, Mapping, Sequence
from typing import NamedTuple

from onebox.pilot.counties import County, counties
from onebox.pilot.names import GIVEN, family_name, lots

LOCATIONS, IN_LOCATION, TMW_GROUPS = 30, 2, 6
"""Source 002: two people from each of 30 locations, in six groups of ten."""
AUTHORITIES, IN_TEAM = 50, 3
"""Source 003: 150 people of 50 authorities, so every team has three."""
TEAMS_IN_GROUP = 6
ORGANISATIONS = ("cis", "kis", "owes", "ngo", "local_authority", "local_authority_unit")
_HEADING = (
    "external_id",
    "county_terc",
    "given_name",
    "family_name",
    "sex",
    "organisation_type",
    "organisation_name",
    "relation",
    "site_id",
    "authority_terc",
    "target_group",
    "group_code",
)


class Location(NamedTuple):
    """A place of TMW's test."""

    number: int
    county: County

    @property
    def name(self) -> str:
        return f"Lokalizacja {self.number}"


def locations() -> tuple[Location, ...]:
    """The 30 locations, each in another county."""
    return tuple(Location(number, county) for number, county in enumerate(counties()[:LOCATIONS], 1))


def authorities() -> tuple[County, ...]:
    """The counties whose communes take part in FERS."""
    return counties()[:AUTHORITIES]


def team_group(place: int) -> str:
    """The group in which the team of the authority at that place is trained."""
    return f"FERS-{place // TEAMS_IN_GROUP + 1}"


FERS_GROUPS = tuple(dict.fromkeys(team_group(place) for place in range(AUTHORITIES)))


def tmw_file(sites: Mapping[str, str]) -> bytes:
    """The file of the 60 people of TMW; `sites`: ids of the locations by their names."""
    return _file(_tmw(sites))


def _tmw(sites: Mapping[str, str]) -> Iterator[Mapping[str, str]]:
    for number in range(LOCATIONS * IN_LOCATION):
        location = locations()[number % LOCATIONS]
        kind = ORGANISATIONS[number % len(ORGANISATIONS)]
        yield _person(number, "tmw", "female" if number % 3 else "male") | {
            "county_terc": location.county.terc,
            "organisation_type": kind,
            "organisation_name": f"Instytucja {location.number}",
            "site_id": sites[location.name],
            "group_code": f"TMW-{number % TMW_GROUPS + 1}",
        }


def fers_file() -> bytes:
    """The file of the 150 people of FERS, 105 women and 45 men."""
    return _file(_fers())


def _fers() -> Iterator[Mapping[str, str]]:
    for place, county in enumerate(authorities()):
        # Two women and a man, and in every tenth team three women: 105 and 45.
        sexes = ("female", "female", "female" if place % 10 == 9 else "male")
        for number, sex in enumerate(sexes):
            yield _person(IN_TEAM * place + number, "fers", sex) | {
                "county_terc": county.terc,
                "organisation_type": "local_authority",
                "organisation_name": f"Gmina {county.number}",
                "authority_terc": county.commune,
                "target_group": "operational_staff",
                "group_code": team_group(place),
            }


def _person(number: int, programme: str, sex: str) -> dict[str, str]:
    chance = lots(f"{programme} {number}")
    names = {"given_name": chance.choice(GIVEN[sex]), "family_name": family_name(chance, sex)}
    return {"external_id": f"{programme}-{number}", "sex": sex, "relation": "employee", **names}


def _file(people: Iterator[Mapping[str, str]]) -> bytes:
    lines: Sequence[str] = [";".join(person.get(name, "") for name in _HEADING) for person in people]
    return "\r\n".join([";".join(_HEADING), *lines, ""]).encode()
