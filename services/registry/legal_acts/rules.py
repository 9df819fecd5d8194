"""How an act is identified, and when a provision is in force. Pure."""

from datetime import date
from enum import StrEnum
from typing import Protocol

ELI_PATTERN = r"^(DU|MP)/[0-9]{4}/[1-9][0-9]{0,4}$"
"""Publisher, year and position, as the Sejm's ELI addresses end: `DU/2023/1801` is
Dz.U. 2023 poz. 1801, `MP/…` the Monitor Polski.
"""


class ContractingInstrument(StrEnum):
    """By which act a local authority orders social services (source 002, module 6)."""

    PUBLIC_PROCUREMENT_ACT = "public_procurement_act"
    PUBLIC_BENEFIT_ACT = "public_benefit_act"
    SOCIAL_ASSISTANCE_ACT = "social_assistance_act"


class Provision(Protocol):
    """When a provision is in force; `valid_to` is the first day without it."""

    valid_from: date | None
    valid_to: date | None


def is_in_force(provision: Provision, day: date) -> bool:
    """Whether a provision is in force on a day; an unknown day does not
    limit its validity.
    """
    has_begun = provision.valid_from is None or provision.valid_from <= day
    return has_begun and (provision.valid_to is None or day < provision.valid_to)


def contradictions(
    valid_from: date | None, valid_to: date | None
) -> list[tuple[str, str]]:
    """The contradictions in the validity of a provision: field and code."""
    if valid_from is None or valid_to is None or valid_from < valid_to:
        return []
    return [("valid_to", "wrong_order")]
