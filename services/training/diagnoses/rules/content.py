"""The sections of a diagnosis. Pure."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.chassis.ground.scalars import Code, Count, Note, Wire


class DeviceKind(StrEnum):
    """Devices in schools."""

    DESKTOP = "desktop"
    LAPTOP = "laptop"
    TABLET = "tablet"
    INTERACTIVE_BOARD = "interactive_board"
    PROJECTOR = "projector"
    PRINTER = "printer"
    SERVER = "server"


# Boards, projectors and servers are shared by a class or a school.
FOR_PUPILS = (DeviceKind.DESKTOP, DeviceKind.LAPTOP, DeviceKind.TABLET)
"""Devices that pupils work on."""


class CollectionMethod(StrEnum):
    """How the data of a diagnosis were collected."""

    INVENTORY = "inventory"
    SURVEY = "survey"
    INTERVIEW = "interview"
    FOCUS_GROUP = "focus_group"
    OBSERVATION = "observation"
    COMPETENCE_TEST = "competence_test"
    PUBLIC_REGISTER = "public_register"


class Section(StrEnum):
    """The sections that a diagnosis needs to be submitted (source 003)."""

    EQUIPMENT = "equipment"
    AVAILABILITY = "availability"
    IT_STAFF = "it_staff"
    COMPETENCES_OF_TEACHERS = "competences.teachers"
    COMPETENCES_OF_HEADS = "competences.heads"
    COMPETENCES_OF_PUPILS = "competences.pupils"
    COLLECTION_METHODS = "collection_methods"
    EXCLUSION_OF_CHILDREN = "digital_exclusion.children"
    EXCLUSION_OF_PUPILS = "digital_exclusion.pupils"
    EXCLUSION_OF_PARENTS = "digital_exclusion.parents"
    RECOMMENDATIONS = "recommendations"


class DeviceCount(Wire):
    """Devices of a kind in all schools, by their condition."""

    kind: DeviceKind
    good: Count = Field(description="in good condition")
    worn: Count = Field(description="usable, to be replaced")
    unusable: Count


class Availability(Wire):
    """Schools and pupils, and what is available to them."""

    # At least one: a share of no schools has no meaning.
    schools: Annotated[Count, Field(ge=1)]
    pupils: Annotated[Count, Field(ge=1)]
    schools_with_broadband: Count
    schools_with_wireless: Count = Field(description="in every classroom")
    schools_lending_devices: Count = Field(description="to pupils, to take home")


class ItStaff(Wire):
    """The people who look after the equipment."""

    people: Count
    hours_a_week: Count = Field(description="of all together")
    people_with_qualification: Count


class CompetenceCount(Wire):
    """How many were assessed, and how many have sufficient digital competences."""

    # The number assessed is a field, since only a part of the people is tested.
    assessed: Annotated[Count, Field(ge=1)]
    sufficient: Count


class Competences(Wire):
    """Digital competences by group."""

    teachers: CompetenceCount | None = None
    heads: CompetenceCount | None = None
    pupils: CompetenceCount | None = None


class ExclusionCauses(Wire):
    """The number of excluded people by cause; one person may have several."""

    equipment: Count
    internet: Count
    poverty: Count
    disability: Count


class ExclusionCount(Wire):
    """How many of a group are digitally excluded, and why."""

    people: Annotated[Count, Field(ge=1)]
    excluded: Count
    causes: ExclusionCauses


class DigitalExclusion(Wire):
    """Digital exclusion by group."""

    children: ExclusionCount | None = Field(
        default=None, description="below the age of school"
    )
    pupils: ExclusionCount | None = None
    parents: ExclusionCount | None = None


class Recommendation(Wire):
    """A task for the authority, which a measure of its plan answers."""

    code: Code
    # The section on which the recommendation is based.
    section: Section
    text: Note


class DiagnosisContent(Wire):
    """The sections of a diagnosis. A draft may lack any of them."""

    equipment: Annotated[tuple[DeviceCount, ...], Field(max_length=20)] = ()
    availability: Availability | None = None
    it_staff: ItStaff | None = None
    competences: Competences = Field(default_factory=Competences)
    collection_methods: Annotated[
        tuple[CollectionMethod, ...], Field(max_length=20)
    ] = ()
    digital_exclusion: DigitalExclusion = Field(default_factory=DigitalExclusion)
    recommendations: Annotated[tuple[Recommendation, ...], Field(max_length=100)] = ()


def missing_sections(content: DiagnosisContent) -> list[Section]:
    """The sections that a diagnosis lacks to be submitted; empty when complete."""
    competences, exclusion = content.competences, content.digital_exclusion
    # In the order of source 003, which is the order in the refusal.
    content_by_section: dict[Section, object] = {
        Section.EQUIPMENT: content.equipment,
        Section.AVAILABILITY: content.availability,
        Section.IT_STAFF: content.it_staff,
        Section.COMPETENCES_OF_TEACHERS: competences.teachers,
        Section.COMPETENCES_OF_HEADS: competences.heads,
        Section.COMPETENCES_OF_PUPILS: competences.pupils,
        Section.COLLECTION_METHODS: content.collection_methods,
        Section.EXCLUSION_OF_CHILDREN: exclusion.children,
        Section.EXCLUSION_OF_PUPILS: exclusion.pupils,
        Section.EXCLUSION_OF_PARENTS: exclusion.parents,
        Section.RECOMMENDATIONS: content.recommendations,
    }
    return [section for section, value in content_by_section.items() if not value]


def content_errors(content: DiagnosisContent) -> list[tuple[str, str]]:
    """The inconsistencies of a diagnosis: pointers with their codes."""
    return [
        *_repetitions(content),
        *_availability_errors(content.availability),
        *_it_staff_errors(content.it_staff),
        *_competence_errors(content.competences),
        *_exclusion_errors(content.digital_exclusion),
    ]


def _repetitions(content: DiagnosisContent) -> Iterator[tuple[str, str]]:
    # A repeated code would be ambiguous.
    codes_by_field: dict[str, list[str]] = {
        "equipment": [each.kind for each in content.equipment],
        "recommendations": [each.code for each in content.recommendations],
        "collection_methods": [*content.collection_methods],
    }
    for name, codes in codes_by_field.items():
        if len({*codes}) < len(codes):
            yield name, "repeated"


def _availability_errors(
    availability: Availability | None,
) -> Iterator[tuple[str, str]]:
    if availability is None:
        return
    for name in ("with_broadband", "with_wireless", "lending_devices"):
        if getattr(availability, f"schools_{name}") > availability.schools:
            yield f"availability/schools_{name}", "too_many"


def _it_staff_errors(staff: ItStaff | None) -> Iterator[tuple[str, str]]:
    if staff is not None and staff.people_with_qualification > staff.people:
        yield "it_staff/people_with_qualification", "too_many"


def _competence_errors(competences: Competences) -> Iterator[tuple[str, str]]:
    for group in Competences.model_fields:
        count: CompetenceCount | None = getattr(competences, group)
        if count is not None and count.sufficient > count.assessed:
            yield f"competences/{group}/sufficient", "too_many"


def _exclusion_errors(exclusion: DigitalExclusion) -> Iterator[tuple[str, str]]:
    for group in DigitalExclusion.model_fields:
        count: ExclusionCount | None = getattr(exclusion, group)
        if count is None:
            continue
        if count.excluded > count.people:
            yield f"digital_exclusion/{group}/excluded", "too_many"
        people_by_cause = count.causes.model_dump()
        at = f"digital_exclusion/{group}/causes"
        for cause, people in people_by_cause.items():
            # A cause counts excluded people only, not everybody whom it concerns.
            if people > count.excluded:
                yield f"{at}/{cause}", "too_many"
        # Every excluded person has a cause; one person may have several.
        if sum(people_by_cause.values()) < count.excluded:
            yield at, "too_few"
