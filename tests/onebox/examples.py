"""Sends the operations of the API document to the demo, each as its examples say."""

import json
from collections.abc import AsyncIterator, Mapping, Sequence
from typing import Any
from urllib.parse import quote, urlencode
from uuid import uuid4

import httpx

from onebox.callers import DEMO_CALLERS, caller_with_role
from services.chassis.fhir.answering import FORM
from tests.onebox.operations import Json, Operation
from tests.support.callers import claims, token
from tests.support.matrix import Matrix

COUNTIES = ["2469", "2408", "2414"]
EVERYWHERE = {role for caller in DEMO_CALLERS.values() if "*" in caller.counties for role in caller.roles}
MOST_TRIED = 60
READERS = ("county_coordinator", "early_screening_coordinator", "researcher", "operator", "training_manager")
BY_RELATION = ("trainee", "trainer", "adviser", "authority_member")
"""Who reaches nothing by a county, and what is theirs by the account that the demo knows."""
SUBJECT = "6f1f64a5-3c4e-4a43-9c0c-5d3f6a1b2c3d"
LISTED_AT: Mapping[str, Sequence[str]] = {
    "/v1/registry/sites": [f"/v1/registry/programmes/{code}/sites" for code in ("MWM", "TMW", "MLW")],
    "/v1/screening/fhir/Observation": [f"/v1/screening/fhir/Observation?subject={SUBJECT}"],
    "/v1/screening/fhir/QuestionnaireResponse": [f"/v1/screening/fhir/QuestionnaireResponse?subject={SUBJECT}"],
    "/v1/screening/screenings": [
        f"/v1/screening/screenings?limit=3&state={state}" for state in ("draft", "scored", "confirmed")
    ],
    "/v1/training/verify": ["/v1/training/certificates"],
}
"""Things that are listed at another address than their own, or not under it alone."""
REFERRED_TO = {
    "child_id": "/v1/casework/people/{person_id}",
    "guardian_id": "/v1/casework/people/{person_id}",
    "kept_id": "/v1/casework/people/{person_id}",
    "merged_id": "/v1/casework/people/{person_id}",
    "agreement_id": "/v1/registry/agreements/{agreement_id}",
    "institution_id": "/v1/registry/institutions/{institution_id}",
    "case_id": "/v1/casework/cases/{case_id}",
    "person_id": "/v1/casework/people/{person_id}",
    "norm_set_id": "/v1/screening/instruments/DEMO/versions/1/norm-sets/{norm_set_id}",
    "rule_id": "/v1/registry/networks/{network_id}/rules/{rule_id}",
    "site_id": "/v1/registry/sites/{site_id}",
    "enrolment_id": "/v1/training/enrolments/{enrolment_id}",
    "programme_id": "/v1/training/programmes/{programme_id}",
    "trainee_id": "/v1/training/trainees/{trainee_id}",
}
"""Where the things are that a body refers to by an id: no document can know the ids of a platform."""


def fields_of(example: Any) -> set[str]:
    """The names of the fields of a body, and of the things in its lists."""
    inner = example.values() if isinstance(example, dict) else example if isinstance(example, list) else []
    return {*(example if isinstance(example, dict) else ())}.union(*map(fields_of, inner))


def filled(example: Any, ids: Mapping[str, str]) -> Any:
    """The body with these ids in the fields of those names."""
    if isinstance(example, list):
        return [filled(each, ids) for each in example]
    if not isinstance(example, dict):
        return example
    return {name: ids[name] if name in ids else filled(value, ids) for name, value in example.items()}


