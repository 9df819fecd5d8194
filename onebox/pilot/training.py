"""Training's part of the pilot: the three programmes, their groups and meetings, and who was trained."""

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
    """The programmes as they are shipped, without the sums of MWM's hours: its meetings come one by one."""
    with counting("Pilot: programmes of training", 1) as done:
        await send_programmes(staff.training, staff.client, leave_out=("hour_totals",), resumes=True)
        done()


async def send_meetings(staff: Staff, counting: Counting) -> None:
    """MWM's meetings of coordinators, each of them held."""
    programme = (await staff.training.read("programmes/MWM"))["id"]

    async def send(meeting: Made) -> None:
        told = {**meeting, "programme_id": programme, "county_terc": _COUNTY}
        session = await staff.training.create("sessions", told)
        await staff.training.change(f"sessions/{session['id']}/hold", None, session)

    every = [*meetings()]
    with counting("Pilot: meetings of MWM", len(every)) as done:
        await spread(every, send, done)


async def send_tmw(staff: Staff, sites: dict[str, str], counting: Counting) -> None:
    """Six groups of ten."""
    with counting("Pilot: trainees of TMW", 1) as done:
        codes = [f"TMW-{number}" for number in range(1, TMW_GROUPS + 1)]
        trainer = await _trainer(staff.training, "Helena")
        await _open_groups(staff.training, "TMW", codes, trainer)
        await _import(staff.training, "TMW", tmw_file(sites))
        done()


async def send_fers(staff: Staff, counting: Counting) -> None:
    """Teams of three from 50 authorities, trained, certified and advised."""
    api = staff.training

    async def recruit(county: County) -> Made:
        told = {"programme_code": "FERS", "terc": county.commune, "name": f"Gmina {county.number}"}
        return await api.create("authorities", {**told, "is_running_body": True, "recruited_on": "2024-05-06"})

    with counting("Pilot: authorities of FERS", len(authorities())) as done:
        recruited = await spread(authorities(), recruit, done)
    trainer = await _trainer(api, "Adam", TRAINER)
    groups = await _open_groups(api, "FERS", FERS_GROUPS, trainer)
    await _import(api, "FERS", fers_file())
    modules = (await api.read("programmes/FERS/versions/1"))["modules"]

    async def carry_out(place: int) -> None:
        monday = date(2024, 9, 9) + timedelta(weeks=place)
        await _train(staff, groups[place], monday, modules)
        await _certify(staff, groups[place], modules)

    with counting("Pilot: groups of FERS", len(groups)) as done:
        await spread(range(len(groups)), carry_out, done)

    async def advise(authority: Made) -> None:
        await _advise(api, authority)

    with counting("Pilot: teams of FERS and their advisers", len(recruited)) as done:
        await spread(recruited, advise, done)


async def _trainer(api: Api, given_name: str, account: str | None = None) -> str:
    told = {"given_name": given_name, "family_name": "Zmyślny", "competences": ["digital_skills"]}
    return str((await api.create("trainers", told | ({"account": account} if account else {})))["id"])


async def _open_groups(api: Api, programme: str, codes: Sequence[str], trainer: str) -> list[str]:
    groups = []
    for number, code in enumerate(codes, 1):
        told = {"programme_code": programme, "county_terc": _COUNTY, "code": code, "title": f"Grupa {number}"}
        days = {"starts_on": "2024-09-02", "ends_on": "2024-12-20", "trainer_ids": [trainer]}
        if programme == "TMW":
            days |= {"starts_on": "2026-01-12", "ends_on": "2026-06-26"}
        group = await api.create("groups", told | days)
        await api.change(f"groups/{group['id']}/open", None, group)
        groups.append(str(group["id"]))
    return groups


async def _import(api: Api, programme: str, content: bytes) -> None:
    """The same file twice: its people are registered, then it gives them their seats."""
    for what in ("trainee-imports", "enrolment-imports"):
        address = f"/v1/training/{what}?source={_SOURCE}&programme_code={programme}"
        await api.import_file(address, content, "trainees")


async def _train(staff: Staff, group: str, monday: date, modules: Sequence[Made]) -> None:
    """Every module in a session of its length; everybody was there, by lists that are signed."""
    api, one = staff.training, f"groups/{group}"
    running = await api.change(f"{one}/start", None, await api.read(one))
    enrolled = await _enrolled(api, one)
    for module in modules:
        day = monday + timedelta(days=module["number"] - 1)
        when = {"starts_at": f"{day}T08:00:00Z", "ends_at": f"{day}T18:00:00Z", "minutes": module["minutes"]}
        about = {"group_id": group, "module_id": module["id"], "title": module["title_pl"], "mode": "online"}
        session = await api.create("sessions", about | when | {"trainer_ids": running["trainer_ids"]})
        path = f"sessions/{session['id']}"
        held = await api.change(f"{path}/hold", None, session)
        items = [{"trainee_id": each["trainee_id"], "minutes": module["minutes"]} for each in enrolled]
        await staff.trainer.create(f"{path}/attendance", {"items": items})
        await staff.trainer.change(f"{path}/attendance/sign", None, held)


async def _enrolled(api: Api, group: str) -> list[Made]:
    """Who is in a group, in an order that nothing changes: what is sent again has to be the same."""
    return sorted((await api.read(f"{group}/enrolments", limit=200))["items"], key=lambda each: str(each["id"]))


async def _certify(staff: Staff, group: str, modules: Sequence[Made]) -> None:
    """Every outcome of everybody validated on one sheet, and certificates for the whole group."""
    api, one = staff.training, f"groups/{group}"
    outcomes = [outcome["id"] for module in modules for outcome in module["outcomes"]]
    found = {"is_achieved": True, "evidence": "arkusz grupy", "validated_on": "2024-12-16"}
    enrolled = await _enrolled(api, one)
    items = [{"enrolment_id": each["id"], "outcome_id": outcome, **found} for each in enrolled for outcome in outcomes]
    await api.create(f"{one}/validators", {"account": VALIDATOR})
    await staff.validator.judge(f"{one}/validations:batch", items)
    group_now = await api.change(f"{one}/complete", None, await api.read(one))
    await api.run(f"{one}/certificates:issue", group_now, "certificates")


async def _advise(api: Api, authority: Made) -> None:
    """Each of the team has an account, is trained by what is on record, and the team is visited once."""
    one, now = f"authorities/{authority['id']}", authority
    for person in (await api.read("trainees", authority_id=authority["id"]))["items"]:
        account = {"account": f"pilot-team-{uuid.UUID(person['id'])}"}
        await api.change(f"trainees/{person['id']}/account", account, person, method="PUT")
        joined = await api.change(f"{one}/task-team/members", {"trainee_id": person["id"]}, now)
        now = authority | {"version": joined["version"]}
    await api.change(f"{one}/confirm-training", None, now)
    # Advice is there from the training on, which is confirmed as of its last day.
    if await api.first(f"{one}/advisory-visits"):
        # Of a load that was broken off, perhaps on another day.
        return
    visit = {"visited_on": clock.today().isoformat(), "minutes": 120, "mode": "on_site", "topic": "diagnosis"}
    await api.create(f"{one}/advisory-visits", visit)
