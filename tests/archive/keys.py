"""Wrapping keys are changed on a platform under load, by the commands of docs/operations.md: nobody notices but by a
restart, and without the old keys everything opens."""

import asyncio
import signal
import sys
from collections.abc import Sequence

from deploy.rotating import rotate
from onebox.stack import services_here
from tests.archive.drill import PEOPLE, Drill, client_of, environment_of, within
from tests.faults.ledger import Ledger
from tests.faults.load import Load
from tests.faults.platform import Platform
from tests.faults.routes import KEEPER

DEADLINE = 10.0
# While a service starts anew, its callers are told so; who repeats a write at once may find the first one under way.
FORESEEN = {"upstream-unavailable", "upstream-timeout", "unavailable", "request-in-progress"}
KEYRINGS = {"keyring": ("casework",), "webhook-keyring": services_here()}


async def change_keys(platform: Platform, drill: Drill, person_id: str) -> None:
    """Add, use, wrap anew, drop, for the keyring of people and that of webhooks."""
    ledger = Ledger(drill.folder / "keys.ndjson")
    load = Load(platform, ledger, DEADLINE, 2, drill.known)
    loading = asyncio.create_task(load.run())
    try:
        for name, services in KEYRINGS.items():
            for step in ("add", "use"):
                await asyncio.to_thread(rotate, platform.instance.folder, name, step)
                await _restart(platform, services)
            for service in services:
                await _wrap_anew(platform, drill, name, service)
            await asyncio.to_thread(rotate, platform.instance.folder, name, "drop")
            await _restart(platform, services)
    finally:
        load.is_stopping = True
        await loading
        ledger.close()
    told = {entry.problem for entry in ledger.entries if not entry.is_success and entry.problem}
    drill.require(f"callers are told nothing but {', '.join(sorted(told)) or 'what they asked'}", told <= FORESEEN)
    acknowledged = {entry.id for entry in ledger.entries if entry.route == "keep" and entry.is_success}
    async with client_of(platform) as client:
        for one in [person_id, *sorted(acknowledged)[:: max(1, len(acknowledged) // 50)]]:
            answer = await client.get(f"{PEOPLE}/{one}", headers=platform.headers(KEEPER))
            if not answer.is_success:
                drill.require(f"a person is read without the old key: {answer.status_code}", is_so=False)
                break
    drill.require(f"{len(acknowledged)} people came in meanwhile, and open without the old key", acknowledged)


async def _restart(platform: Platform, services: Sequence[str]) -> None:
    for service in services:
        before = platform.pid(service)
        platform.signal(service, signal.SIGTERM)

        async def is_back(service: str = service, before: int = before) -> bool:
            return platform.pid(service) != before and await platform.is_ready(service)

        if not await within(60, is_back):
            raise SystemExit(f"{service} does not come back")


async def _wrap_anew(platform: Platform, drill: Drill, name: str, service: str) -> None:
    of_people = name == "keyring"
    module = "services.casework.rotating" if of_people else "services.chassis.webhooks.rotating"
    last = ""
    # What came in meanwhile was wrapped by the new key: the second time there is nothing.
    for _ in range(2):
        rotating = await asyncio.create_subprocess_exec(
            *(sys.executable, "-m", module, *([] if of_people else [service])),
            env=environment_of(platform, service),
            stdout=asyncio.subprocess.PIPE,
        )
        printed, _ = await rotating.communicate()
        last = printed.decode().strip()
        drill.tell(f"            {service}: {last}")
        if rotating.returncode:
            break
    nothing = "0 keys and 0 answers" if of_people else "0 webhooks"
    drill.require(f"{service}: everything is wrapped by the new key", nothing in last)
