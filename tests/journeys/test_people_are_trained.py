"""A programme is agreed, a group is trained, and whoever earned it has a certificate that everybody can verify.

Every step is also tried by somebody without the permission, by the same office of another county, and too early.
"""

import base64
import json
import zlib
from typing import Any

from joserfc import jwt
from joserfc.jwk import KeySet

from tests.casework.surroundings import Surroundings
from tests.journeys.stories import Act, Made
from tests.journeys.trained import (
    AUTHORITIES,
    CERTIFICATES,
    FOR_CLIENT,
    FOR_CONTRACTOR,
    GROUPS,
    LEAVING,
    LISTS,
    MANAGER,
    MOVES,
    NEW_SESSIONS,
    PEOPLE,
    PROGRAMMES,
    REVOCATIONS,
    SEATS,
    SECRETS,
    SHOWN,
    STEPS,
    TEAMS,
    TRAINEE,
    TRAINER,
    TRAINERS,
    VALIDATIONS,
    VALIDATORS,
    TrainingStory,
    day,
    person,
)

PROGRAMME: Made = {
    "code": "KURS",
    "title_pl": "Kurs współpracy",
    "title_en": "Course of cooperation",
    "client": "Ministerstwo",
    "contractor": "Ośrodek",
    "enrolment_rule": "open",
    "starts_on": "2022-01-01",
    "ends_on": "2099-12-31",
}
OUTCOME: Made = {
    "code": "E1",
    "text_pl": "Stosuje zasady",
    "text_en": "Applies the rules",
    "criterion_pl": "Bez błędu",
    "criterion_en": "Without a mistake",
    "method": "test",
    "is_required": True,
}
MODULE: Made = {
    "code": "M1",
    "title_pl": "Zasady",
    "title_en": "Rules",
    "goal_pl": "Wspólne zasady.",
    "goal_en": "Rules in common.",
    "form": "workshop",
    "minutes": 120,
    "is_test_specific": False,
    "sphere": None,
    "topics": [{"code": "M1.1", "title_pl": "Prawo", "title_en": "Law", "is_test_specific": False}],
    "outcomes": [OUTCOME],
}
VERSION: Made = {"group_capacity": 2, "attendance_percent": 80, "modules": [MODULE]}


async def agree_programme(story: TrainingStory, facts: Made) -> Made:
    """Its version is proposed, and agreed by client and contractor."""
    await story.do(Act("/programmes", facts), PROGRAMMES)
    one = f"/programmes/{facts['code']}/versions/1"
    await story.do(Act(f"/programmes/{facts['code']}/versions", VERSION), PROGRAMMES)
    await story.too_early(Act(f"{one}/agree", {"side": "client"}, one), FOR_CLIENT, "state-conflict")
    await story.do(Act(f"{one}/propose", None, one), PROGRAMMES)
    await story.do(Act(f"{one}/agree", {"side": "client"}, one), FOR_CLIENT)
    await story.do(Act(f"{one}/agree", {"side": "contractor"}, one), FOR_CONTRACTOR)
    version: Made = await story.read(one)
    assert version["state"] == "agreed"
    return version


