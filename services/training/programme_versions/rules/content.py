"""The content of a version: modules with goals, topics, hours and outcomes. Pure."""

from collections.abc import Iterable, Iterator, Sequence
from enum import StrEnum
from typing import Annotated

from pydantic import Field

from services.chassis.ground.scalars import Code, Count, Flag, Name, Note, Wire


class ModuleForm(StrEnum):
    """How a module is taught; source 002 requires workshops with some lectures."""

    WORKSHOP = "workshop"
    WORKSHOP_WITH_LECTURE = "workshop_with_lecture"
    LECTURE = "lecture"
    SEMINAR = "seminar"
    SELF_STUDY = "self_study"


class ValidationMethod(StrEnum):
    """How an outcome is validated."""

    TEST = "test"
    TASK = "task"
    OBSERVATION = "observation"
    INTERVIEW = "interview"
    PORTFOLIO = "portfolio"


class TopicContent(Wire):
    """A topic. Its code is unique and stays in all versions of the programme."""

    code: Code
    title_pl: Name
    title_en: Name
    is_test_specific: Flag


class OutcomeContent(Wire):
    """What a trainee can do afterwards, with the criterion and method of validation."""

    code: Code
    text_pl: Name
    text_en: Name
    criterion_pl: Name
    criterion_en: Name
    method: ValidationMethod
    is_required: Flag = Field(default=True, description="for the certificate")


class ModuleContent(Wire):
    """A module. Its code is unique and stays in all versions of the programme."""

    code: Code
    title_pl: Name
    title_en: Name
    goal_pl: Note
    goal_en: Note
    form: ModuleForm
    minutes: Annotated[Count, Field(ge=1, le=60_000)]
    is_test_specific: Flag = Field(
        description="of the test alone, with all its topics; else reusable outside it"
    )
    sphere: Annotated[Count, Field(ge=1, le=3)] | None = Field(
        default=None, description="of cooperation, which a test-specific module is of"
    )
    # Tuples are covariant: the read models have parts with more fields.
    topics: tuple[TopicContent, ...] = Field(default=(), max_length=60)
    outcomes: tuple[OutcomeContent, ...] = Field(default=(), max_length=40)


class VersionContent(Wire):
    """The content of a version; modules and topics are numbered in their order."""

    group_capacity: Annotated[Count, Field(ge=1, le=1000)]
    attendance_percent: Annotated[Count, Field(le=100)] = Field(
        description="share of the planned minutes that a certificate needs"
    )
    # May be empty at first: client and contractor agree on modules (source 002).
    modules: tuple[ModuleContent, ...] = Field(default=(), max_length=40)


def contradictions(modules: Sequence[ModuleContent]) -> list[tuple[str, str]]:
    """The contradictions in the modules: pointers with their codes."""
    # Over the whole version: parts keep their code when they move to another module.
    repeated_places = [
        *_repeated(_codes_of_modules(modules)),
        *_repeated(_codes_of(modules, "topics")),
        *_repeated(_codes_of(modules, "outcomes")),
    ]
    spheres = [
        (f"modules/{place}/sphere", "not_allowed")
        for place, module in enumerate(modules)
        if module.sphere is not None and not module.is_test_specific
    ]
    return [(f"{place}/code", "already_taken") for place in repeated_places] + spheres


def _codes_of_modules(modules: Sequence[ModuleContent]) -> Iterator[tuple[str, str]]:
    for place, module in enumerate(modules):
        yield f"modules/{place}", module.code


def _codes_of(
    modules: Sequence[ModuleContent], parts: str
) -> Iterator[tuple[str, str]]:
    for place, module in enumerate(modules):
        for within, part in enumerate(getattr(module, parts)):
            yield f"modules/{place}/{parts}/{within}", part.code


def _repeated(codes: Iterable[tuple[str, str]]) -> Iterator[str]:
    """The places whose code was used before."""
    used_codes: set[str] = set()
    for place, code in codes:
        if code in used_codes:
            yield place
        used_codes.add(code)


def mixed_topics(modules: Sequence[ModuleContent]) -> list[tuple[int, int]]:
    """The topics that are not of their module's kind, as positions from 0.

    Content for the test alone is in separate modules, so that the others can be used
    outside the test (source 002, general assumptions, point 4).
    """
    return [
        (place, within)
        for place, module in enumerate(modules)
        for within, topic in enumerate(module.topics)
        if topic.is_test_specific != module.is_test_specific
    ]


def missing_to_propose(modules: Sequence[ModuleContent]) -> list[str]:
    """Pointers to everything that is missing: modules, and topics in each of them."""
    # Without modules, no places for topics exist.
    if not modules:
        return ["/modules"]
    return [
        f"/modules/{place}/topics"
        for place, module in enumerate(modules)
        if not module.topics
    ]