class Sender:
    """Sends examples to `client`, each as whoever has the permission."""

    def __init__(self, institution: str | None) -> None:
        self.client: httpx.AsyncClient
        self._institution = institution
        self._callers_known: dict[str, dict[str, str]] = {}
        self._known: dict[str, list[Json]] = {}
        self._made: dict[str, list[Json]] = {}

    def start(self, client: httpx.AsyncClient) -> None:
        """From now on ask this client, and know nothing of what another one answered."""
        self.client = client
        self._known.clear()
        self._made.clear()

    async def send(self, operation: Operation, number: int = 0) -> httpx.Response | None:
        """The first success, else the last refusal; None when the demo has nothing that it could be about.

        `number`: of the body's example to begin with.
        """
        answer = None
        tried = 0
        async for address in self._addresses(operation.path):
            for headers in self._callers(operation.service, operation.permission):
                async for content in self._bodies(operation, number):
                    tried += 1
                    answer = await self._ask(operation, address, headers, content)
                    if answer.is_success:
                        self._remember(address, answer)
                    if answer.is_success or tried == MOST_TRIED:
                        return answer
        return answer

    def _remember(self, address: str, answer: httpx.Response) -> None:
        """Everything may be different now; what was made is known though no list shows it."""
        self._known.clear()
        if answer.status_code == httpx.codes.CREATED and "id" in (made := answer.json()):
            self._made.setdefault(address, []).append(made)

    async def _ask(self, operation: Operation, address: str, caller: dict[str, str], body: Any) -> httpx.Response:
        headers = caller | {"idempotency-key": str(uuid4())}
        if any(each["name"] == "if-match" for each in operation.parameters("header")):
            headers["if-match"] = await self._version(address, caller)
        if operation.media_type:
            headers["content-type"] = operation.media_type
        written = urlencode if operation.media_type == FORM else json.dumps
        content = body if body is None or isinstance(body, str) else written(body)
        query = operation.query
        for name in query.keys() & REFERRED_TO.keys():
            query[name] = next(iter(await self._ids(name)), "")
        return await self.client.request(operation.method, address, params=query, headers=headers, content=content)

    async def _ids(self, name: str) -> list[str]:
        """Of the things that a field of that name refers to."""
        return [address.rpartition("/")[2] async for address in self._addresses(REFERRED_TO[name])]

    def _callers(self, service: str, permission: str | None) -> list[dict[str, str]]:
        """Everybody who has the permission, people first; an operator where every caller may."""
        grants = Matrix(service, []).grants
        holders = [name for name, granted in grants.items() if permission in granted] or ["operator"]
        return [self._caller(name) for name in sorted(holders, key=lambda name: ":" in name)]

    def _caller(self, name: str) -> dict[str, str]:
        """The headers of whoever has that role, or that scope."""
        if name not in self._callers_known:
            account: Json = {"scope": name, "subject": "account", "counties": ["*"], "institution": None}
            counties = ["*"] if name in EVERYWHERE else COUNTIES
            person: Json = {"role": name, "counties": counties, "institution": self._institution}
            if name in BY_RELATION:
                person |= {"counties": [], "subject": caller_with_role(name).name}
            told = claims(**(account if ":" in name else person))
            # As the development issuer says of a person, and of no account.
            told |= {} if ":" in name else {"auth_time": told["iat"]}
            self._callers_known[name] = {"authorization": f"Bearer {token(told)}"}
        return self._callers_known[name]

    async def _listed(self, collection: str) -> list[Json]:
        """What stands in a collection, as whoever may read it sees it; what was made last comes first."""
        if collection not in self._known:
            found: list[Json] = []
            for address in LISTED_AT.get(collection, [collection]):
                for role in READERS:
                    answer = await self.client.get(address, headers=self._caller(role))
                    told = answer.json() if "json" in answer.headers["content-type"] else {}
                    if seen := told.get("items") or [entry["resource"] for entry in told.get("entry", [])]:
                        found += seen
                        break
            found = self._made.get(collection, []) + (found or await self._inside(collection))
            self._known[collection] = sorted(found, key=lambda thing: str(thing.get("id")), reverse=True)
        return self._known[collection]

    async def _inside(self, collection: str) -> list[Json]:
        """What the thing above shows of a collection that is no list of its own."""
        above, _, name = collection.rpartition("/")
        answer = await self.client.get(above, headers=self._caller("county_coordinator"))
        told = answer.json() if answer.is_success else {}
        return list(told[name]) if isinstance(told.get(name), list) else []

    async def _addresses(self, path: str) -> AsyncIterator[str]:
        """The addresses that the path stands for on the demo."""
        before, found, after = path.partition("{")
        name, _, after = after.partition("}")
        if not found:
            yield path
            return
        for thing in await self._listed(before.rstrip("/")):
            key = next((key for key in (name, "id", "code", "kind") if key in thing), "")
            async for address in self._addresses(before + quote(str(thing.get(key)), safe="") + after):
                yield address

    async def _bodies(self, operation: Operation, number: int) -> AsyncIterator[Any]:
        """The examples of the body, each with the things that are there for the id in it."""
        for example in operation.bodies[number:]:
            own = f"/v1/{operation.service}/"
            named = [name for name in REFERRED_TO if REFERRED_TO[name].startswith(own) and name in fields_of(example)]
            if not named:
                yield example
                continue
            ids = await self._ids(named[0])
            # Fields that refer to the same kind of thing are about two of them.
            alike = [name for name in named if REFERRED_TO[name] == REFERRED_TO[named[0]]]
            for first in range(len(ids)):
                yield filled(example, {name: ids[first - n] for n, name in enumerate(alike)})

    async def _version(self, address: str, caller: dict[str, str]) -> str:
        """The ETag of the thing at the address, or of what stands above; as a list shows it, failing that."""
        for above in range(4):
            place = address.rsplit("/", above)[0]
            answer = await self.client.get(place, headers=caller)
            if answer.status_code == 200 and "etag" in answer.headers:
                return str(answer.headers["etag"])
            collection, _, key = place.rpartition("/")
            for thing in await self._listed(collection):
                if str(thing.get("id")) == key and "version" in thing:
                    return f'"{key}:{thing["version"]}"'
        return ""
