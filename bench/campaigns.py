"""A campaign of the whole country, made and opened by the public API, with its counties and implementers."""

from dataclasses import dataclass

from bench.calls import calling
from bench.instruments import Instrument, publish
from bench.stand import Service

IMPLEMENTERS = ("project", "others")
AGE_BANDS = (36, 48, 60)
COUNTIES = tuple(f"{number}" for number in range(2401, 2421))
OPENED_ON, SCREENED_ON = "2024-01-08", "2024-03-15"


@dataclass(frozen=True)
class Campaign:
    """An open campaign that screens with one instrument, in both of its stages."""

    id: str
    instrument: Instrument


async def open_campaign(screening: Service, instrument: Instrument) -> Campaign:
    """Publish the instrument, write a protocol for it and open a campaign by it."""
    code, place = instrument.code, {"instrument_code": instrument.code, "instrument_version": 1}
    stages = {"stage_one": {"forms": [place], "days": 90}, "stage_two": {"forms": [place], "days": 60}}
    selection = {"kind": "outcome_in", "outcomes": ["positive"]}
    names = {"name_pl": code, "name_en": code, "protocol_code": code, "protocol_version": 1}
    async with calling(screening, "programme_manager") as caller:
        await publish(caller, instrument)
        await caller.post("/protocols", {"code": code, "name_pl": code, "name_en": code})
        await caller.post(f"/protocols/{code}/versions", {**stages, "selection": selection})
        record = await caller.post("/campaigns", {**names, "age_bands": [*AGE_BANDS]})
        for name in IMPLEMENTERS:
            await caller.post(f"/campaigns/{record['id']}/implementers", {"code": name, "name": name})
        await caller.post(f"/campaigns/{record['id']}/open", {"opened_on": OPENED_ON}, record)
    return Campaign(record["id"], instrument)
