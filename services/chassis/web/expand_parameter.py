"""The query parameter for references to be expanded."""

from typing import Annotated

from fastapi import Query

from services.chassis.ground.scalars import Line

Expand = Annotated[
    Line | None,
    Query(
        max_length=200,
        description="references to be shown with what they refer to, comma-separated;"
        " what is referred to has no part in the ETag, so it is always sent",
    ),
]
"""For one resource; in a list it is part of its query."""
