"""A campaign of two stages in the demo's counties, and a study of the
validity of its instrument.
"""

from typing import NamedTuple

from onebox.callers import KATOWICE
from onebox.demo import screenings
from onebox.demo.api import Api, Made
from onebox.demo.children import children

PROTOCOL = {"code": "SMALL-CHILDREN", "name_pl": "Badanie małych dzieci", "name_en": "Screening of small children"}
BATTERY = {"forms": [{"instrument_code": "DEMO", "instrument_version": 1}]}
STAGES = {
    "stage_one": {**BATTERY, "days": 90},
    "selection": {"kind": "outcome_in", "outcomes": ["positive", "undetermined"]},
    "stage_two": {**BATTERY, "days": 60},
}
CAMPAIGN = {
    "name_pl": "Badanie małych dzieci, wiosna 2025",
    "name_en": "Small children, spring 2025",
    "protocol_code": PROTOCOL["code"],
    "protocol_version": 1,
    "programme_code": "MWM",
    "age_bands": [6, 36, 72],
}
IMPLEMENTERS = ({"code": "counties", "name": "Powiaty projektu"}, {"code": "partner", "name": "Partner projektu"})
TARGETS: tuple[Made, ...] = (
    {"subjects": 590},
    {"county_terc": "2469", "subjects": 250},
    {"county_terc": "2408", "subjects": 180},
    {"county_terc": "2414", "subjects": 160},
    {"implementer": "partner", "subjects": 250},
    {"stage": 2, "subjects": 130},
)
CONFIRMED = 12
DRAFT = {
    "subject_ref": "01980000-0000-7000-8000-00000000de02",
    "sex": "female",
    "county_terc": KATOWICE,
    "instrument_code": "DEMO",
    "instrument_version": 1,
    "informant": "specialist",
    "answers": {"Y_MOVE1": "yes", "Y_TALK1": "sometimes"},
}
STUDY = {
    "name": "Trafność formularza dla dzieci 3–6 lat",
    "instrument_code": "DEMO",
    "instrument_version": 1,
    "form_code": "OLDER",
    "scale_code": "TOTAL",
    "criterion_source": "uploaded",
    "criterion_note": "pełna ocena zespołu specjalistów: każde dziecko z wynikiem dodatnim, co czwarte z pozostałych",
    "is_blinded": True,
    "administered_from": "2025-03-10",
    "administered_to": "2025-06-08",
    "dif_by": ["sex", "age"],
    "prevalences": [0.15],
}
_FILES = "/v1/screening/screening-imports?instrument_code=DEMO&instrument_version=1&source=demo"


class Staff(NamedTuple):
    """The callers who send the campaign, by their task."""

    manager: Api
    coordinator: Api
    judge: Api
    screener: Api
    researcher: Api


async def send_campaign(staff: Staff, own: screenings.Institutions) -> None:
    """Send each part where there is nothing of its kind; send nothing
    without the instrument DEMO.
    """
    if not await staff.manager.knows("instruments/DEMO/versions/1"):
        return
    if not await staff.manager.first("campaigns"):
        await _send_plan(staff.manager)
    campaign = await _find_own(staff.manager)
    if campaign is not None:
        await _send_screenings(staff, campaign, own)
        if not await staff.researcher.first("studies"):
            await _send_study(staff, campaign)


async def _find_own(api: Api) -> Made | None:
    """The demo's own campaign, while it is open."""
    campaigns = (await api.read("campaigns", protocol_code=PROTOCOL["code"], state="open"))["items"]
    return next((campaign for campaign in campaigns if campaign["label"]["pl"] == CAMPAIGN["name_pl"]), None)


async def _send_plan(api: Api) -> None:
    if not await api.knows(f"protocols/{PROTOCOL['code']}"):
        await api.create("protocols", PROTOCOL)
        await api.create(f"protocols/{PROTOCOL['code']}/versions", STAGES)
    campaign = await api.create("campaigns", CAMPAIGN)
    path = f"campaigns/{campaign['id']}"
    for implementer in IMPLEMENTERS:
        await api.create(f"{path}/implementers", implementer)
    for target in TARGETS:
        await api.create(f"{path}/targets", target)
    await api.change(f"{path}/open", {"opened_on": "2025-03-03"}, campaign)


async def _send_screenings(staff: Staff, campaign: Made, own: screenings.Institutions) -> None:
    coordinator, of_campaign = staff.coordinator, {"campaign_id": campaign["id"]}
    if not await coordinator.first("screenings", **of_campaign):
        await _send_stage_one(coordinator, campaign, own)
    if not await coordinator.first(f"campaigns/{campaign['id']}/selections"):
        await _send_stage_two(coordinator, campaign, own)
    if not await coordinator.first("screenings", state=["confirmed", "annulled"], **of_campaign):
        await _judge(staff.judge, campaign)
    if own and not await staff.screener.first("screenings", subject_ref=DRAFT["subject_ref"]):
        draft = {**DRAFT, "institution_id": own[screenings.SECOND_CENTRE]["id"]}
        await staff.screener.create("screenings", draft)


async def _send_stage_one(api: Api, campaign: Made, own: screenings.Institutions) -> None:
    address = f"{_FILES}&campaign_id={campaign['id']}"
    await api.import_file(address, screenings.stage_one(own), "screenings", "application/x-ndjson")


async def _send_stage_two(api: Api, campaign: Made, own: screenings.Institutions) -> None:
    selections = f"campaigns/{campaign['id']}/selections"
    await api.create(selections, {})
    selected = {selection["subject_ref"] for selection in await api.rows(selections)}
    address = f"{_FILES}&campaign_id={campaign['id']}&stage=2"
    await api.import_file(address, screenings.stage_two(selected, own), "second screenings", "application/x-ndjson")


async def _judge(api: Api, campaign: Made) -> None:
    """Confirm the results of some children of Katowice; annul one screening that was entered
    by mistake.
    """
    filters = {"campaign_id": campaign["id"], "stage": 2, "outcome": "positive", "county_terc": KATOWICE}
    positive = sorted(await api.rows("screenings", **filters), key=lambda screening: str(screening["external_id"]))
    for screening in positive[:CONFIRMED]:
        # By another person than the sender: a positive result needs two persons.
        await api.change(f"screenings/{screening['id']}/confirm", {}, screening)
    wrong_id = screenings.external_id(children()[-1], "first")
    wrong = await api.first("screenings", source="demo", external_id=wrong_id)
    if wrong is not None:
        await api.change(f"screenings/{wrong['id']}/annul", {"reason": "wprowadzono dwa razy"}, wrong)


async def _send_study(staff: Staff, campaign: Made) -> None:
    """Send a study. As in reality, the criterion is known only for a part of the children, and
    more often for positive ones.
    """
    await staff.coordinator.import_file(_FILES, screenings.repetitions(), "repetitions", "application/x-ndjson")
    outcomes = await staff.coordinator.rows("screenings", campaign_id=campaign["id"], stage=1, outcome="positive")
    study = await staff.researcher.create("studies", STUDY)
    path = f"studies/{study['id']}"
    content = screenings.criteria({outcome["subject_ref"] for outcome in outcomes})
    await staff.researcher.import_file(f"/v1/screening/{path}/criterion-imports", content, "criteria")
    await staff.researcher.run(f"{path}/run", await staff.researcher.read(path), "study")
