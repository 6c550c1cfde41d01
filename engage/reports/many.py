"""Find and write many rows at once, on each database in the way that is quickest there.

PostgreSQL gets one parameter however many rows there are: with one for each value, or a statement for each
row, most of the time goes to reading statements. SQLite has no way to go, and keeps what it has prepared.
"""

from __future__ import annotations

import json
from collections.abc import Collection, Mapping, Sequence
from typing import Any, cast

import sqlalchemy as sa
from sqlalchemy.dialects import postgresql, sqlite
from sqlalchemy.orm import InstrumentedAttribute, Session

from engage.db.base import Base

_ROWS = "rows"


def among(
    session: Session, column: InstrumentedAttribute[Any], values: Collection[Any]
) -> sa.ColumnElement[bool]:
    """That a column has one of these values."""
    if not _is_postgresql(session):
        return column.in_(values)
    return column == sa.any_(sa.literal(list(values), postgresql.ARRAY(column.type)))


def rows_of(
    session: Session,
    columns: Sequence[InstrumentedAttribute[Any]],
    same: Sequence[sa.ColumnElement[bool]],
    key: InstrumentedAttribute[Any],
    values: Collection[Any],
) -> sa.Result[*tuple[Any, ...]]:
    """The key and these columns of each row with one of the values, among those that are the ``same``, of
    which none has the key of another.

    Each is looked up by itself, whatever PostgreSQL thinks of how many there are: a table that grows fast has
    no true statistics, and to go through all rows that are the same costs more with each.
    """
    if not _is_postgresql(session):
        return session.execute(sa.select(key, *columns).where(*same, key.in_(values)))
    asked = sa.func.unnest(sa.literal(list(values), postgresql.ARRAY(key.type)))
    each = asked.table_valued(sa.column("key", key.type)).render_derived()
    found = sa.select(*columns).where(*same, key == each.c.key).limit(1).lateral()
    return session.execute(sa.select(each.c.key, *found.c).select_from(each.join(found, sa.true())))


def put(
    session: Session, table: type[Base], rows: Sequence[Mapping[str, Any]], *, add: Collection[str] = ()
) -> None:
    """Write these rows in place of those with the same primary key; to the columns of ``add`` it is added.

    All rows have the same columns, and no two the same key.
    """
    if not rows:
        return
    into = cast("sa.Table", table.__table__)
    names = list(rows[0])
    statement: Any
    values: Any
    if _is_postgresql(session):
        statement = postgresql.insert(into).from_select(names, _from_json(into, names))
        values = {_ROWS: json.dumps(rows, default=str)}
    else:
        statement, values = sqlite.insert(into), rows
    keys = [column.name for column in into.primary_key]
    new = {name: statement.excluded[name] for name in names if name not in keys}
    new |= {name: into.c[name] + statement.excluded[name] for name in add}
    session.connection().execute(statement.on_conflict_do_update(index_elements=keys, set_=new), values)


def _from_json(table: sa.Table, names: Sequence[str]) -> sa.Select[*tuple[Any, ...]]:
    told = sa.cast(sa.bindparam(_ROWS, type_=sa.Text), postgresql.JSON)
    columns = [sa.column(name, table.c[name].type) for name in names]
    rows = sa.func.json_to_recordset(told).table_valued(*columns).render_derived(with_types=True)
    return sa.select(*(rows.c[name] for name in names))


def _is_postgresql(session: Session) -> bool:
    return session.get_bind().dialect.name == "postgresql"
