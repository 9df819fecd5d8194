"""Refusals that stand inside an answer: of one thing of a batch."""

from pydantic import BaseModel, ConfigDict


class Problem(BaseModel):
    """A refusal as RFC 9457 has it: the document has one schema for all of them."""

    model_config = ConfigDict(extra="allow")
