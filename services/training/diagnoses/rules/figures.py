"""The figures computed from the sections of a diagnosis. Pure."""

from decimal import ROUND_HALF_UP, Decimal

from pydantic import BaseModel, Field

from services.training.diagnoses.rules.content import (
    FOR_PUPILS,
    CompetenceCount,
    DiagnosisContent,
    ExclusionCount,
)

# Rounded half up (domain.md N6), in decimals, since floats are inexact.
_PLACES = Decimal("0.01")


def ratio(part: int, whole: int) -> Decimal | None:
    """A quotient with two places, rounded half up; None where `whole` is 0.

    >>> ratio(1, 8)
    Decimal('0.13')
    """
    if not whole:
        return None
    return (Decimal(part) / whole).quantize(_PLACES, ROUND_HALF_UP)


def percent(part: int, whole: int) -> Decimal | None:
    """A share in per cent with two places, rounded half up; None where `whole` is 0.

    >>> percent(2, 3)
    Decimal('66.67')
    """
    return ratio(100 * part, whole)


class CauseShares(BaseModel):
    """The share of excluded people by cause, in per cent."""

    equipment: Decimal | None
    internet: Decimal | None
    poverty: Decimal | None
    disability: Decimal | None


class ExclusionShares(BaseModel):
    """The excluded share of a group, in per cent, and its causes."""

    excluded_percent: Decimal | None
    causes_percent: CauseShares


class DiagnosisFigures(BaseModel):
    """Figures computed from a diagnosis; null where the section is missing."""

    devices: int
    unusable_devices_percent: Decimal | None
    devices_for_pupils: int = Field(description="usable desktops, laptops and tablets")
    devices_per_pupil: Decimal | None
    pupils_per_device: Decimal | None
    broadband_percent: Decimal | None = Field(description="of schools")
    wireless_percent: Decimal | None = Field(description="of schools")
    lending_percent: Decimal | None = Field(description="of schools")
    competent_teachers_percent: Decimal | None
    competent_heads_percent: Decimal | None
    competent_pupils_percent: Decimal | None
    exclusion_of_children: ExclusionShares | None
    exclusion_of_pupils: ExclusionShares | None
    exclusion_of_parents: ExclusionShares | None


def _competent(count: CompetenceCount | None) -> Decimal | None:
    return None if count is None else percent(count.sufficient, count.assessed)


def _exclusion(count: ExclusionCount | None) -> ExclusionShares | None:
    if count is None:
        return None
    causes = count.causes.model_dump()
    shares = {
        cause: percent(people, count.excluded) for cause, people in causes.items()
    }
    return ExclusionShares(
        excluded_percent=percent(count.excluded, count.people),
        causes_percent=CauseShares(**shares),
    )


def figures_of(content: DiagnosisContent) -> DiagnosisFigures:
    """The figures of a diagnosis, computed whenever it is read."""
    # Worn devices still work, and so count as usable.
    usable = {each.kind: each.good + each.worn for each in content.equipment}
    unusable = sum(each.unusable for each in content.equipment)
    devices = sum(usable.values()) + unusable
    for_pupils = sum(usable.get(kind, 0) for kind in FOR_PUPILS)
    availability = content.availability
    pupils, schools = (
        (availability.pupils, availability.schools) if availability else (0, 0)
    )
    competences, exclusion = content.competences, content.digital_exclusion
    return DiagnosisFigures(
        devices=devices,
        unusable_devices_percent=percent(unusable, devices),
        devices_for_pupils=for_pupils,
        devices_per_pupil=ratio(for_pupils, pupils),
        # Both ratios: one for comparing authorities, the other for reading.
        pupils_per_device=ratio(pupils, for_pupils) if pupils else None,
        broadband_percent=percent(
            availability.schools_with_broadband if availability else 0, schools
        ),
        wireless_percent=percent(
            availability.schools_with_wireless if availability else 0, schools
        ),
        lending_percent=percent(
            availability.schools_lending_devices if availability else 0, schools
        ),
        competent_teachers_percent=_competent(competences.teachers),
        competent_heads_percent=_competent(competences.heads),
        competent_pupils_percent=_competent(competences.pupils),
        exclusion_of_children=_exclusion(exclusion.children),
        exclusion_of_pupils=_exclusion(exclusion.pupils),
        exclusion_of_parents=_exclusion(exclusion.parents),
    )
