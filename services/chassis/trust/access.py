"""The reach of a caller: a query's condition first, row-level security second."""

from collections.abc import Mapping
from typing import Any, Literal, NamedTuple
from uuid import UUID

from sqlalchemy import (
    ColumnElement,
    and_,
    any_,
    bindparam,
    false,
    or_,
    select,
    true,
)
from sqlalchemy.dialects.postgresql import ARRAY
from sqlalchemy.types import Text, Uuid

from services.chassis.ground.problems import OutsideScope
from services.chassis.trust.callers import Caller, Reach
from services.chassis.trust.relations import (
    OWN_RELATIONS,
    holders_of,
    policy_of,
    related,
)

# Once used in a session, a setting that is not set is an empty text, not NULL.
_LISTED = (
    "(SELECT string_to_array(NULLIF(current_setting('app.counties', true), ''), ','))"
)
# Selected, so that the settings are read once and not for every row.
OWN_COUNTIES = (
    f"county_terc = ANY (CAST({_LISTED} AS text[]))"
    " OR (SELECT current_setting('app.counties', true) = '*')"
)


def within(
    caller: Caller,
    permission: str,
    *,
    county: Any = None,
    institution: Any = None,
    objects: Mapping[str, ColumnElement[Any]] | None = None,
) -> ColumnElement[bool]:
    """The condition for rows in the permission's reach, by their owners' columns.

    A reach whose column is missing has no rows. `objects` are the columns to which
    relations lead, by kind.
    """
    conditions = [
        _rows_in(caller, reach, county, institution)
        for reach in caller.reaches(permission)
    ]
    if not conditions:
        return false()
    kinds = caller.relations.get(permission, frozenset())
    leading = related(kinds, objects or {}, holders_of(caller))
    # Every reach has to hold (docs/decisions/0013-scopes-narrow-roles.md).
    return or_(and_(*conditions), *leading)


def _rows_in(
    caller: Caller, reach: Reach, county: Any, institution: Any
) -> ColumnElement[bool]:
    if reach == Reach.EVERYWHERE:
        return true()
    if reach == Reach.OWN_COUNTIES and county is not None:
        counties = bindparam(
            "own_counties", sorted(caller.counties), ARRAY(Text), unique=True
        )
        is_own_county: ColumnElement[bool] = county == any_(counties)
        return is_own_county
    if (
        reach == Reach.OWN_INSTITUTION
        and institution is not None
        and caller.institution_id is not None
    ):
        is_own_institution: ColumnElement[bool] = institution == caller.institution_id
        return is_own_institution
    return false()


class RowScope(NamedTuple):
    """The reach of a permission without values: callers of one shape share statements.

    `counties`: None (all), "none", "one" or "several".
    """

    counties: str | None
    of_institution: bool
    kinds: tuple[str, ...] = ()
    """Kinds of relation that lead to more rows."""


def row_scope_of(caller: Caller, permission: str) -> RowScope:
    """The shape of a permission's reach; `reach_values` gives its values."""
    limits = caller.reaches(permission)
    if not limits:
        return RowScope("none", of_institution=False)
    counties = None
    if Reach.OWN_COUNTIES in limits:
        counties = {0: "none", 1: "one"}.get(len(caller.counties), "several")
    # Relations alone lead to rows; counties do not.
    if Reach.RELATED in limits:
        counties = "none"
    kinds = tuple(sorted(caller.relations.get(permission, ())))
    return RowScope(counties, Reach.OWN_INSTITUTION in limits, kinds)


def reach_values(caller: Caller, scope: RowScope) -> dict[str, Any]:
    """The values of the parameters in `within_scope`."""
    values: dict[str, Any] = {}
    if scope.counties == "one":
        [values["own_county"]] = caller.counties
    elif scope.counties == "several":
        values["own_counties"] = sorted(caller.counties)
    if scope.of_institution:
        values["own_institution"] = caller.institution_id
    if scope.kinds:
        values["own_holders"] = holders_of(caller)
    return values


CountyUse = Literal["way", "perhaps", "check"]
"""How the planner may use an equality with one county: as the way to the rows, as one
of several ways, or only as a check of rows that another condition leads to.
"""


