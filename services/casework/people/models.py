"""People: children born and expected, pupils, guardians and families.

Identities are stored only here.
"""

from datetime import date, datetime
from uuid import UUID

from sqlalchemy import (
    CheckConstraint,
    DateTime,
    Index,
    LargeBinary,
    Text,
    Uuid,
    func,
    text,
)
from sqlmodel import Field

from services.casework.tables import Table
from services.chassis.data.tables import Versioned


class Person(Table, Versioned, table=True):
    """A person.

    Identity fields are sealed; fields that statistics need are not.
    """

    __tablename__ = "people"
    __table_args__ = (
        CheckConstraint("county_terc ~ '^[0-9]{4}$'", name="county_terc"),
        CheckConstraint("kind IN ('born', 'expected')", name="kind"),
        CheckConstraint("sex IN ('female', 'male')", name="sex"),
        CheckConstraint(
            "(kind = 'expected') = (expected_on IS NOT NULL)", name="expected_on"
        ),
        CheckConstraint(
            "date_trunc('month', birth_month) = birth_month", name="birth_month"
        ),
        CheckConstraint(
            "pregnancy_ended_on IS NULL OR kind = 'expected'", name="pregnancy_ended_on"
        ),
        CheckConstraint("merged_into IS NULL OR merged_into <> id", name="merged_into"),
        Index("ix_people_county_terc", "county_terc", "created_at", "id"),
        Index(
            # Unique within a county: a refusal for the whole country would reveal to
            # every county where a child lives.
            "uq_people_pesel_in_county",
            "county_terc",
            "pesel_index",
            unique=True,
            postgresql_where=text("merged_into IS NULL AND erased_at IS NULL"),
        ),
        Index(
            # For searches that include the numbers of merged records.
            "ix_people_pesel_index",
            "county_terc",
            "pesel_index",
        ),
        Index("ix_people_mother_id", "mother_id"),
    )

    county_terc: str = Field(sa_type=Text)
    kind: str = Field(sa_type=Text)
    sex: str | None = Field(default=None, sa_type=Text)
    birth_month: date | None = None
    expected_on: date | None = None
    pregnancy_ended_on: date | None = None
    """For a child who will not be born: the day on which the pregnancy ended.

    The record stays: the family may still be supported.
    """
    # A random reference and not a hash: without this row screening's
    # records lead to nobody.
    subject_ref: UUID = Field(
        sa_type=Uuid,
        unique=True,
        sa_column_kwargs={"server_default": func.gen_random_uuid()},
    )
    sealed: bytes = Field(sa_type=LargeBinary)
    # A keyed digest: it finds an equal number and reveals none.
    pesel_index: bytes | None = Field(default=None, sa_type=LargeBinary)
    mother_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    """For a child who is or was expected: the mother."""
    expected_with_id: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    """For a twin: the record under which both were expected, with the history before
    the birth.
    """
    merged_into: UUID | None = Field(
        default=None, sa_type=Uuid, foreign_key="casework.people.id"
    )
    restricted_at: datetime | None = Field(
        default=None, sa_type=DateTime(timezone=True)
    )
    """Processing is restricted since then (GDPR, art. 18):
    the data are stored, but not used.
    """
    erased_at: datetime | None = Field(default=None, sa_type=DateTime(timezone=True))


# A table of its own: deleting a row here erases the data,
# while the row of the person stays.
class PersonKey(Table, table=True):
    """The key of a person's sealed fields, itself wrapped by the keyring.

    Without it the fields cannot be opened: deleting it erases them.
    """

    __tablename__ = "person_keys"

    person_id: UUID = Field(
        primary_key=True,
        sa_type=Uuid,
        foreign_key="casework.people.id",
    )
    # Row-level security needs the county in every table.
    county_terc: str = Field(sa_type=Text)
    keyring_id: str = Field(sa_type=Text)
    wrapped: bytes = Field(sa_type=LargeBinary)


class PersonName(Table, table=True):
    """Digests of pairs of name and birth date; two records that share one may be the
    same person.

    One row for each digest: under row-level security an index can be used only for
    equality of one value.
    """

    __tablename__ = "person_names"
    __table_args__ = (Index("ix_person_names_digest", "digest", "county_terc"),)

    person_id: UUID = Field(
        primary_key=True, sa_type=Uuid, foreign_key="casework.people.id"
    )
    digest: bytes = Field(primary_key=True, sa_type=LargeBinary)
    county_terc: str = Field(sa_type=Text)
