"""How far a statement would reach on Citus: one county, some, one thing by its id, or every shard.

Equality is followed: a county of one table is also the county of the tables joined with it by the county.
A subquery is assumed to pass on the county of its tables; so the verdict may be too lenient, never too strict.
"""

from collections.abc import Iterator
from enum import IntEnum
from typing import NamedTuple

import sqlglot
from sqlglot import exp

from tools.sharding.placements import DISTRIBUTED, KEY


class Reach(IntEnum):
    """The shards that a statement is sent to, the fewest first."""

    NONE = 0
    ONE_COUNTY = 1
    SOME_COUNTIES = 2
    BY_ID = 3
    EVERY_SHARD = 4


class Verdict(NamedTuple):
    """The reach of a statement, and its distributed tables."""

    reach: Reach
    tables: tuple[str, ...]
    joined_apart: bool = False
    """Distributed tables are joined, and not by the county: Citus refuses it, or moves rows."""
    moves: bool = False
    """A row gets another county: Citus refuses it, the row would have to be deleted and inserted again."""


Node = tuple[int, str]
_SCOPES = (exp.Select, exp.Update, exp.Delete, exp.Insert, exp.Merge)
# Columns that identify one row, account or merged record, beside all that end with `_id`.
_IDS = frozenset({"id", "subject", "subject_ref", "merged_into"})
_DEMANDING = (exp.Where, exp.Join, exp.Having)
_PASSED = (exp.And, exp.Paren, *_DEMANDING)


