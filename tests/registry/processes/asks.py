"""Requests to the catalogue of processes."""

from tests.support.asks import Asks, asks_to_read

ASKS: Asks = {
    "list_processes": asks_to_read("/processes"),
    "get_process": asks_to_read("/processes/change_process"),
}