def within_scope(
    scope: RowScope,
    county: ColumnElement[Any] | None,
    institution: ColumnElement[Any] | None,
    objects: Mapping[str, ColumnElement[Any]] | None = None,
    use: CountyUse = "perhaps",
) -> list[ColumnElement[bool]]:
    """The conditions for rows in such a scope; one county is an equality, for an index.

    If the caller has no institution, the value is NULL and equals none.
    """
    conditions: list[ColumnElement[bool]] = []
    if scope.counties is not None and (scope.counties == "none" or county is None):
        conditions.append(false())
    elif county is None:
        conditions.append(true())
    elif scope.counties == "one":
        own_county = bindparam("own_county", type_=Text, required=False)
        conditions.append(equal(county, own_county, use))
    elif scope.counties == "several":
        counties = bindparam("own_counties", type_=ARRAY(Text), required=False)
        conditions.append(county == any_(counties))
    if scope.of_institution:
        own = bindparam("own_institution", type_=Uuid, required=False)
        conditions.append(false() if institution is None else institution == own)
    leading = related(scope.kinds, objects or {})
    # Without a county only the relations count: an index leads to their rows.
    if leading and scope.counties == "none":
        return [or_(*leading)]
    return [or_(and_(*conditions), *leading)] if leading else conditions


def equal(
    column: ColumnElement[Any], value: ColumnElement[Any], use: CountyUse
) -> ColumnElement[bool]:
    """An equality whose value the planner may, shall or must not use as the way."""
    if use == "way":
        # Selected: with a bare parameter every query would be planned anew, because
        # counties differ in size, although the index is the right way for each.
        return column == select(value).scalar_subquery()
    is_equal: ColumnElement[bool] = column == value
    # No index serves this form: the planner would expect the few rows of an average
    # county, and read all entries of a large one, where another condition leads to few.
    return is_equal.is_(True) if use == "check" else is_equal


def reaches(
    caller: Caller,
    permission: str,
    *,
    county: str | None = None,
    institution: UUID | None = None,
) -> bool:
    """Whether the permission covers an object of this county and institution."""
    answers = [
        _is_in(caller, reach, county, institution)
        for reach in caller.reaches(permission)
    ]
    # `all` of nothing would be true.
    return bool(answers) and all(answers)


def _is_in(
    caller: Caller, reach: Reach, county: str | None, institution: UUID | None
) -> bool:
    if reach == Reach.OWN_COUNTIES:
        return county is not None and county in caller.counties
    if reach == Reach.OWN_INSTITUTION:
        return institution is not None and institution == caller.institution_id
    return reach == Reach.EVERYWHERE


def own_counties(caller: Caller, permission: str) -> list[str] | None:
    """The counties to which the permission is limited; None without a limit.

    A permission for the own institution has no list of counties: the list is empty.
    """
    reach = caller.reach(permission)
    if reach == Reach.EVERYWHERE:
        return None
    return sorted(caller.counties) if reach == Reach.OWN_COUNTIES else []


def demand(
    caller: Caller,
    permission: str,
    *,
    county: str | None = None,
    institution: UUID | None = None,
) -> None:
    """OutsideScope, naming the missing relation, unless the permission covers this.

    For an object that the caller may see; others are NotFound by `within`.
    """
    if not reaches(caller, permission, county=county, institution=institution):
        missing = [
            reach
            for reach in caller.reaches(permission)
            if not _is_in(caller, reach, county, institution)
        ]
        relation = (
            "own_institution" if Reach.OWN_INSTITUTION in missing else "own_county"
        )
        raise OutsideScope(permission=str(permission), relation=relation)


def row_scope(caller: Caller) -> tuple[str, str, str]:
    """The settings `app.counties`, `app.institution`, `app.subject` of this caller."""
    # The subject only where a relation counts: callers of one county then share a
    # connection without setting it anew.
    counties = "*" if "*" in caller.counties else ",".join(sorted(caller.counties))
    subject = caller.subject if caller.relations else ""
    return counties, str(caller.institution_id or ""), subject


def row_level_security(
    table: str, objects: Mapping[str, str] | None = None
) -> list[str]:
    """The statements that lock a table's rows by `county_terc`, for a migration.

    `objects`: by kind of relation the column that leads to rows of other counties.
    """
    rule = OWN_COUNTIES
    if objects:
        rule += f" OR {policy_of(table.split('.', maxsplit=1)[0], objects)}"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        # Otherwise the table's owner, who migrates, would bypass the policy.
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_counties ON {table} USING ({rule}) WITH CHECK ({rule})",
    ]


def relations_security(schema: str) -> list[str]:
    """The same for relations: visible are the own counties' and the caller's own."""
    table = f"{schema}.relations"
    # Seeing one's own relation gives no right to create another.
    rule = f"{OWN_COUNTIES} OR ({OWN_RELATIONS})"
    return [
        f"ALTER TABLE {table} ENABLE ROW LEVEL SECURITY",
        f"ALTER TABLE {table} FORCE ROW LEVEL SECURITY",
        f"CREATE POLICY own_counties ON {table} USING ({rule}) WITH CHECK ({OWN_COUNTIES})",
    ]
