"""What a visitor sees of a certificate, and whether a typed name is the holder's.

Pure.
"""

import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import BaseModel, Field

from services.training.certificates.rules import CertificateContent

# Enough for slips of the pen, too few to try a list of names.
MOST_CHECKS = 5
PER = timedelta(hours=1)
"""So many names may be typed beside one certificate in this time."""


class Holding(NamedTuple):
    """A certificate with its holder, and what the holder shows."""

    given_name: str
    family_name: str
    number: str
    issued_on: date
    revoked_on: date | None
    shows_name: bool
    shows_content: bool
    content: CertificateContent


class ShownModule(BaseModel):
    """A module, as a visitor sees it."""

    number: int
    title_pl: str
    title_en: str
    form: str
    minutes: int
    attended_minutes: int


class ShownOutcome(BaseModel):
    """An outcome that the holder has achieved."""

    module_number: int
    text_pl: str
    text_en: str
    validated_on: date


class ShownContent(BaseModel):
    """What a holder shows beside the certificate's validity."""

    number: str
    minutes: int
    modules: list[ShownModule]
    outcomes: list[ShownOutcome]


class Verification(BaseModel):
    """What a visitor sees."""

    is_valid: bool
    issuer: str
    programme_pl: str
    programme_en: str
    issued_on: date
    revoked_on: date | None = Field(description="null of a valid certificate")
    initials: str
    name: str | None = Field(description="null unless the holder shows it")
    content: ShownContent | None = Field(description="null unless the holder shows it")


class NameVerdict(BaseModel):
    """Whether a name is the holder's."""

    matches: bool
    is_valid: bool = Field(description="whether the certificate is valid today")


def verification(holding: Holding, issuer: str, *, by_link: bool) -> Verification:
    """What is shown of a certificate.

    By the holder's secret link all of it, by the code what the holder chose.
    """
    content = holding.content
    name = f"{holding.given_name} {holding.family_name}"
    # The link is the holder's own word, whatever was chosen for the code.
    shows_name = by_link or holding.shows_name
    shows_content = by_link or holding.shows_content
    return Verification(
        is_valid=holding.revoked_on is None,
        issuer=issuer,
        programme_pl=content.title_pl,
        programme_en=content.title_en,
        issued_on=holding.issued_on,
        revoked_on=holding.revoked_on,
        # Of the first names only: more of them would name a person in a small group.
        initials=f"{holding.given_name[0]}.{holding.family_name[0]}.",
        name=name if shows_name else None,
        content=_shown(holding) if shows_content else None,
    )


def _shown(holding: Holding) -> ShownContent:
    content = holding.content
    modules = [ShownModule(**each.model_dump()) for each in content.modules]
    outcomes = [ShownOutcome(**each.model_dump()) for each in content.outcomes]
    return ShownContent(
        number=holding.number,
        minutes=content.minutes,
        modules=modules,
        outcomes=outcomes,
    )


def is_name_of(typed: str, given_name: str, family_name: str) -> bool:
    """Whether what was typed is the name, in either order, with any case and spaces."""
    # Polish forms ask for the family name first as often as last.
    names = {
        _compared(f"{given_name} {family_name}"),
        _compared(f"{family_name} {given_name}"),
    }
    return _compared(typed) in names


def _compared(name: str) -> str:
    # Telephones type a double name with spaces around its hyphen.
    plain = unicodedata.normalize("NFKC", name).casefold().replace(" - ", "-")
    return " ".join(plain.split())
