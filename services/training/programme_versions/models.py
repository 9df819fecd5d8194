"""Versions of programmes, with their modules, topics and learning outcomes."""

from datetime import datetime
from uuid import UUID

from sqlalchemy import CheckConstraint, DateTime, Index, Text, Uuid, func, text
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table

_ID = {"server_default": func.uuidv7()}
# Without a code a row gets a unique one, which no other version has.
_CODE = {"server_default": text("(uuidv7())::text")}


class ProgrammeVersion(Table, Versioned, table=True):
    """One version of a programme."""

    __tablename__ = "programme_versions"
    __table_args__ = (
        CheckConstraint(
            "state IN ('draft', 'proposed', 'agreed', 'retired')", name="state"
        ),
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("group_capacity > 0", name="group_capacity"),
        CheckConstraint(
            "attendance_percent BETWEEN 0 AND 100", name="attendance_percent"
        ),
        # An agreed version has the agreement of both sides.
        CheckConstraint(
            "state IN ('draft', 'proposed') OR (client_agreed_at IS NOT NULL"
            " AND contractor_agreed_at IS NOT NULL)",
            name="agreed",
        ),
        # A second guard: numbers are assigned under the programme's lock.
        Index("uq_programme_versions_number", "programme_id", "number", unique=True),
        # At most one agreed version of a programme, which its groups follow.
        Index(
            "uq_programme_versions_agreed",
            "programme_id",
            unique=True,
            postgresql_where=text("state = 'agreed'"),
        ),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    number: int
    state: str = Field(
        default="draft", sa_type=Text, sa_column_kwargs={"server_default": "draft"}
    )
    group_capacity: int
    attendance_percent: int
    """Share of the planned minutes that a certificate needs."""
    proposed_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))
    client_agreed_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    client_agreed_by: str | None = Field(default=None, sa_type=Text)
    contractor_agreed_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    contractor_agreed_by: str | None = Field(default=None, sa_type=Text)
    retired_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


class ProgrammeModule(Table, table=True):
    """A module of a version, reusable or for the test alone."""

    __tablename__ = "programme_modules"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        CheckConstraint("minutes > 0", name="minutes"),
        CheckConstraint("sphere BETWEEN 1 AND 3", name="sphere"),
        CheckConstraint(
            "form IN ('workshop', 'workshop_with_lecture', 'lecture', 'seminar',"
            " 'self_study')",
            name="form",
        ),
        Index("uq_programme_modules_number", "version_id", "number", unique=True),
        # The code identifies a module in all versions of a programme.
        Index("uq_programme_modules_code", "version_id", "code", unique=True),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid, sa_column_kwargs=_ID)
    version_id: UUID = Field(sa_type=Uuid, foreign_key="training.programme_versions.id")
    number: int
    code: str = Field(sa_type=Text, sa_column_kwargs=_CODE)
    """The same in all versions of the programme, at any place."""
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    goal_pl: str = Field(sa_type=Text)
    goal_en: str = Field(sa_type=Text)
    form: str = Field(sa_type=Text)
    minutes: int
    is_test_specific: bool
    sphere: int | None = None


class ModuleTopic(Table, table=True):
    """A topic of a module."""

    __tablename__ = "module_topics"
    __table_args__ = (
        CheckConstraint("number > 0", name="number"),
        Index("uq_module_topics_number", "module_id", "number", unique=True),
        Index("uq_module_topics_code", "module_id", "code", unique=True),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid, sa_column_kwargs=_ID)
    module_id: UUID = Field(sa_type=Uuid, foreign_key="training.programme_modules.id")
    number: int
    code: str = Field(sa_type=Text, sa_column_kwargs=_CODE)
    """The same in all versions of the programme, in any module."""
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    is_test_specific: bool


class LearningOutcome(Table, table=True):
    """What a trainee can do after a module, and how that is validated."""

    __tablename__ = "learning_outcomes"
    __table_args__ = (
        CheckConstraint(
            "method IN ('test', 'task', 'observation', 'interview', 'portfolio')",
            name="method",
        ),
        Index("uq_learning_outcomes_code", "module_id", "code", unique=True),
    )

    id: UUID = Field(primary_key=True, sa_type=Uuid, sa_column_kwargs=_ID)
    module_id: UUID = Field(sa_type=Uuid, foreign_key="training.programme_modules.id")
    # Of one version: validations refer to the row's id and not to this code.
    code: str = Field(sa_type=Text)
    text_pl: str = Field(sa_type=Text)
    text_en: str = Field(sa_type=Text)
    criterion_pl: str = Field(sa_type=Text)
    criterion_en: str = Field(sa_type=Text)
    method: str = Field(sa_type=Text)
    is_required: bool = Field(
        default=True, sa_column_kwargs={"server_default": text("true")}
    )
    """Whether a certificate needs the outcome."""
