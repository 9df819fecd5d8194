"""The recipients that a communiqué may have. Pure."""

from enum import StrEnum


class Recipient(StrEnum):
    """The recipients of a communiqué: boards and councils of source 004, in region and county."""

    COMMUNE_BOARDS = "commune_boards"
    COUNTY_BOARD = "county_board"
    COUNTY_COUNCIL = "county_council"
    COUNTY_EMPLOYMENT_COUNCIL = "county_employment_council"
    COUNTY_PUBLIC_BENEFIT_COUNCIL = "county_public_benefit_council"
    VOIVODESHIP_BOARD = "voivodeship_board"
    VOIVODE = "voivode"
    VOIVODESHIP_EMPLOYMENT_COUNCIL = "voivodeship_employment_council"
    VOIVODESHIP_PUBLIC_BENEFIT_COUNCIL = "voivodeship_public_benefit_council"
