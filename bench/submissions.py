"""W3: one screening of sixty items: checked, scored, stored, audited, with its event, counted in its campaign, and
answered once.

Beside it pgbench sends the statements that the service sends for it, as one transaction, durable as well.
"""

import json
import random
from collections.abc import AsyncIterator, Sequence
from pathlib import Path
from typing import Any

from bench.calls import calling
from bench.campaigns import COUNTIES, IMPLEMENTERS, SCREENED_ON, Campaign, open_campaign
from bench.figures import Bar, Row
from bench.instruments import LONG, Instrument
from bench.load import MARK, Load
from bench.operations import Sample, Transaction, beside, share_row
from bench.options import Options
from bench.progress import Progress
from bench.stand import SCREENING, Service, Stand
from bench.tools import ToolFailed

ADDRESS = "/v1/screening/screenings"
CLIENTS = (1, 8, 32)
DIFFERENT_BODIES = 500
SHARE = Bar("share", at_least=0.4, goal=0.5)
ROLE = "early_screening_coordinator"
_COUNTS = """
SELECT (SELECT count(*) FROM screenings) AS screenings,
       (SELECT count(*) FROM audit_records WHERE action = 'create_screening') AS audit_records,
       (SELECT count(*) FROM events WHERE type = 'screening.screening.scored') AS events,
       (SELECT count(*) FROM idempotency_keys) AS idempotency_keys,
       (SELECT sum(subjects) FROM campaign_counts) AS counted
"""


def submission(chance: random.Random, instrument: Instrument, campaign: str | None) -> dict[str, Any]:
    """The body of a screening that is submitted at once. Its subject is MARK, which each request replaces."""
    born_on = f"{2024 - chance.randint(4, 5)}-{chance.randint(1, 12):02}-{chance.randint(1, 28):02}"
    place = {"campaign_id": campaign, "stage": 1, "implementer": chance.choice(IMPLEMENTERS)} if campaign else {}
    return place | {
        "subject_ref": MARK,
        "sex": chance.choice(["female", "male"]),
        "county_terc": chance.choice(COUNTIES),
        "instrument_code": instrument.code,
        "instrument_version": 1,
        "informant": chance.choice(["parent", "teacher"]),
        "answers": instrument.answers(chance),
        "submission": {"born_on": born_on, "administered_on": SCREENED_ON, "consent_to_refer": True},
    }


def load_of_submissions(
    screening: Service, instrument: Instrument, campaign: str | None, clients: int, seconds: float
) -> Load:
    """A load of so many clients that submit different screenings."""
    chance, file = random.Random(60), screening.stand.folder / f"{instrument.code}-{campaign}.ndjson"  # noqa: S311
    bodies = [json.dumps(submission(chance, instrument, campaign)) for _ in range(DIFFERENT_BODIES)]
    file.write_text("\n".join(bodies) + "\n", encoding="utf-8")
    headers = screening.stand.headers(ROLE, counties=COUNTIES)
    return Load(screening.port, [ADDRESS], headers, clients, seconds, bodies=str(file))


async def measure_submissions(stand: Stand, options: Options, progress: Progress) -> AsyncIterator[Row]:
    """All rows of W3, as they are measured."""
    with progress.task("W3: screening starts, an instrument is published, a campaign opened"):
        screening = await stand.start(SCREENING)
        campaign = await open_campaign(screening, LONG)
        transaction = await same_transaction(screening, campaign)
    done: list[Sample] = []
    for clients in CLIENTS:
        title = f"one screening of {len(LONG.items)} items, {clients} client{'s' * (clients > 1)}"
        load = load_of_submissions(screening, LONG, campaign.id, clients, options.seconds)
        samples = await beside(screening, options, progress, f"W3: {title}", load, transaction)
        done += [sample for side in samples.values() for sample in side]
        await check_stored_rows(screening, done)
        yield share_row("W3", title, clients, samples, (SHARE,))


async def same_transaction(screening: Service, campaign: Campaign) -> Transaction:
    """The statements that the service sends for one screening of this campaign, with the values of a new screening."""
    instrument = campaign.instrument
    body = submission(random.Random(3), instrument, campaign.id)  # noqa: S311
    async with calling(screening, ROLE) as caller:
        record = await caller.post("/screenings", body | {"subject_ref": MARK})
        result = (await caller.get(f"/screenings/{record['id']}/result"))["result"]
    names = ("form_code", "birth_month", "outcome", "norm_set_id", "has_consent", "state", "administered_on")
    facts = {name: value for name, value in body.items() if name != "submission"} | {
        name: record[name] for name in names
    }
    facts |= {"result": result, "subject_ref": record["subject_ref"], "created_by": "bench", "submitted_by": "bench"}
    variables = {
        "campaign": campaign.id,
        "instrument": instrument.code,
        "counties": ",".join(COUNTIES),
        "facts": json.dumps(facts),
        "bands": json.dumps({scale["code"]: scale["band"] for scale in result["scales"]}),
    }
    sql = script("submission.sql").replace("-- moving.sql", script("moving.sql"))
    return Transaction(sql, variables=variables, settings="-c plan_cache_mode=force_generic_plan")


def script(name: str) -> str:
    """The text of an SQL file of this folder."""
    return Path(__file__).with_name(name).read_text(encoding="utf-8").rstrip()


async def check_stored_rows(screening: Service, samples: Sequence[Sample]) -> None:
    """ToolFailed unless every answered screening is stored once, with its audit record, event, answer and count."""
    counts = dict((await screening.fetch(_COUNTS))[0])
    answered, keys = sum(sample.operations for sample in samples), counts.pop("idempotency_keys")
    if len({*counts.values()}) != 1 or not answered <= keys <= counts["screenings"]:
        raise ToolFailed(f"{answered} screenings were answered, and written were {counts} with {keys} answers")
