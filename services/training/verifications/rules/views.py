"""The facts of a certificate for visitors, and the check of a typed name. Pure."""

import unicodedata
from datetime import date, timedelta
from typing import NamedTuple

from pydantic import BaseModel, Field

from services.training.certificates.rules import CertificateContent

# Enough for typing errors, too few to try a list of names.
MOST_CHECKS = 5
PER = timedelta(hours=1)
"""The time in which MOST_CHECKS names may be checked for one certificate."""


class Holding(NamedTuple):
    """A certificate with its holder, and the holder's choices of disclosure."""

    given_name: str
    family_name: str
    number: str
    issued_on: date
    revoked_on: date | None
    shows_name: bool
    shows_content: bool
    content: CertificateContent


class ShownModule(BaseModel):
    """A module in a verification."""

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
    """The content that a holder lets visitors see."""

    number: str
    minutes: int
    modules: list[ShownModule]
    outcomes: list[ShownOutcome]


class Verification(BaseModel):
    """The facts of a certificate that a visitor sees."""

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
    """The facts of a certificate for a visitor.

    With the secret link all of them; with the code those that the holder chose.
    """
    content = holding.content
    name = f"{holding.given_name} {holding.family_name}"
    # The link shows everything, independent of the choices for the code.
    shows_name = by_link or holding.shows_name
    shows_content = by_link or holding.shows_content
    return Verification(
        is_valid=holding.revoked_on is None,
        issuer=issuer,
        programme_pl=content.title_pl,
        programme_en=content.title_en,
        issued_on=holding.issued_on,
        revoked_on=holding.revoked_on,
        # One initial of each: more could identify a person in a small group.
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


def is_name_of(text: str, given_name: str, family_name: str) -> bool:
    """Whether a typed text is the name, in either order, with any case and spaces."""
    # Polish forms often put the family name first.
    names = {
        _comparable(f"{given_name} {family_name}"),
        _comparable(f"{family_name} {given_name}"),
    }
    return _comparable(text) in names


def _comparable(name: str) -> str:
    # Phone keyboards put spaces around the hyphen of a double name.
    plain = unicodedata.normalize("NFKC", name).casefold().replace(" - ", "-")
    return " ".join(plain.split())
