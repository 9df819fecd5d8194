"""Every item of a list, page by page, as they are needed."""

from collections.abc import AsyncIterator, Awaitable, Callable
from typing import Any, ParamSpec, TypeVar

from splot_client.answers import Answer, Page

P = ParamSpec("P")
T = TypeVar("T")


async def items(
    operation: Callable[P, Awaitable[Answer[Page[T]]]],
    *args: P.args,
    **kwargs: P.kwargs,
) -> AsyncIterator[T]:
    """`async for institution in items(splot.registry.list_institutions, county_terc=["2469"])`."""
    cursor: dict[str, Any] = {}
    while True:
        page = (await operation(*args, **(kwargs | cursor))).data  # type: ignore[arg-type]
        for item in page["items"]:
            yield item
        if page["next_cursor"] is None:
            return
        cursor = {"cursor": page["next_cursor"]}
