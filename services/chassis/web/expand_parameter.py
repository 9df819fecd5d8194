"""What a request says of the references that it wants shown."""

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
"""Of one thing; of a list it is a part of its query."""
