"""Refusals that stand inside an answer: of one thing of a batch, or of a job."""

from pydantic import BaseModel, ConfigDict, Field


class Problem(BaseModel):
    """A refusal as RFC 9457 has it: the document has one schema for all of them."""

    model_config = ConfigDict(extra="allow")


class JobProblem(BaseModel):
    """Why a job failed, with the facts of its kind; an operator is told no more than which it was."""

    model_config = ConfigDict(extra="allow")

    type: str = Field(description="/problems/<slug>, a page that exists")
    title: str = Field(description="in the caller's language")
    status: int = Field(description="of HTTP")
    code: str = Field(description="stable, English")
    detail: str | None = Field(default=None, description="why, in words")
