"""The event feed of a service."""

from collections.abc import AsyncIterator

from splot_client.client import Splot
from splot_client.generated.models import EventFeed
from splot_client.generated.services import ServiceWithEvents


async def follow(
    splot: Splot,
    service: ServiceWithEvents,
    *,
    after: str = "0",
    event_type: str | None = None,
    wait: int = 30,
) -> AsyncIterator[EventFeed]:
    """The events of a service in their order, page by page.

    Keep `next_cursor` once a page is done with, and begin with it the next time: then each
    event is seen at least once, and none is lost. `wait` are the seconds that each question
    waits for news; 0 ends with the last event that is there now.
    """
    while True:
        query = {"after": after, "wait": wait, "type": event_type}
        page: EventFeed = (
            await splot.calls.json("GET", f"/v1/{service}/events", query=query)
        ).data
        if page["items"]:
            yield page
        elif not wait:
            return
        after = page["next_cursor"]
