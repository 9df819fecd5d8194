"""Refusals inside an answer: of one item of a batch."""

from pydantic import BaseModel, ConfigDict


class Problem(BaseModel):
    """A refusal as in RFC 9457: the document has one schema for all of them."""

    model_config = ConfigDict(extra="allow")
