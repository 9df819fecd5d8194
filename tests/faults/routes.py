"""What is called under load: by whom, where, with which body; and what follows from the answer to a call."""

import uuid
from collections.abc import Callable
from typing import Any, NamedTuple

from onebox.access import TokenRequest
from onebox.demo.children import answers, children

Body = dict[str, Any]
COUNTY, OTHER_COUNTY = "2469", "2408"
FAMILY_NAME = "Przykładowy"
"""Of everybody who is made up here; it must stand in no log, no problem and no address."""
WRITER = TokenRequest(scopes=("registry:read", "registry:write"), subject="ledger-registry")
KEEPER = TokenRequest(("county_coordinator",), counties=(COUNTY,), subject="ledger-casework")
TRAINER = TokenRequest(("training_manager",), counties=(COUNTY,), subject="ledger-training")
SUBMITTER = TokenRequest(("early_screening_coordinator",), counties=(COUNTY,), subject="ledger-screening")
CONFIRMER = TokenRequest(("early_screening_coordinator",), counties=(COUNTY,), subject="ledger-confirming")
VIEWER = TokenRequest(
    ("county_coordinator", "early_screening_coordinator"), counties=(COUNTY,), subject="ledger-viewing"
)
STRANGER = TokenRequest(("county_coordinator",), counties=(OTHER_COUNTY,), subject="ledger-stranger")
_WORRYING = (*(f"Y_{item}" for item in ("MOVE1", "MOVE2", "MOVE3", "HAND1", "TALK1", "TALK2", "TALK3")),)
_WORRYING += ("Y_SOC1", "Y_SOC2", "Y_PLAY1", "Y_PLAY2")
_NO_WORRY = {"Y_LOSS": "no", "SENSES.HEARING": "no", "SENSES.SEEING": "no"}


class Route(NamedTuple):
    """What is called: by whom, where, and with which body for a key (None: it is only read).

    A route that comes `after` another one takes the ids which that one answered as its keys. `service` is the one
    without which there is no answer at all.
    """

    name: str
    service: str
    caller: TokenRequest
    path: str
    body: Callable[[str], Body] | None = None
    after: str = ""
    changes: bool = False
    """Whether it changes the first version of what it is called about."""
    clients: int = 2


def institution(key: str) -> Body:
    """An institution of that name."""
    return {"name": f"Poradnia {key}", "type": "psych_ped_counselling_centre", "county_terc": COUNTY}


def screening(key: str) -> Body:
    """Of every second child all that is asked about gives cause for worry, and the guardian agrees to a referral."""
    number = uuid.UUID(key).int
    if number % 2:
        return _screened(key, "female", dict.fromkeys(_WORRYING, "not_yet") | _NO_WORRY, "2024-03-15", "2026-03-14")
    child = children()[number % len(children())]
    found = answers(child, "first")
    return _screened(key, child.sex, found, child.born_on.isoformat(), child.screened_on.isoformat())


def _screened(key: str, sex: str, found: dict[str, str], born_on: str, on: str) -> Body:
    return {
        "subject_ref": key,
        "sex": sex,
        "county_terc": COUNTY,
        "instrument_code": "DEMO",
        "instrument_version": 1,
        "informant": "parent",
        "answers": found,
        "submission": {"born_on": born_on, "administered_on": on, "consent_to_refer": True},
    }


def person(key: str) -> Body:
    """Somebody of whom a part of the key is the name."""
    return {
        "county_terc": COUNTY,
        "given_name": "Jan",
        "family_name": f"{FAMILY_NAME} {key[:8]}",
        "born_on": "2020-03-05",
    }


def _trainee(key: str) -> Body:
    return {
        "county_terc": COUNTY,
        "given_name": "Jan",
        "family_name": FAMILY_NAME,
        "sex": "male",
        "organisation_type": "cis",
        "organisation_name": "Centrum Integracji Społecznej",
        "relation": "employee",
        "source": "ledger",
        "external_id": key,
    }


def case(person_id: str) -> Body:
    """A case of that person."""
    return {"person_id": person_id, "track": "early", "first_contact_on": "2026-01-02", "reason": "mowa"}


READ = Route("read", "registry", WRITER, "/v1/registry/institutions?limit=20")
CREATE = Route("create", "registry", WRITER, "/v1/registry/institutions", institution)
SUBMIT = Route("submit", "screening", SUBMITTER, "/v1/screening/screenings", screening)
KEEP = Route("keep", "casework", KEEPER, "/v1/casework/people", person)
TRAIN = Route("train", "training", TRAINER, "/v1/training/trainees", _trainee)
CONFIRM = Route(
    "confirm",
    "screening",
    CONFIRMER,
    "/v1/screening/screenings/{key}/confirm",
    lambda _: {},
    after="submit",
    changes=True,
)
OPEN = Route("open", "casework", KEEPER, "/v1/casework/cases", case, after="keep", clients=1)
WITHDRAW = Route(
    "withdraw",
    "casework",
    KEEPER,
    "/v1/casework/cases/{key}/withdraw",
    lambda _: {"reason": "family_declined"},
    after="open",
    changes=True,
    clients=1,
)
STRAY = Route("stray", "casework", STRANGER, "/v1/casework/cases?limit=20", clients=1)
VIEW_CASE = Route("view case", "casework", VIEWER, "/v1/views/cases/{case}", clients=1)
VIEW_COUNTY = Route("view county", "registry", VIEWER, f"/v1/views/counties/{COUNTY}", clients=1)
ROUTES = (READ, CREATE, SUBMIT, KEEP, TRAIN, CONFIRM, OPEN, WITHDRAW, STRAY, VIEW_CASE, VIEW_COUNTY)
WRITES = tuple(route for route in ROUTES if route.body is not None)
VIEWS = (VIEW_CASE, VIEW_COUNTY)


def routes_behind(program: str) -> list[str]:
    """The routes that cannot be answered without a program, be it one of several of its kind."""
    kind = program.partition("-")[0]
    return [route.name for route in ROUTES if kind in {route.service, "gateway", "postgres"}]
