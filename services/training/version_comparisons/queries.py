"""The comparison of two versions of a programme."""

from collections import Counter

from sqlalchemy import select

from services.chassis.data.work import Reading
from services.training.problems import ProgrammeVersionNotFound
from services.training.programme_versions.queries import (
    OF_PROGRAMMES,
    VERSIONS,
    get_modules,
    is_version,
)
from services.training.programme_versions.rules.content import VersionContent
from services.training.version_comparisons.rules.differences import (
    Difference,
    differences,
)
from services.training.version_comparisons.rules.sentences import (
    FIELDS,
    Words,
    sentence,
)
from services.training.version_comparisons.schemas import (
    ComparedText,
    DifferenceCounts,
    FieldDifference,
    VersionComparisonRead,
    VersionDifference,
)


async def get_comparison(
    reading: Reading, code: str, since: int, number: int
) -> VersionComparisonRead:
    """The differences of a version from another one of the same programme."""
    before = await _get_content(reading, code, since)
    after = await _get_content(reading, code, number)
    all_differences = differences(before, after)
    return VersionComparisonRead(
        programme=code,
        since=since,
        number=number,
        # Counted from the list, so that both always agree.
        counts=DifferenceCounts(**Counter(each.kind.value for each in all_differences)),
        differences=[_difference_read(each) for each in all_differences],
    )


async def _get_content(reading: Reading, code: str, number: int) -> VersionContent:
    columns = VERSIONS.c.id, VERSIONS.c.group_capacity, VERSIONS.c.attendance_percent
    statement = select(*columns).select_from(OF_PROGRAMMES)
    statement = statement.where(is_version(code, number))
    version = await reading.one(statement, ProgrammeVersionNotFound)
    return VersionContent(
        group_capacity=version.group_capacity,
        attendance_percent=version.attendance_percent,
        # Stored modules: old versions are compared by the present rules.
        modules=tuple(await get_modules(reading, version.id)),
    )


def _difference_read(difference: Difference) -> VersionDifference:
    before, after = difference.before, difference.after
    fields = [
        FieldDifference(
            field=name,
            # With a label, so that clients can show fields that they do not know.
            label=_both(FIELDS[name]),
            before=None if before is None else before.values[name],
            after=None if after is None else after.values[name],
        )
        for name in difference.fields
    ]
    return VersionDifference(
        kind=difference.kind,
        part=difference.part,
        code=difference.code,
        text=_both(sentence(difference)),
        fields=fields,
    )


def _both(words: Words) -> ComparedText:
    return ComparedText(pl=words.pl, en=words.en)
