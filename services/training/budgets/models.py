"""Budgets and their parts."""

from decimal import Decimal
from uuid import UUID

from sqlalchemy import CheckConstraint, Index, Numeric, Text, Uuid
from sqlmodel import Field

from services.chassis.data.tables import Versioned
from services.training.tables import Table

# Twelve digits before the point: more than any training programme costs.
_MONEY, _SHARE = Numeric(14, 2), Numeric(5, 2)


class Budget(Table, Versioned, table=True):
    """The budget of a programme."""

    __tablename__ = "budgets"
    __table_args__ = (
        # Of two budgets made at once, the second is refused with BudgetAlreadyMade.
        Index("uq_budgets_programme_id", "programme_id", unique=True),
        Index("ix_budgets_changed_at", "changed_at", "id"),
    )

    programme_id: UUID = Field(sa_type=Uuid, foreign_key="training.programmes.id")
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)


class BudgetYear(Table, table=True):
    """What is planned for a year."""

    __tablename__ = "budget_years"
    __table_args__ = (CheckConstraint("amount > 0", name="amount"),)

    budget_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.budgets.id"
    )
    year: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    amount: Decimal = Field(sa_type=_MONEY)


class BudgetTask(Table, table=True):
    """A task with its share of the budget and the quarters in which it runs."""

    __tablename__ = "budget_tasks"
    __table_args__ = (
        CheckConstraint("share > 0 AND share <= 100", name="share"),
        # Compared as texts: `2023Q4` < `2024Q1`, since the year comes first.
        CheckConstraint("start_quarter <= end_quarter", name="end_quarter"),
    )

    budget_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.budgets.id"
    )
    number: int = Field(primary_key=True, sa_column_kwargs={"autoincrement": False})
    title_pl: str = Field(sa_type=Text)
    title_en: str = Field(sa_type=Text)
    share: Decimal = Field(sa_type=_SHARE)
    start_quarter: str = Field(sa_type=Text)
    end_quarter: str = Field(sa_type=Text)


class BudgetSource(Table, table=True):
    """Money of one kind of source."""

    __tablename__ = "budget_sources"
    __table_args__ = (
        CheckConstraint("kind IN ('eu', 'national', 'own')", name="kind"),
        # Zero is allowed: a plan may say that there is no own money.
        CheckConstraint("amount >= 0", name="amount"),
    )

    budget_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="training.budgets.id"
    )
    kind: str = Field(primary_key=True, sa_type=Text)
    amount: Decimal = Field(sa_type=_MONEY)
