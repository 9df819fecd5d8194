"""Requests to the events of screening that were put aside. There are none: whoever may replay one is told so."""

from tests.support.asks import Ask, Asks, asks_to_read

ASKS: Asks = {
    "list_casework_dead_letters": asks_to_read("/dead-letters"),
    "replay_casework_dead_letter": lambda _: Ask(
        "POST", "/dead-letters/01990000-0000-7000-8000-0000000000f1/replay", lacks="not-found"
    ),
}
