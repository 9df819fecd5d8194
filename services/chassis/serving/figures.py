"""The metrics of a service about itself: its pools, and counts in its database."""

import asyncio
import time
from collections.abc import Iterable, Iterator, Sequence
from typing import Any, NamedTuple

import asyncpg
from prometheus_client import CollectorRegistry
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.registry import Collector
from sqlalchemy.exc import SQLAlchemyError

from services.chassis.data.database import Database
from services.chassis.servers.leading import CONNECTION_FAULTS
from services.chassis.trust.callers import Caller

# However many scrapers there are: the database is asked no more often.
SECONDS_KEPT = 10.0
SECONDS_TO_ANSWER = 2.0
# Counts of all counties together, and of no single one: they reveal nobody.
_EVERYWHERE = Caller("figures", counties=frozenset({"*"}))
_FAULTS = (SQLAlchemyError, asyncpg.PostgresError, TimeoutError, *CONNECTION_FAULTS)


class Figure(NamedTuple):
    """A number in the database: the value of one statement; no row means 0."""

    name: str
    description: str
    sql: str
    values: tuple[Any, ...] = ()
    seconds: float = SECONDS_KEPT
    """How long a value is kept before the database is asked again."""


EVENTS_UNNUMBERED = Figure(
    "splot_events_unnumbered_oldest_seconds",
    "Age of the oldest event that nobody who follows or receives events has been told of",
    """
SELECT extract(epoch FROM now() - occurred_at) FROM events
WHERE sequence IS NULL ORDER BY position LIMIT 1
""",
)


class Figures(Collector):
    """The numbers of one application at the last look."""

    def __init__(self, database: Database, figures: Sequence[Figure]) -> None:
        self.database, self._figures = database, figures
        self._values: dict[str, float] = {}
        self._until = dict.fromkeys(figures, 0.0)
        self._answers = False
        self._looking = asyncio.Lock()
        self.registry = CollectorRegistry()
        self.registry.register(self)

    async def look(self) -> None:
        """Read the figures whose values are no longer fresh."""
        async with self._looking:
            now = time.monotonic()
            due = [each for each in self._figures if self._until[each] <= now]
            if due:
                self._answers = await self._ask(due, now)

    async def _ask(self, due: Iterable[Figure], now: float) -> bool:
        try:
            # A scrape gets the other numbers even where the database is silent.
            async with (
                asyncio.timeout(SECONDS_TO_ANSWER),
                self.database.reading(_EVERYWHERE) as reading,
            ):
                for figure in due:
                    value = await reading.fetchval(figure.sql, *figure.values)
                    self._values[figure.name] = float(value or 0)
                    self._until[figure] = now + figure.seconds
        except _FAULTS:
            # Old values are not exported again.
            for figure in due:
                self._values.pop(figure.name, None)
            return False
        return True

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Prometheus: all metrics."""
        yield from self._pools()
        yield GaugeMetricFamily(
            "splot_database_answers",
            "Whether the database answered what it was asked at the last look",
            value=float(self._answers),
        )
        for figure in self._figures:
            if (value := self._values.get(figure.name)) is not None:
                yield GaugeMetricFamily(figure.name, figure.description, value=value)

    def _pools(self) -> Iterator[GaugeMetricFamily]:
        size, used, waiting = (
            GaugeMetricFamily(
                f"splot_database_connections_{name}", description, labels=["pool"]
            )
            for name, description in (
                ("limit", "Connections that a pool may have"),
                ("in_use", "Connections that somebody uses"),
                ("waiting", "Requests that wait for a connection"),
            )
        )
        for pool in self.database.pools():
            size.add_metric([pool.name], pool.size)
            used.add_metric([pool.name], pool.in_use)
            waiting.add_metric([pool.name], pool.waiting)
        yield from (size, used, waiting)