async def fill_group(story: TrainingStory) -> tuple[Made, list[Made]]:
    """Two seats and three people: the third waits, and moves up when the second leaves."""
    trainer = {"given_name": "Helena", "family_name": "Zmyślona", "account": "trenerka"}
    trainer = await story.do(Act("/trainers", trainer), TRAINERS)
    days = {"starts_on": day(-7), "ends_on": day(30), "trainer_ids": [trainer["id"]]}
    facts = {"programme_code": "KURS", "county_terc": "2469", "code": "G1", "title": "Grupa", **days}
    group = await story.do(Act("/groups", facts), GROUPS)
    one = f"/groups/{group['id']}"
    story.watched.append(one)
    await story.do(Act(f"{one}/open", None, one), MOVES)
    told = await story.too_early(Act(f"{one}/start", None, one), MOVES, "group-not-ready")
    assert told["missing"] == ["accepted_trainees"]
    people = [person("Zofia Anna", account="uczestniczka"), person("Ewa"), person("Maria")]
    trainees = [await story.do(Act("/trainees", each), PEOPLE) for each in people]
    enrolled = [await story.do(Act(f"{one}/enrolments", {"trainee_id": each["id"]}), SEATS) for each in trainees]
    assert [each["state"] for each in enrolled] == ["accepted", "accepted", "waitlisted"]
    second = f"/enrolments/{enrolled[1]['id']}"
    await story.do(Act(f"{second}/withdraw", {"reason": "workload"}, second), LEAVING)
    assert (await story.read(f"/enrolments/{enrolled[2]['id']}"))["state"] == "accepted"
    await story.do(Act(f"{one}/start", None, one), MOVES)
    return group, [enrolled[0], enrolled[2]]


async def train_group(story: TrainingStory, group: Made, module: Made, enrolled: list[Made]) -> None:
    """One session, whose list its trainer signs; only the first was there."""
    about = {"group_id": group["id"], "module_id": module["id"], "trainer_ids": group["trainer_ids"]}
    when = {"starts_at": f"{day(-1)}T09:00:00+01:00", "ends_at": f"{day(-1)}T12:00:00+01:00", "minutes": 120}
    planned = Act("/sessions", {**about, **when, "title": "Zasady", "mode": "online"})
    session = await story.do(planned, NEW_SESSIONS)
    one = f"/sessions/{session['id']}"
    told = await story.too_early(Act(f"/groups/{group['id']}/complete", None, f"/groups/{group['id']}"), MOVES,
                                 "group-not-ready")  # fmt: skip
    assert told["missing"] == ["sessions_held"]
    await story.do(Act(f"{one}/hold", None, one), LISTS)
    minutes = zip(enrolled, (120, 0), strict=True)
    items = [{"trainee_id": each["trainee_id"], "minutes": how_long} for each, how_long in minutes]
    await story.do(Act(f"{one}/attendance", {"items": items}), LISTS)
    await story.do(Act(f"{one}/attendance/sign", None, one), LISTS)


async def certify(story: TrainingStory, group: Made, module: Made, enrolled: list[Made]) -> Made:
    """Who attended and has achieved the outcome has a certificate, and nobody else."""
    one = f"/groups/{group['id']}"
    issue = Act("/certificates", {"enrolment_id": enrolled[0]["id"]})
    await story.too_early(issue, CERTIFICATES, "certificate-not-earned")
    await story.do(Act(f"{one}/validators", {"account": "walidatorka"}), VALIDATORS)
    found = {"enrolment_id": enrolled[0]["id"], "outcome_id": module["outcomes"][0]["id"]}
    found |= {"is_achieved": True, "evidence": "arkusz 1", "validated_on": day(0)}
    own = await story.ask(Act("/validations", found), TRAINER)
    assert own.status_code in {403, 404}, "a group's own trainer does not validate in it"
    await story.do(Act("/validations", found), VALIDATIONS)
    await story.do(Act(f"{one}/complete", None, one), MOVES)
    made: Made = await story.do(issue, CERTIFICATES)
    late = Act("/certificates", {"enrolment_id": enrolled[1]["id"]})
    await story.too_early(late, CERTIFICATES, "certificate-not-earned")
    return made


async def opened(story: TrainingStory, token: str) -> Made:
    """What a token says, verified with the published keys alone."""
    keys: Any = await story.asked_by_nobody("/credentials/keys")
    return dict(jwt.decode(token, KeySet.import_key_set(keys), algorithms=["ES256"]).claims)


