"""Which trial shows which fault: by the number that a fault has in the list of what is to be broken.

A trial is named as `python -m tests.faults --fault` names it; a kill or a stop by the program that it hits.
"""

from collections.abc import Mapping
from typing import NamedTuple


class Shown(NamedTuple):
    """What is broken, the trials that break it, and what they leave out."""

    what: str
    trials: tuple[str, ...]
    without: str = ""


KILLS, STOPS = "kill -9", "SIGSTOP"
COVERED: Mapping[str, Shown] = {
    "F01": Shown("a service is killed in the middle of a write", (KILLS, "killed while it writes")),
    "F02": Shown("a service is killed between its commit and its answer", ("killed before its answer",)),
    "F03": Shown("a service is killed between insert and commit", ("killed while it writes",)),
    "F04": Shown("a service is killed during a long statement", ("killed while it writes",)),
    "F05": Shown("a follower is killed before it marks an event", ("an event comes a second time",)),
    "F06": Shown("PostgreSQL is killed", (KILLS,)),
    "F07": Shown("single connections to PostgreSQL are ended", ("connections to the database end all the time",)),
    "F08": Shown("a service stands still", (STOPS, "screening stands still and views are asked for")),
    "F09": Shown("a service stands still inside of a transaction", ("stands still while it writes",)),
    "F10": Shown("a service is slow", ("registry: never answered",)),
    "F11": Shown("a service answers by drops", ("registry: a byte each half second",)),
    "F12": Shown(
        "answers are cut off, halved, nonsense",
        ("registry: cut off with a reset", "registry: ended half-way", "registry: turned into nonsense"),
        "wrong lengths and compressed answers are tests of the gateway",
    ),
    "F16": Shown("more wait than there are connections", ("a table is kept and 200 read",)),
    "F17": Shown("PostgreSQL has no connection left", ("no connection to the database is left",)),
    "F18": Shown(
        "gateway and service are parted",
        ("registry: refused at once", "registry: never answered"),
        "sockets stand in for a network, so that packets are not dropped before a connection stands",
    ),
    "F20": Shown("service and PostgreSQL are parted", ("postgres: never answered", "postgres: refused at once")),
    "F21": Shown(
        "a narrow line, and one that loses packets",
        ("registry: over 1 Mbit/s", "registry: three of ten packets lost"),
        "sockets lose nothing: what is lost comes as late as TCP would have repeated it; where the gateway's probe is"
        " late as well, the service is shut off for a moment",
    ),
    "F22": Shown("events that nothing can be done about", ("events that nothing can be done about",)),
    "F23": Shown(
        "events are delivered twice",
        ("all events come a second time", "an event comes a second time"),
        "in another order they cannot come: whoever follows goes by their numbers",
    ),
    "F24": Shown("a follower is away while a hundred thousand events come", ("a hundred thousand events wait",)),
    "F27": Shown("the gateway is asked to end during uploads", ("gateway asked to end during uploads",)),
    "F28": Shown("the gateway is killed during uploads", ("gateway killed during uploads",)),
    "F29": Shown(
        "everything is restarted in turn",
        ("each replica of each service is restarted", "each gateway is restarted", "restarted one by one"),
    ),
    "F32": Shown("services start before PostgreSQL", ("started before the database",)),
    "F34": Shown(
        "the issuer's keys cannot be had",
        ("the issuer stands still", "a key is changed while the issuer stands still"),
        "that a withdrawn key is dropped, and that known ones serve for days, are tests of the token check",
    ),
    "F38": Shown("files run out", ("gateway may open no more files",)),
    "F40": Shown("a herd comes back", ("500 clients when a service is back", "300 clients at once")),
}
