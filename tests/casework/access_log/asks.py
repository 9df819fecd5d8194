"""Requests to the access log."""

from tests.casework.people import asks as people
from tests.support.asks import Ask, Asks

prepare = people.prepare

ASKS: Asks = {
    "read_access_log": lambda target: Ask(
        "GET",
        f"/access-log?person_id={target['person']['id']}",
        out_of_reach="person-not-found",
        related=people.related(target),
    )
}
