"""Training's part of the pilot: the three programmes, their groups, meetings and trainees."""

import uuid
from collections.abc import Sequence
from datetime import date, timedelta

from onebox.demo.api import Api, Made
from onebox.demo.programmes import send_programmes
from onebox.pilot.counties import County
from onebox.pilot.meetings import meetings
from onebox.pilot.sending import Counting, Staff, spread
from onebox.pilot.trainees import (
    FERS_GROUPS,
    TMW_GROUPS,
    authorities,
    fers_file,
    tmw_file,
)
from services.chassis.ground import clock

TRAINER, VALIDATOR = "pilot-trainer", "pilot-validator"
_COUNTY = "2469"
_SOURCE = "pilot"


async def send_programmes_of_training(staff: Staff, counting: Counting) -> None:
    """Send the programmes of the demo, without the sums of MWM's hours: its meetings are
    sent one by one.
    """
    with counting("Pilot: programmes of training", 1) as advance:
        await send_programmes(staff.training, staff.client, leave_out=("hour_totals",), resumes=True)
        advance()


async def send_meetings(staff: Staff, counting: Counting) -> None:
    """Send MWM's meetings of coordinators, each as held."""
    programme = (await staff.training.read("programmes/MWM"))["id"]

    async def send(meeting: Made) -> None:
        content = {**meeting, "programme_id": programme, "county_terc": _COUNTY}
        session = await staff.training.create("sessions", content)
        await staff.training.change(f"sessions/{session['id']}/hold", None, session)

    all_meetings = [*meetings()]
    with counting("Pilot: meetings of MWM", len(all_meetings)) as advance:
        await spread(all_meetings, send, advance)


async def send_tmw(staff: Staff, sites: dict[str, str], counting: Counting) -> None:
    """Send the trainees of TMW, in six groups of ten."""
    with counting("Pilot: trainees of TMW", 1) as advance:
        codes = [f"TMW-{number}" for number in range(1, TMW_GROUPS + 1)]
        trainer = await _trainer(staff.training, "Helena")
        await _open_groups(staff.training, "TMW", codes, trainer)
        await _import(staff.training, "TMW", tmw_file(sites))
        advance()


async def send_fers(staff: Staff, counting: Counting) -> None:
    """Send the teams of three from 50 authorities, trained, certified and advised."""
    api = staff.training

    async def recruit(county: County) -> Made:
        facts = {"programme_code": "FERS", "terc": county.commune, "name": f"Gmina {county.number}"}
        return await api.create("authorities", {**facts, "is_running_body": True, "recruited_on": "2024-05-06"})

    with counting("Pilot: authorities of FERS", len(authorities())) as advance:
        authority_records = await spread(authorities(), recruit, advance)
    trainer = await _trainer(api, "Adam", TRAINER)
    groups = await _open_groups(api, "FERS", FERS_GROUPS, trainer)
    await _import(api, "FERS", fers_file())
    modules = (await api.read("programmes/FERS/versions/1"))["modules"]

    async def carry_out(place: int) -> None:
        monday = date(2024, 9, 9) + timedelta(weeks=place)
        await _train(staff, groups[place], monday, modules)
        await _certify(staff, groups[place], modules)

    with counting("Pilot: groups of FERS", len(groups)) as advance:
        await spread(range(len(groups)), carry_out, advance)

    async def advise(authority: Made) -> None:
        await _advise(api, authority)

    with counting("Pilot: teams of FERS and their advisers", len(authority_records)) as advance:
        await spread(authority_records, advise, advance)


async def _trainer(api: Api, given_name: str, account: str | None = None) -> str:
    facts = {"given_name": given_name, "family_name": "Zmyślny", "competences": ["digital_skills"]}
    return str((await api.create("trainers", facts | ({"account": account} if account else {})))["id"])


