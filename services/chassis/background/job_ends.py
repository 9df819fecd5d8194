"""How a job ends: its state, and what went wrong in both languages."""

import json
from typing import Any

from sqlalchemy import text

from services.chassis.background.jobs import JobRun, Outcome
from services.chassis.data.work import Change
from services.chassis.ground.problems import Language, Problem
from services.chassis.wording.refusals import word

DROP_FILE = text("DELETE FROM job_files WHERE job_id = :id")
# Only a running job ends: one that was cancelled meanwhile stays so.
_END = text("""
UPDATE jobs SET state = :state, result = CAST(:result AS jsonb), problem = CAST(:problem AS jsonb),
       progress_done = :done, progress_total = :total, finished_at = clock_timestamp(), version = version + 1
WHERE id = :id AND state = 'running' RETURNING id
""")


class Cancelled(Exception):
    """The job has ended otherwise: somebody cancelled it, or it was done already."""


class JobAbandoned(Problem):
    """The job was interrupted too often and is not tried again."""

    status, title_pl = 503, "Zadanie przerywano zbyt wiele razy i nie będzie ponawiane"


async def end(
    change: Change,
    run: JobRun,
    state: str,
    outcome: Outcome,
    problem: Problem | None = None,
) -> None:
    """Write how the job ended, in the transaction of its effect, or raise Cancelled."""
    values = {"id": run.id, "state": state, "done": run.done, "total": run.total}
    result = outcome.result.model_dump_json() if outcome.result else None
    values |= {
        "result": result if problem is None else None,
        "problem": json.dumps(_in_both_languages(problem)) if problem else None,
    }
    if await change.scalar(_END, values) is None:
        # Raised inside the transaction: the effect goes with it.
        raise Cancelled
    # The file may be personal, and is of no more use: kept no longer (GDPR, 5(1)(e)).
    await change.execute(DROP_FILE, {"id": run.id})
    if outcome.problems:
        records = [
            (run.id, number, *problem)
            for number, problem in enumerate(outcome.problems)
        ]
        await change.copy("job_problems", records)


def _in_both_languages(problem: Problem) -> dict[str, dict[str, Any]]:
    """Why a job failed, without the content of a row."""
    # In both languages: its reader may not be the caller who asked for it.
    return {"en": _problem_in(problem, "en"), "pl": _problem_in(problem, "pl")}


def _problem_in(problem: Problem, language: Language) -> dict[str, Any]:
    slug = problem.slug()
    reason = problem.members.get("reason")
    facts = {
        "type": f"/problems/{slug}",
        "title": problem.title(language),
        "status": problem.status,
    }
    facts |= {"detail": word(str(reason), language)} if reason else {}
    return facts | {"code": slug.replace("-", "_")} | problem.members
