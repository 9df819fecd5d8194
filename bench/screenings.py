"""Screenings of one campaign in any number, straight into the tables by SQL, with the roll-up that follows."""

from collections.abc import Mapping
from pathlib import Path

from bench.campaigns import AGE_BANDS, Campaign
from bench.instruments import HIGHEST
from bench.stand import Service
from bench.tools import ToolFailed

OF_TEACHERS_OF_300K = 22_000
ANSWERS = 10  # sixty would be filled in the same way, but take longer
STATEMENTS = "screenings.sql"
TABLES = ("screenings", "campaign_subjects", "campaign_selections", "campaign_counts")
KEPT = (
    *TABLES,
    *("told_tables", "replaced_results", "audit_records", "events"),
    *("idempotency_keys", "jobs", "job_files", "job_problems"),
)


async def empty(screening: Service) -> None:
    """Remove all screenings with everything that was published or stored about them."""
    await screening.settle()
    tables = ", ".join(f"'{table}'" for table in KEPT)
    # Another revision may not have all of them yet.
    existing = await screening.fetch(
        f"SELECT name FROM unnest(ARRAY[{tables}]) AS name WHERE to_regclass(name) IS NOT NULL"
    )
    await screening.sql(f"TRUNCATE {', '.join(row['name'] for row in existing)} CASCADE")


async def fill(screening: Service, campaign: Campaign, number: int) -> None:
    """Fill the tables with exactly `number` screenings, and nothing else; PostgreSQL's statistics are up to date."""
    answers = [f"'{item}', (n % {HIGHEST + 1})::text" for item in campaign.instrument.items[:ANSWERS]]
    values = {"campaign": campaign.id, "code": campaign.instrument.code, "answers": ", ".join(answers)}
    values |= {"number": str(number), "bands": ", ".join(map(str, AGE_BANDS))}
    await empty(screening)
    try:
        await _run(screening, Path(__file__).parent, values)
    except ToolFailed:
        folder = screening.stand.folder_of_tree / "bench"
        if not (folder / STATEMENTS).exists() or folder == Path(__file__).parent:
            raise
        await _run(screening, folder, values)
        screening.stand.remarks.append("its tables take only its own statements, and were filled by them")
    await screening.sql(*[f"VACUUM (ANALYZE) {table}" for table in TABLES], "CHECKPOINT")


async def _run(screening: Service, folder: Path, values: Mapping[str, str]) -> None:
    script = (folder / STATEMENTS).read_text(encoding="utf-8")
    for name, value in values.items():
        script = script.replace(f":{name}", value)
    await screening.sql(f"BEGIN; {script} COMMIT")
