"""Files that are sent piece by piece, however long they are, from a session that is closed at their end."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import AnyStr

from flask import Response, stream_with_context
from sqlalchemy.orm import Session

from engage.db.session import db


def streamed(
    pieces: Callable[[Session], Iterator[AnyStr]],
    *,
    mimetype: str,
    name: str,
) -> Response:
    """An attachment called ``name`` whose pieces are read from a session of its own.

    The request's session is put away before the last piece is sent: a generator that used it would open a
    transaction that nobody ends, and the database could not forget what is erased meanwhile.
    """

    def from_own_session() -> Iterator[AnyStr]:
        with db.sessionmaker() as session:
            yield from pieces(session)

    answer = Response(stream_with_context(from_own_session()), mimetype=mimetype)
    answer.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    return answer
