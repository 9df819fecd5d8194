"""Working on the jobs of one service, each once whatever dies meanwhile.

pgqueuer, on one connection of its own, says which job is next and notices a process
that fell silent. A job's whole effect is one transaction that ends with the job's own
state: a job that was killed leaves nothing and starts again from its input; one
that was cancelled is rolled back at its last statement.
"""

import asyncio
import re
from collections.abc import Coroutine, Sequence
from contextlib import suppress
from datetime import timedelta
from typing import Any
from uuid import UUID

from pgqueuer.adapters.persistence.qb import QueryBuilderEnvironment
from pgqueuer.core.qm import QueueManager
from pgqueuer.domain.errors import RetryRequested
from pgqueuer.domain.models import Job as QueuedJob
from pgqueuer.domain.settings import DBSettings
from sqlalchemy import text

from services.chassis.background.job_ends import Cancelled, JobAbandoned, end
from services.chassis.background.jobs import (
    Job,
    JobRun,
    Outcome,
    channel_of,
    queries_on,
)
from services.chassis.data.database import Database, problem_of
from services.chassis.ground.correlation import going_on
from services.chassis.ground.logs import describe_exception, logger
from services.chassis.ground.problems import Problem, Unavailable
from services.chassis.telemetry.counting import JOBS
from services.chassis.trust.callers import caller_kept
from services.chassis.web.idempotency import delete_old_keys

# NOTIFY wakes the runner; polling finds jobs that were notified while none listened.
LOOK = timedelta(seconds=5)
SILENCE = timedelta(seconds=10)
SECONDS_BETWEEN_REPORTS = 0.5
LONGEST_PAUSE = 60.0

# Nobody holds the lock of a job whose process died: no need to wait for SILENCE.
_ABANDONED = """
UPDATE pgqueuer SET heartbeat = '-infinity'
WHERE status = 'picked' AND pg_try_advisory_xact_lock(hashtextextended('job ' || convert_from(payload, 'UTF8'), 0))
"""
_DELETE_LOG = "DELETE FROM pgqueuer_log WHERE created < now() - interval '7 days'"
# The lock keeps off a runner that believes this one dead; jobs outlast requests.
_CLAIM = text("""
SELECT pg_try_advisory_xact_lock(hashtextextended('job ' || :id, 0)), set_config('statement_timeout', '15min', true),
       set_config('lock_timeout', '30s', true), set_config('idle_in_transaction_session_timeout', '5min', true)
""")
_START = text("""
UPDATE jobs SET state = 'running', attempts = attempts + 1, started_at = coalesce(started_at, clock_timestamp()),
       progress_done = 0, version = version + 1
WHERE id = :id AND state IN ('queued', 'running')
RETURNING kind, parameters, requested_by, requester, attempts, trace_id
""")
# Without progress nothing is written: watchers would get an event without news.
_REPORT = text("""
WITH report AS (UPDATE jobs SET progress_done = :done, progress_total = :total, version = version + 1
                WHERE id = :id AND state = 'running'
                  AND (progress_done, progress_total) IS DISTINCT FROM (:done, CAST(:total AS bigint)))
SELECT state FROM jobs WHERE id = :id
""")
_GIVE_BACK = text("""
UPDATE jobs SET state = 'queued', attempts = attempts - 1, version = version + 1 WHERE id = :id AND state = 'running'
""")

SECONDS_BETWEEN_CLEANINGS = 3600.0

log = logger("jobs")


async def delete_outdated(database: Database) -> None:
    """Delete outdated answers and the queue's log, now and every hour."""
    while True:
        try:
            async with database.change() as change:
                await delete_old_keys(change)
                await change.run(_DELETE_LOG)
        except Exception as error:  # noqa: BLE001
            # Any error: nothing would start this loop again.
            log.warning("outdated rows not deleted", **describe_exception(error))
        await asyncio.sleep(SECONDS_BETWEEN_CLEANINGS)


def install_statements(schema: str) -> list[str]:
    """Statements for a first migration, as the schema's owner, after job_tables."""
    settings = DBSettings(db_schema=schema, channel=channel_of(schema))
    script = QueryBuilderEnvironment(settings).build_install_query(create_schema=False)
    return [
        # Not compressed: a file is written once and read once.
        f"ALTER TABLE {schema}.job_files ALTER COLUMN content SET STORAGE EXTERNAL",
        *re.split(r";\n\n(?=CREATE )", script),
    ]


class _Again(Exception):
    """The job is to be tried again, this many seconds later."""

    def __init__(self, seconds: float) -> None:
        self.seconds = seconds
        super().__init__()


