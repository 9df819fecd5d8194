"""Screening's part of the pilot: an invented form for pupils, two campaigns, and all screenings."""

import json
from pathlib import Path
from typing import Any

from onebox.demo.api import Api, Made
from onebox.pilot.counties import in_project, with_nurseries
from onebox.pilot.screenings import OF_PUPILS, Places, early_file, pupils_file, selected_by_hand
from onebox.pilot.sending import Counting, Staff
from onebox.steps import Advance

FORM = "PILOT-PUPIL"
ITEMS = {
    "LISTEN": ("Przerywa słuchanie poleceń.", "Stops listening to instructions."),
    "READ": ("Gubi się w czytanym tekście.", "Gets lost in a text."),
    "COUNT": ("Myli się w prostych rachunkach.", "Errs in simple sums."),
    "FRIENDS": ("Zostaje sam na przerwach.", "Is left alone in breaks."),
    "CALM": ("Trudno go uspokoić.", "Is hard to calm."),
    "MOVE": ("Unika zajęć ruchowych.", "Avoids physical activity."),
}
WORDS = {"seldom": ("rzadko", "seldom"), "sometimes": ("czasem", "sometimes"), "often": ("często", "often")}
IMPLEMENTERS = {
    "project": ("Powiaty projektu", in_project),
    "nursery_association": ("Stowarzyszenie żłobków", with_nurseries),
}
CLOSED_ON = "2023-11-30"
EARLY: Made = {"name_pl": "Pilotaż: badanie małych dzieci", "name_en": "Pilot: screening of small children"}
PUPILS: Made = {"name_pl": "Pilotaż: badanie uczniów", "name_en": "Pilot: screening of pupils"}
_SELECTION = {"kind": "outcome_in", "outcomes": ["positive"]}
_FILES = "/v1/screening/screening-imports?instrument_version=1&source=pilot"


def form() -> Made:
    """The definition of the form, with its items."""
    definition: Made = json.loads((Path(__file__).with_name("pupil_form.json")).read_text(encoding="utf-8"))
    options = [
        {"code": code, "label": _words(*label), "value": value} for value, (code, label) in enumerate(WORDS.items())
    ]
    definition["items"] = [
        {"code": code, "type": "ordinal", "text": _words(*ITEMS[code]), "options": options} for code in OF_PUPILS
    ]
    definition["scales"][0]["items"] = [{"item": code} for code in OF_PUPILS]
    definition["forms"][0]["items"] = [*OF_PUPILS]
    return definition


def _words(pl: str, en: str) -> dict[str, str]:
    return {"pl": pl, "en": en}


async def send_screenings(staff: Staff, places: Places, counting: Counting) -> None:
    """Send both campaigns with their files; the protocol selects the pupils for stage two."""
    await _send_form(staff.planning)
    early = await _open(staff.planning, "PILOT-EARLY", "DEMO", EARLY, stages=1)
    pupils = await _open(staff.planning, "PILOT-PUPILS", FORM, PUPILS, stages=2)
    with counting("Pilot: screenings of children and pupils", 3) as advance:
        # A closed campaign has all of its files already, and accepts none.
        if not await _is_closed(staff.planning, early):
            await _import(staff.screening, early, "DEMO", early_file(places))
        advance()
        if not await _is_closed(staff.planning, pupils):
            await _send_pupils(staff, pupils, places, advance)
    for campaign in (early, pupils):
        path = f"campaigns/{campaign}"
        await staff.planning.change(f"{path}/close", {"closed_on": CLOSED_ON}, await staff.planning.read(path))
    # After the closing, jobs publish the numbers for the whole country.
    await staff.watching.rest()


async def _send_pupils(staff: Staff, campaign: str, places: Places, advance: Advance) -> None:
    await _import(staff.screening, campaign, FORM, pupils_file(places, 1))
    advance()
    await staff.planning.create(f"campaigns/{campaign}/selections", {})
    by_hand = {"subjects": selected_by_hand(), "reason": "wniosek nauczycieli po konsultacji zespołu"}
    await staff.pupils.create(f"campaigns/{campaign}/selections", by_hand)
    await _import(staff.screening, campaign, FORM, pupils_file(places, 2), stage=2)
    advance()


async def _is_closed(api: Api, campaign: str) -> bool:
    return bool((await api.read(f"campaigns/{campaign}"))["state"] == "closed")


async def _send_form(api: Api) -> None:
    name = _words("Arkusz ucznia (pilotaż)", "Sheet about a pupil (pilot)")
    await api.create("instruments", {"code": FORM, "family": FORM, "name": name})
    version = await api.create(f"instruments/{FORM}/versions", form())
    await api.change(f"instruments/{FORM}/versions/1/publish", {}, version)


async def _open(api: Api, protocol: str, instrument: str, names: Made, *, stages: int) -> str:
    await api.create("protocols", {"code": protocol, **names})
    battery: dict[str, Any] = {"forms": [{"instrument_code": instrument, "instrument_version": 1}], "days": 400}
    version: Made = {"stage_one": battery}
    if stages > 1:
        version |= {"selection": _SELECTION, "stage_two": battery}
    await api.create(f"protocols/{protocol}/versions", version)
    bands = [6, 36, 72] if stages == 1 else [72, 120, 168, 216]
    facts = {"protocol_code": protocol, "protocol_version": 1, "programme_code": "MWM", "age_bands": bands}
    campaign = await api.create("campaigns", {**names, **facts})
    path = f"campaigns/{campaign['id']}"
    for code, (name, where) in IMPLEMENTERS.items():
        if stages == 1 or code == "project":
            implementer = {"code": code, "name": name, "counties": [county.terc for county in where()]}
            await api.create(f"{path}/implementers", implementer)
    await api.change(f"{path}/open", {"opened_on": "2023-03-01"}, campaign)
    return str(campaign["id"])


async def _import(api: Api, campaign: str, instrument: str, content: bytes, stage: int = 1) -> None:
    address = f"{_FILES}&instrument_code={instrument}&campaign_id={campaign}&stage={stage}"
    await api.import_file(address, content, "screenings")