async def is_revoked(story: TrainingStory, credential: Made) -> bool:
    """What the status list says of a credential: the bit of its number (Bitstring Status List 1.0)."""
    number = int(credential["credentialStatus"]["statusListIndex"])
    listed = await opened(story, await story.asked_by_nobody("/credentials/status-lists/0"))
    encoded = listed["credentialSubject"]["encodedList"].removeprefix("u")
    bits = zlib.decompress(base64.urlsafe_b64decode(encoded + "=" * (-len(encoded) % 4)), wbits=31)
    return bool(bits[number // 8] >> (7 - number % 8) & 1)


async def verify(story: TrainingStory, certificate: Made) -> None:
    """Without a token: its page, its credential, what its holder lets others see, and its revocation."""
    one = f"/certificates/{certificate['id']}"
    page = f"/verify/{certificate['code']}"
    seen = await story.asked_by_nobody(page)
    assert (seen["is_valid"], seen["initials"], seen["name"]) == (True, "Z.K.", None)
    shows = Act(f"{one}/disclosure", {"shows_name": True, "shows_content": True}, one, method="PUT")
    await story.do(shows, SHOWN)
    assert (await story.asked_by_nobody(page))["name"] == f"{SECRETS[1]} {SECRETS[0]}"
    token = (await story.client.get(f"{one}/credential", headers=TRAINEE)).text
    credential = await opened(story, token)
    assert not await is_revoked(story, credential)
    paper = await story.client.get(f"{one}/document", headers=TRAINEE)
    assert paper.content.startswith(b"%PDF-")
    await story.do(Act(f"{one}/revoke", {"reason": "pomyłka w obecności"}, one), REVOCATIONS)
    assert not (await story.asked_by_nobody(page))["is_valid"]
    assert await is_revoked(story, credential)


async def begin_path(story: TrainingStory) -> None:
    """An authority is recruited, has its team, and is told what it lacks to go on."""
    teams = {"code": "SAMORZAD", "enrolment_rule": "authority_team", "smallest_team": 3, "largest_team": 4}
    await agree_programme(story, PROGRAMME | teams)
    facts = {"programme_code": "SAMORZAD", "terc": "2469011", "name": "Katowice", "is_running_body": True}
    authority = await story.do(Act("/authorities", facts | {"recruited_on": day(-30)}), AUTHORITIES)
    one = f"/authorities/{authority['id']}"
    story.watched.append(one)
    step = Act(f"{one}/confirm-training", None, one)
    assert (await story.too_early(step, STEPS, "authority-not-ready"))["missing"] == ["complete_team"]
    of_office = {"organisation_type": "local_authority", "authority_id": authority["id"]}
    for number in range(3):
        account = {"target_group": "operational_staff", "account": f"urzednik-{number}"}
        trainee = await story.do(Act("/trainees", person("Anna", **of_office, **account)), PEOPLE)
        await story.do(Act(f"{one}/task-team/members", {"trainee_id": trainee["id"]}, one), TEAMS)
    assert (await story.too_early(step, STEPS, "authority-not-ready"))["missing"] == ["completed_training"]
    await story.do(Act(f"{one}/withdraw", {"reason": "Uchwała rady."}, one), STEPS)


async def test_people_are_trained_and_everybody_can_verify_it(
    training_story: TrainingStory, left: Surroundings
) -> None:
    story = training_story
    version = await agree_programme(story, PROGRAMME)
    group, enrolled = await fill_group(story)
    [module] = version["modules"]
    await train_group(story, group, module, enrolled)
    await verify(story, await certify(story, group, module, enrolled))
    await begin_path(story)
    feed = (await story.read("/events?limit=1000"))["items"]
    assert [int(event["sequence"]) for event in feed] == list(range(1, len(feed) + 1))
    kept = [json.dumps(feed, ensure_ascii=False), *left.texts().values()]
    assert [secret for secret in SECRETS for text in kept if secret in text] == []
    looks = await story.client.get("/trainees", headers=MANAGER)
    assert len(looks.json()["items"]) == 6