class JobRunner:
    """Works on one service's jobs, two at a time, until stopped.

    A job whose process died is found at once by a starting runner, because nobody holds
    its advisory lock, and otherwise after SILENCE. A lost connection is made anew.
    """

    def __init__(self, database: Database, jobs: Sequence[Job]) -> None:
        self.database, self.jobs = database, {job.kind: job for job in jobs}
        self.manager: QueueManager | None = None
        self.working: dict[UUID, asyncio.Task[None]] = {}
        self.runs: dict[UUID, JobRun] = {}
        self.stopping = False
        self.ended = asyncio.Event()

    async def run(self) -> None:
        """Work until stop(); after an error log it, and begin again."""
        pause = 0.1
        try:
            while not self.stopping:
                try:
                    await self._consume()
                    pause = 0.1
                except Exception as error:  # noqa: BLE001
                    # Any error: no other runner would take its place here.
                    log.warning("queue connection lost", **describe_exception(error))
                    await asyncio.sleep(pause)
                    pause = min(pause * 2, 5.0)
        finally:
            self.ended.set()

    async def stop(self, seconds: float = 10.0) -> None:
        """Take nothing more, give back the jobs in hand, wait until that is written."""
        self.stopping = True
        if self.manager is not None:
            self.manager.shutdown.set()
        for task in self.working.values():
            task.cancel()
        with suppress(TimeoutError):
            await asyncio.wait_for(self.ended.wait(), seconds)

    async def _consume(self) -> None:
        channel = channel_of(self.database.schema)
        # Not of the pool: it listens for as long as the process lives.
        connection = await self.database.servers.connect(
            timeout=5,
            server_settings={
                "search_path": self.database.schema,
                "application_name": channel,
                "timezone": "UTC",
            },
        )
        try:
            await connection.execute(_ABANDONED)
            self.manager = QueueManager(
                queries_on(connection, DBSettings(channel=channel)), channel=channel
            )
            for kind in self.jobs:
                self.manager.entrypoint(kind)(self._take)
            if not self.stopping:
                await self.manager.run(
                    dequeue_timeout=LOOK,
                    batch_size=1,
                    max_concurrent_tasks=2,
                    shutdown_on_listener_failure=True,
                    heartbeat_timeout=SILENCE,
                    # Without its statistics: results of jobs are in our own table.
                    log_aggregation_interval=timedelta(0),
                )
        finally:
            await connection.close(timeout=2)

    async def _take(self, queued: QueuedJob) -> None:
        """One attempt at a queued job; RetryRequested where it is to be tried again."""
        job_id = UUID((queued.payload or b"").decode())
        task = self.working[job_id] = asyncio.create_task(self._attempt(job_id))
        # `wait` raises no error of the task: cancelled and failed are handled below.
        await asyncio.wait({task})
        del self.working[job_id]
        run = self.runs.pop(job_id, None)
        if task.cancelled():
            await self._give_back(run)
            raise RetryRequested
        error = task.exception()
        if isinstance(error, _Again):
            raise RetryRequested(timedelta(seconds=error.seconds))
        if error is not None and not isinstance(error, Cancelled):
            await self._give_up(job_id, run, error)

    async def _attempt(self, job_id: UUID) -> None:
        async with self.database.change() as change:
            if not await change.scalar(_CLAIM, {"id": str(job_id)}):
                raise _Again(1)
            run, trace_id = await self._start(job_id)
            self.runs[job_id] = run
            with going_on(trace_id, f"job {run.kind}"):
                await change.act_for(run.caller)
                work = self.jobs[run.kind].run(change, run)
                outcome = await self._watched(run, work)
                if outcome.keep:
                    await end(change, run, "succeeded", outcome)
                else:
                    change.undo()
        # In a transaction of its own: the first was rolled back with all that it did.
        if not outcome.keep:
            async with self.database.change() as change:
                await end(change, run, "succeeded", outcome)
        JOBS.labels(run.kind, "succeeded").inc()

    async def _give_back(self, run: JobRun | None) -> None:
        """An attempt that our own stopping broke off does not count."""
        if run is not None:
            async with self.database.change() as change:
                await change.execute(_GIVE_BACK, {"id": run.id})

    async def _start(self, job_id: UUID) -> tuple[JobRun, str]:
        """Count the attempt, which stays counted; Cancelled where the job has ended.

        Returns the run, and the trace in which the job was asked for.
        """
        async with self.database.change() as change:
            row = await change.find(_START, {"id": job_id})
        if row is None:
            raise Cancelled
        run = JobRun(
            job_id, row.kind, caller_kept(row.requester), row.parameters, self.database
        )
        run.attempts = row.attempts
        return run, row.trace_id

    async def _watched(
        self, run: JobRun, work: Coroutine[Any, Any, Outcome]
    ) -> Outcome:
        """The outcome; meanwhile progress is written, or a cancelled job stopped."""
        if run.attempts > self.jobs[run.kind].most_attempts:
            work.close()
            raise JobAbandoned()
        working = asyncio.ensure_future(work)
        reporting = asyncio.create_task(self._report(run, working))
        try:
            return await working
        except asyncio.CancelledError:
            if run.cancelled:
                raise Cancelled from None
            raise
        finally:
            reporting.cancel()

    async def _report(self, run: JobRun, working: "asyncio.Future[Outcome]") -> None:
        while True:
            await asyncio.sleep(SECONDS_BETWEEN_REPORTS)
            with suppress(Exception):  # the next report has it all
                async with self.database.reading() as reading:
                    values = {"id": run.id, "done": run.done, "total": run.total}
                    if await reading.scalar(_REPORT, values) != "running":
                        run.cancelled = True
                        working.cancel()
                        return

    async def _give_up(
        self, job_id: UUID, run: JobRun | None, error: BaseException
    ) -> None:
        """Try again after an outage, if the job allows; else end the job."""
        problem = problem_of(error)
        if not isinstance(error, Problem):
            log.error(
                "job failed",
                job=str(job_id),
                problem=problem.slug(),
                **describe_exception(error),
            )
        if run is None or (
            isinstance(problem, Unavailable)
            and run.attempts < self.jobs[run.kind].most_attempts
        ):
            raise RetryRequested(
                timedelta(
                    seconds=min(2.0 ** (run.attempts - 1 if run else 0), LONGEST_PAUSE)
                )
            )
        async with self.database.change() as change:
            await end(change, run, "failed", Outcome(), problem)
        JOBS.labels(run.kind, "failed").inc()
