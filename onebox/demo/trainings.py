"""Two groups of TMW, one with a certificate and one that is still open, and an authority of
FERS with its team at work.

All of their people are invented.
"""

from collections.abc import Mapping
from datetime import date, timedelta

from onebox.callers import KATOWICE
from onebox.demo.api import Api, Made

LOCATIONS = {"Imielin": "2414", "Mikołów": "2408"}
"""The locations of the test: by source 002 two people come from each."""
TRAINERS: tuple[Made, ...] = (
    {
        "given_name": "Helena",
        "family_name": "Zmyślona",
        "competences": ["social_services"],
        "account": "demo-trainer",
    },
    {"given_name": "Adam", "family_name": "Wymyślny", "competences": ["evaluation"]},
)
# In the past on every day on which the demo is sent: a session can be held only when it is over.
DONE: Made = {
    "code": "TMW-1",
    "title": "Grupa 1",
    "starts_on": "2026-01-12",
    "ends_on": "2026-03-20",
}
# In the future, within the programme: an open group still takes people.
FILLING: Made = {
    "code": "TMW-2",
    "title": "Grupa 2",
    "starts_on": "2027-02-01",
    "ends_on": "2027-04-16",
}
PEOPLE: Mapping[str, tuple[Made, ...]] = {
    "Imielin": (
        {
            "given_name": "Ewa",
            "family_name": "Przykładowa",
            "sex": "female",
            "account": "demo-trainee",
        },
        {"given_name": "Piotr", "family_name": "Nieprawdziwy", "sex": "male"},
    ),
    "Mikołów": (
        {"given_name": "Olga", "family_name": "Zmyślna", "sex": "female"},
        {"given_name": "Karol", "family_name": "Wymyślony", "sex": "male"},
    ),
}
# FERS ends with 2026 (source 003), and so do its groups.
FOR_TEAMS: Made = {
    "code": "FERS-1",
    "title": "Grupa 1",
    "starts_on": "2026-10-05",
    "ends_on": "2026-12-18",
}
AUTHORITY: Made = {
    "programme_code": "FERS",
    "terc": "2414021",
    "name": "Miasto Imielin",
    "is_running_body": True,
    "recruited_on": "2024-09-09",
}
TEAM: tuple[Made, ...] = (
    {
        "given_name": "Iwona",
        "family_name": "Przykładna",
        "sex": "female",
        "account": "demo-authority-member",
    },
    {
        "given_name": "Tomasz",
        "family_name": "Zmyślony",
        "sex": "male",
        "account": "demo-authority-member-2",
    },
    {
        "given_name": "Zuzanna",
        "family_name": "Wymyślna",
        "sex": "female",
        "account": "demo-authority-member-3",
    },
)
COLLEAGUE: Made = {
    "given_name": "Alicja",
    "family_name": "Nieznana",
    "sex": "female",
    "account": "demo-colleague",
}
"""A fourth person of the office, who could join the team but is not in it."""
SCHOOLS: Made = {
    "equipment": [{"kind": "laptop", "good": 40, "worn": 25, "unusable": 10}],
    "it_staff": {"people": 1, "hours_a_week": 20, "people_with_qualification": 0},
    "recommendations": [
        {
            "code": "R1",
            "section": "it_staff",
            "text": "Jeden informatyk dla wszystkich szkół.",
        }
    ],
}


async def send_trainings(registry: Api, manager: Api, trainer: Api, member: Api) -> None:
    """Send everything, where there is no group yet and the locations exist."""
    items = (await registry.read("programmes/TMW/sites", limit=200))["items"]
    sites = {site["name"]: site["id"] for site in items}
    # A location may have been renamed: without it nobody can be enrolled for it.
    if not sites.keys() >= LOCATIONS.keys() or not await manager.knows("groups") or await manager.first("groups"):
        return
    # The first trainer has an account: only a trainer of the session can sign its list.
    trainers = [(await manager.create("trainers", facts))["id"] for facts in TRAINERS]
    await manager.create("rooms", _room())
    done_group = await _open(manager, "TMW", "2414", DONE, trainers)
    await _enrol(
        manager,
        done_group,
        [await _of_location(manager, sites, "Imielin", person) for person in PEOPLE["Imielin"]],
    )
    await _train(manager, trainer, done_group)
    open_group = await _open(manager, "TMW", "2408", FILLING, trainers)
    await _enrol(
        manager,
        open_group,
        [await _of_location(manager, sites, "Mikołów", person) for person in PEOPLE["Mikołów"]],
    )
    await _send_authority(manager, member, trainers)


