"""If-Match: nobody overwrites a version that they have not read."""

import re
from typing import Annotated
from uuid import UUID

from fastapi import Header

from services.chassis.ground.problems import PreconditionRequired, VersionMismatch

_ETAG = re.compile(r'"([0-9a-z-]{1,64}):([1-9][0-9]{0,9})"', re.ASCII)

IfMatch = Annotated[
    str | None,
    Header(
        description="the ETag of the thing as it was read just before;"
        " the example's belongs to nothing here",
        examples=['"01990000-0000-7000-8000-000000000001:3"'],
    ),
]


def expected_version(if_match: str | None, key: UUID | str) -> int:
    """The version that the caller has read.

    Absent or `*`: PreconditionRequired; weak or of another resource: VersionMismatch.
    """
    # `*` would overwrite any version, unread.
    if if_match is None or if_match.strip() == "*":
        raise PreconditionRequired()
    match = _ETAG.fullmatch(if_match.strip())
    # No version is larger than its column; a larger number would be an error there.
    if match is None or match[1] != str(key) or int(match[2]) > 2**31 - 1:
        raise VersionMismatch()
    return int(match[2])
