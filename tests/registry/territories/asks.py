"""Requests to the territories."""

from tests.support.asks import Ask, Asks, asks_to_read

ASKS: Asks = {
    "list_voivodeships": asks_to_read("/voivodeships"),
    "list_counties": asks_to_read("/counties"),
    "get_county": asks_to_read(lambda target: f"/counties/{target.county}"),
    "list_communes": asks_to_read("/communes"),
    "get_commune": asks_to_read(lambda target: f"/communes/{target.county}011"),
    "import_territories": lambda _: Ask("POST", "/territory-imports", file=b"x"),
}
