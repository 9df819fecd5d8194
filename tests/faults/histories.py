"""Whether events had their effect once and in order, and whether histories have no gap."""

import asyncio
import time

from onebox.stack import services_here
from tests.faults.platform import Platform

SECONDS_TO_FOLLOW = 120.0
"""Under load events come faster than a follower has done with them."""
_OF_A_SCREENING = "^screenings/[0-9a-f]{8}-"
"""What was put into the feed by hand has another subject."""
_EFFECTS = f"""
    SELECT event.subject, count(referral.id) AS effects
    FROM (SELECT DISTINCT subject FROM screening.events
          WHERE type = 'screening.screening.confirmed-positive' AND subject ~ '{_OF_A_SCREENING}') AS event
    LEFT JOIN casework.referrals AS referral ON event.subject = 'screenings/' || referral.screening_id
    GROUP BY 1 HAVING count(referral.id) <> 1
"""
_STEPS = """
    SELECT case_id, array_agg(state ORDER BY number) AS path, array_agg(number ORDER BY number) AS numbers
    FROM casework.case_steps GROUP BY 1
"""
_PATHS = (["draft"], ["draft", "withdrawn"])
"""Of the cases here: opened, then withdrawn."""


def _gaps(service: str) -> str:
    return f"""
        SELECT subject FROM {service}.events WHERE subject ~ '^[a-z-]+/[0-9a-f]{{8}}-' GROUP BY 1
        HAVING min(subject_version) <> 1 OR count(DISTINCT subject_version) <> max(subject_version)
    """


def _disorder(service: str) -> str:
    return f"""
        SELECT subject FROM (
            SELECT subject, subject_version,
                   lag(subject_version) OVER (PARTITION BY subject ORDER BY sequence) AS before
            FROM {service}.events WHERE sequence IS NOT NULL) AS event WHERE before > subject_version
    """


def _numbers(service: str) -> str:
    return f"SELECT count(sequence) AS many, coalesce(max(sequence), 0) AS last FROM {service}.events"


async def wrong_events(platform: Platform) -> list[str]:
    """Events without their effect, or with two; they are given time, for they are followed after the answer."""
    end = time.monotonic() + SECONDS_TO_FOLLOW
    while (left := await platform.fetch(_EFFECTS)) and time.monotonic() < end:
        await asyncio.sleep(0.2)
    doubled = sum(row["effects"] > 1 for row in left)
    found = [f"I4: {len(left) - doubled} events without an effect"] if len(left) > doubled else []
    found += [f"I4: {doubled} events with two effects"] if doubled else []
    for service in services_here():
        if await platform.fetch(_disorder(service)):
            found.append(f"I4: events of a subject in {service} are not in order")
        many, last = (await platform.fetch(_numbers(service)))[0]
        if many != last:
            found.append(f"I4: {many} events of {service} have numbers up to {last}")
    return found


async def wrong_histories(platform: Platform) -> list[str]:
    """Cases that went a way that there is not, and subjects of which a version was never told."""
    found = [
        f"I5: a case went {row['path']} {row['numbers']}"
        for row in await platform.fetch(_STEPS)
        if row["path"] not in _PATHS or row["numbers"] != [*range(1, len(row["path"]) + 1)]
    ]
    for service in services_here():
        gaps = await platform.fetch(_gaps(service))
        found += [f"I5: {len(gaps)} subjects of {service} lack a version"] if gaps else []
    return found