async def _open_groups(api: Api, programme: str, codes: Sequence[str], trainer: str) -> list[str]:
    groups = []
    for number, code in enumerate(codes, 1):
        facts = {"programme_code": programme, "county_terc": _COUNTY, "code": code, "title": f"Grupa {number}"}
        days = {"starts_on": "2024-09-02", "ends_on": "2024-12-20", "trainer_ids": [trainer]}
        if programme == "TMW":
            days |= {"starts_on": "2026-01-12", "ends_on": "2026-06-26"}
        group = await api.create("groups", facts | days)
        await api.change(f"groups/{group['id']}/open", None, group)
        groups.append(str(group["id"]))
    return groups


async def _import(api: Api, programme: str, content: bytes) -> None:
    """Send the same file twice: the first import registers its people, the second one enrols them."""
    for what in ("trainee-imports", "enrolment-imports"):
        address = f"/v1/training/{what}?source={_SOURCE}&programme_code={programme}"
        await api.import_file(address, content, "trainees")


async def _train(staff: Staff, group: str, monday: date, modules: Sequence[Made]) -> None:
    """Hold a session for every module, with a signed list on which everybody attended all of it."""
    api, group_path = staff.training, f"groups/{group}"
    running = await api.change(f"{group_path}/start", None, await api.read(group_path))
    enrolments = await _enrolments(api, group_path)
    for module in modules:
        day = monday + timedelta(days=module["number"] - 1)
        when = {"starts_at": f"{day}T08:00:00Z", "ends_at": f"{day}T18:00:00Z", "minutes": module["minutes"]}
        about = {"group_id": group, "module_id": module["id"], "title": module["title_pl"], "mode": "online"}
        session = await api.create("sessions", about | when | {"trainer_ids": running["trainer_ids"]})
        path = f"sessions/{session['id']}"
        session = await api.change(f"{path}/hold", None, session)
        items = [{"trainee_id": enrolment["trainee_id"], "minutes": module["minutes"]} for enrolment in enrolments]
        await staff.trainer.create(f"{path}/attendance", {"items": items})
        await staff.trainer.change(f"{path}/attendance/sign", None, session)


async def _enrolments(api: Api, group: str) -> list[Made]:
    """The enrolments of a group in a fixed order, so that a resumed load sends the same requests."""
    items = (await api.read(f"{group}/enrolments", limit=200))["items"]
    return sorted(items, key=lambda enrolment: str(enrolment["id"]))


async def _certify(staff: Staff, group: str, modules: Sequence[Made]) -> None:
    """Validate all outcomes of all trainees of a group in one batch, and issue their certificates."""
    api, path = staff.training, f"groups/{group}"
    outcomes = [outcome["id"] for module in modules for outcome in module["outcomes"]]
    result = {"is_achieved": True, "evidence": "arkusz grupy", "validated_on": "2024-12-16"}
    enrolments = await _enrolments(api, path)
    items = [
        {"enrolment_id": enrolment["id"], "outcome_id": outcome, **result}
        for enrolment in enrolments
        for outcome in outcomes
    ]
    await api.create(f"{path}/validators", {"account": VALIDATOR})
    await staff.validator.judge(f"{path}/validations:batch", items)
    completed = await api.change(f"{path}/complete", None, await api.read(path))
    await api.run(f"{path}/certificates:issue", completed, "certificates")


async def _advise(api: Api, authority: Made) -> None:
    """Give the team of an authority accounts, confirm its training, and record one advisory visit."""
    path, current = f"authorities/{authority['id']}", authority
    for person in (await api.read("trainees", authority_id=authority["id"]))["items"]:
        account = {"account": f"pilot-team-{uuid.UUID(person['id'])}"}
        await api.change(f"trainees/{person['id']}/account", account, person, method="PUT")
        changed = await api.change(f"{path}/task-team/members", {"trainee_id": person["id"]}, current)
        current = authority | {"version": changed["version"]}
    await api.change(f"{path}/confirm-training", None, current)
    # Visits are possible after the training, which is confirmed as of its last day.
    if await api.first(f"{path}/advisory-visits"):
        # From a load that was broken off, perhaps on another day.
        return
    visit = {"visited_on": clock.today().isoformat(), "minutes": 120, "mode": "on_site", "topic": "diagnosis"}
    await api.create(f"{path}/advisory-visits", visit)