def _room() -> Made:
    address = "ul. Zmyślona 3, Katowice"
    return {
        "county_terc": KATOWICE,
        "name": "Sala 12",
        "address": address,
        "seats": 14,
        "is_step_free": True,
    }


async def _open(manager: Api, programme: str, county: str, facts: Made, trainers: list[str]) -> Made:
    content = {
        "programme_code": programme,
        "county_terc": county,
        "trainer_ids": trainers,
        **facts,
    }
    group = await manager.create("groups", content)
    return await manager.change(f"groups/{group['id']}/open", None, group)


async def _of_location(manager: Api, sites: Mapping[str, str], name: str, facts: Made) -> Made:
    organisation = {
        "organisation_type": "cis",
        "organisation_name": f"CIS {name}",
        "relation": "employee",
    }
    content = {
        "county_terc": LOCATIONS[name],
        "site_id": sites[name],
        **organisation,
        **facts,
    }
    return await manager.create("trainees", content)


async def _enrol(manager: Api, group: Made, trainees: list[Made]) -> list[Made]:
    path = f"groups/{group['id']}/enrolments"
    return [await manager.create(path, {"trainee_id": trainee["id"]}) for trainee in trainees]


async def _train(manager: Api, trainer: Api, group: Made) -> None:
    """Hold a session for each module. The first trainee attends all of them; the second attends
    only two, and gets no certificate.
    """
    group_path = f"groups/{group['id']}"
    await manager.change(f"{group_path}/start", None, await manager.read(group_path))
    # In the order of enrolment: the first trainee has an account.
    first, second = (await manager.read(f"{group_path}/enrolments", sort="sequence"))["items"]
    modules = (await manager.read("programmes/TMW/versions/1"))["modules"]
    for number, module in enumerate(modules):
        session = await _hold(manager, group, module, date(2026, 1, 13) + timedelta(weeks=number))
        minutes = {
            first["trainee_id"]: module["minutes"],
            second["trainee_id"]: module["minutes"] * (number < 2),
        }
        items = [{"trainee_id": trainee, "minutes": attended} for trainee, attended in minutes.items()]
        path = f"sessions/{session['id']}"
        await trainer.create(f"{path}/attendance", {"items": items})
        await trainer.change(f"{path}/attendance/sign", None, await manager.read(path))
    await manager.change(f"{group_path}/complete", None, await manager.read(group_path))
    await manager.create("certificates", {"enrolment_id": first["id"]})


async def _hold(manager: Api, group: Made, module: Made, day: date) -> Made:
    about = {
        "group_id": group["id"],
        "module_id": module["id"],
        "title": module["title_pl"],
    }
    when = {
        "starts_at": f"{day}T08:00:00+01:00",
        "ends_at": f"{day}T19:00:00+01:00",
        "minutes": module["minutes"],
    }
    content = {**about, **when, "mode": "online", "trainer_ids": group["trainer_ids"][:1]}
    session = await manager.create("sessions", content)
    return await manager.change(f"sessions/{session['id']}/hold", None, session)


async def _send_authority(manager: Api, member: Api, trainers: list[str]) -> None:
    """Send a recruited authority, with a team of three in a future group, an adviser, and a
    diagnosis that the team has begun.
    """
    authority = await manager.create("authorities", AUTHORITY)
    path = f"authorities/{authority['id']}"
    of_office = {
        "county_terc": "2414",
        "organisation_type": "local_authority",
        "relation": "employee",
    }
    of_office |= {
        "organisation_name": AUTHORITY["name"],
        "authority_id": authority["id"],
    }
    of_office |= {"target_group": "operational_staff"}
    *team, _ = [await manager.create("trainees", {**of_office, **person}) for person in (*TEAM, COLLEAGUE)]
    for member_of_team in team:
        await manager.change(
            f"{path}/task-team/members",
            {"trainee_id": member_of_team["id"]},
            await manager.read(path),
        )
    await manager.change(
        f"{path}/adviser",
        {"account": "demo-adviser"},
        await manager.read(path),
        method="PUT",
    )
    await _enrol(manager, await _open(manager, "FERS", "2414", FOR_TEAMS, trainers[1:]), team)
    await member.create(f"{path}/diagnosis", SCHOOLS)
