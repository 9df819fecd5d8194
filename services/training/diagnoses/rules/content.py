"""The sections of a diagnosis. Pure."""

from collections.abc import Iterator
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.chassis.ground.scalars import Code, Count, Note, Wire


class DeviceKind(StrEnum):
    """What schools are equipped with."""

    DESKTOP = "desktop"
    LAPTOP = "laptop"
    TABLET = "tablet"
    INTERACTIVE_BOARD = "interactive_board"
    PROJECTOR = "projector"
    PRINTER = "printer"
    SERVER = "server"


# Boards, projectors and servers are shared by a class or a school.
FOR_PUPILS = (DeviceKind.DESKTOP, DeviceKind.LAPTOP, DeviceKind.TABLET)
"""What a pupil works at."""


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
    """The parts without which a diagnosis is not submitted (source 003)."""

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
    """Who has what to work with."""

    # At least one: a share of no schools would say nothing.
    schools: Annotated[Count, Field(ge=1)]
    pupils: Annotated[Count, Field(ge=1)]
    schools_with_broadband: Count
    schools_with_wireless: Count = Field(description="in every classroom")
    schools_lending_devices: Count = Field(description="to pupils, to take home")


class ItStaff(Wire):
    """Who looks after the equipment."""

    people: Count
    hours_a_week: Count = Field(description="of all together")
    people_with_qualification: Count


class CompetenceCount(Wire):
    """How many were assessed, and how many have sufficient digital competences."""

    # How many were asked counts, since nobody tests a whole county.
    assessed: Annotated[Count, Field(ge=1)]
    sufficient: Count


class Competences(Wire):
    """Digital competences by group."""

    teachers: CompetenceCount | None = None
    heads: CompetenceCount | None = None
    pupils: CompetenceCount | None = None


class ExclusionCauses(Wire):
    """How many of the excluded a cause concerns; one person may have several."""

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
    """What the authority is to do; a measure of its plan answers it."""

    code: Code
    # By section, so that a reader finds what a recommendation rests on.
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
    """All that a diagnosis lacks before it is submitted; empty when nothing does."""
    competences, exclusion = content.competences, content.digital_exclusion
    # In the order of the source, which is the order of the refusal.
    given: dict[Section, object] = {
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
    return [section for section, value in given.items() if not value]


def content_errors(content: DiagnosisContent) -> list[tuple[str, str]]:
    """What cannot be in a diagnosis: a pointer and a code each."""
    return [
        *_repetitions(content),
        *_availability_errors(content.availability),
        *_it_staff_errors(content.it_staff),
        *_competence_errors(content.competences),
        *_exclusion_errors(content.digital_exclusion),
    ]


def _repetitions(content: DiagnosisContent) -> Iterator[tuple[str, str]]:
    # A code that stands for two things could be answered by neither.
    named: dict[str, list[str]] = {
        "equipment": [each.kind for each in content.equipment],
        "recommendations": [each.code for each in content.recommendations],
        "collection_methods": [*content.collection_methods],
    }
    for name, codes in named.items():
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
        concerned = count.causes.model_dump()
        at = f"digital_exclusion/{group}/causes"
        for cause, people in concerned.items():
            # A cause concerns excluded people only, not everybody without a device.
            if people > count.excluded:
                yield f"{at}/{cause}", "too_many"
        # Nobody is excluded without a cause; one person may have several.
        if sum(concerned.values()) < count.excluded:
            yield at, "too_few"
