"""Requests to the list of tasks: everybody's own."""

from tests.support.asks import Asks, asks_to_read

ASKS: Asks = {"list_tasks": asks_to_read("/tasks")}
