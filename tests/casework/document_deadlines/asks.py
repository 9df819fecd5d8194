"""Requests to the deadlines of documents."""

from tests.casework.documents import asks as documents
from tests.support.asks import Asks, asks_to_read

prepare = documents.prepare
ASKS: Asks = {"list_document_deadlines": asks_to_read("/documents/deadlines")}