class _Judge:
    def __init__(self, tree: exp.Expr, distributed: frozenset[str]) -> None:
        self._distributed = distributed
        self._parents: dict[Node, Node] = {}
        self.reached: dict[Node, Reach] = {}
        self.tables: dict[Node, str] = {}
        self._names: dict[int, set[str]] = {}
        self._defined = {cte.alias: cte for cte in tree.find_all(exp.CTE)}
        self._tree = tree
        self._collect()
        self._compare()

    def _collect(self) -> None:
        for table in self._tree.find_all(exp.Table):
            scope = _scope_of(table)
            if scope is None:
                continue
            alias = table.alias_or_name
            node = (id(scope), alias)
            self._names.setdefault(id(scope), set()).add(alias)
            if table.name in self._defined and not table.db:
                self._joins_all(node, self._defined[table.name])
            elif table.name in self._distributed:
                self.tables[node] = table.name
        for subquery in self._tree.find_all(exp.Subquery):
            scope = _scope_of(subquery)
            if scope is not None and subquery.alias:
                self._names.setdefault(id(scope), set()).add(subquery.alias)
                self._joins_all((id(scope), subquery.alias), subquery)

    def _joins_all(self, node: Node, within: exp.Expr) -> None:
        for table in within.find_all(exp.Table):
            scope = _scope_of(table)
            if scope is not None and table.name in self._distributed:
                self._unite(node, (id(scope), table.alias_or_name))

    def _compare(self) -> None:
        for comparison in self._tree.find_all(exp.EQ, exp.In, exp.Is):
            if not _is_conjunct(comparison):
                continue
            left, right = comparison.this, comparison.args.get("expression")
            for column, other in ((left, right), (right, left)):
                if isinstance(column, exp.Column):
                    self._compare_column(column, other, comparison)
        for insert in self._tree.find_all(exp.Insert):
            self._take_insert(insert)

    def _compare_column(self, column: exp.Column, other: exp.Expr | None, comparison: exp.Expr) -> None:
        node = self._node_of(column)
        if node is None:
            return
        if isinstance(other, exp.Column):
            other_node = self._node_of(other)
            if other_node is not None and column.name == other.name == KEY:
                self._unite(node, other_node)
            elif column.name.endswith("id") and other.name.endswith("id"):
                self._mark(node, Reach.BY_ID, weak=True)
            return
        many = isinstance(comparison, exp.In) or isinstance(other, exp.Any)
        if column.name == KEY:
            self._mark(node, Reach.SOME_COUNTIES if many else Reach.ONE_COUNTY)
        elif column.name in _IDS or column.name.endswith("_id"):
            self._mark(node, Reach.BY_ID)

    def _take_insert(self, insert: exp.Insert) -> None:
        schema = insert.this
        table = schema.this if isinstance(schema, exp.Schema) else schema
        columns = {column.name for column in schema.expressions} if isinstance(schema, exp.Schema) else set()
        node = (id(insert), table.alias_or_name)
        if node in self.tables and KEY in columns:
            self._mark(node, Reach.ONE_COUNTY)

    def _node_of(self, column: exp.Column) -> Node | None:
        scope = _scope_of(column)
        while scope is not None:
            names = self._names.get(id(scope), set())
            if column.table in names:
                return (id(scope), column.table)
            if not column.table:
                candidates = [name for name in names if (id(scope), name) in self.tables] or sorted(names)
                return (id(scope), candidates[0]) if candidates else None
            scope = _scope_of(scope)
        return None

    def _root(self, node: Node) -> Node:
        while self._parents.get(node, node) != node:
            node = self._parents[node]
        return node

    def _unite(self, node: Node, other: Node) -> None:
        self._parents[self._root(node)] = self._root(other)

    def _mark(self, node: Node, reach: Reach, *, weak: bool = False) -> None:
        if not weak or node not in self.reached:
            self.reached[node] = min(reach, self.reached.get(node, reach))

    def verdict(self) -> Verdict:
        """The verdict on the whole statement: the widest reach of its tables."""
        by_county: dict[Node, Reach] = {}
        for node, reach in self.reached.items():
            if reach <= Reach.SOME_COUNTIES:
                root = self._root(node)
                by_county[root] = min(reach, by_county.get(root, reach))
        reaches = {}
        for node in self.tables:
            reaches[node] = by_county.get(self._root(node), self.reached.get(node, Reach.EVERY_SHARD))
        if not reaches:
            return Verdict(Reach.NONE, ())
        tables = tuple(sorted(set(self.tables.values())))
        return Verdict(max(reaches.values()), tables, self._is_apart(reaches), self._moves())

    def _moves(self) -> bool:
        return any(
            assignment.this.name == KEY
            for update in self._tree.find_all(exp.Update)
            if (id(update), update.this.alias_or_name) in self.tables
            for assignment in update.expressions
            if isinstance(assignment, exp.EQ)
        )

    def _is_apart(self, reaches: dict[Node, Reach]) -> bool:
        """Whether two tables of a statement are not joined by the county."""
        free = {self._root(node) for node, reach in reaches.items() if reach != Reach.ONE_COUNTY}
        keyed = any(reach == Reach.ONE_COUNTY for reach in reaches.values())
        return len(free) + keyed > 1


def _scope_of(node: exp.Expr) -> exp.Expr | None:
    parent = node.parent
    while parent is not None and not isinstance(parent, _SCOPES):
        parent = parent.parent
    return parent


def _is_conjunct(node: exp.Expr) -> bool:
    """Whether a condition must be true for every row of the result."""
    parent, is_demanded = node.parent, False
    while parent is not None and not isinstance(parent, _SCOPES):
        if not isinstance(parent, _PASSED):
            return False
        is_demanded = is_demanded or isinstance(parent, _DEMANDING)
        parent = parent.parent
    return is_demanded


def judge(service: str, statement: str) -> Verdict:
    """The verdict on a statement of a service."""
    if service not in DISTRIBUTED:
        return Verdict(Reach.NONE, ())
    verdicts = [_Judge(tree, DISTRIBUTED[service]).verdict() for tree in _trees(statement)]
    return max(verdicts, key=lambda verdict: verdict.reach, default=Verdict(Reach.NONE, ()))


def _trees(statement: str) -> Iterator[exp.Expr]:
    for tree in sqlglot.parse(statement, read="postgres"):
        if tree is not None:
            yield tree
