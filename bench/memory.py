"""Memory: services and gateway as a user starts them, at rest, and after lists were read."""

from collections.abc import AsyncIterator

from bench.figures import Row, figure
from bench.load import Load, drive
from bench.options import Options
from bench.progress import Progress
from bench.stand import Stand

WORKLOAD = "memory"
PATHS = ("/v1/registry/institutions?limit=50", "/v1/screening/screenings?limit=50")
ROLES = ("registry_editor", "early_screening_coordinator")
CLIENTS = 8


async def measure_memory(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows: what each program needs, and all of them."""
    with progress.task("memory: the whole platform starts"):
        await stand.start_whole()
    with progress.task("memory: lists are read"):
        load = Load(stand.stack.port, PATHS, stand.headers(*ROLES), CLIENTS, options.seconds)
        async with options.rounds.turn(0):
            await drive(load)
    for row in memory_rows(WORKLOAD, stand):
        yield row


def memory_rows(workload: str, stand: Stand) -> list[Row]:
    """Rows with the resident memory of the measured programs: at rest, and in the end."""
    stand.look()
    rows = []
    for when, programs in (("idle", stand.resting), ("after", stand.worked)):
        by_name = {**programs, "all together": sum(programs.values())} if len(programs) > 1 else programs
        for name, megabytes in by_name.items():
            rows.append(Row(workload, f"memory of {name}, {when}", figure([megabytes], "MB")))
    if stand.together is not None:
        name = "memory of all together, idle, what they have in common once"
        rows.append(Row(workload, name, figure([stand.together], "MB")))
    return rows
