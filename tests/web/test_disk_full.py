"""A disk without room (case 68): a clear answer, the text kept, pages to read, and all well afterwards."""

from __future__ import annotations

import sqlite3
from contextlib import closing
from typing import Any

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.comments.models import Comment
from engage.db.session import db
from tests.support import makers
from tests.support.pages import Client, page

TEXT = "A long comment about the jail. " * 150


def test_a_comment_comes_back_and_is_taken_once_there_is_room(
    app: Flask, session: Session, client: Client
) -> None:
    if db.engine.dialect.name != "sqlite":
        pytest.skip("the limit on the size of a file is SQLite's")
    period = makers.comment_period(session)
    session.commit()
    session.close()
    form = f"/en/periods/{period.slug}/comment"
    fields = page(client.get(form)).fields() | {"body": TEXT}
    engine = db.engine

    def leave_no_room(connection: Any, _record: Any) -> None:
        (pages,) = connection.execute("PRAGMA page_count").fetchone()
        connection.execute(f"PRAGMA max_page_count={pages}")

    sa.event.listen(engine, "connect", leave_no_room)
    engine.dispose()
    # What earlier tests deleted left room inside the file.
    with closing(sqlite3.connect(engine.url.database or "")) as connection:
        connection.execute("VACUUM")
    try:
        refused = client.post(form, data=fields)
        readable = client.get(f"/en/periods/{period.slug}")
    finally:
        sa.event.remove(engine, "connect", leave_no_room)
        engine.dispose()

    assert (refused.status_code, readable.status_code) == (503, 200)
    assert refused.headers["Retry-After"]
    assert TEXT.strip() in refused.get_data(as_text=True)
    assert client.post(form, data=fields).status_code == 303
    assert session.scalars(sa.select(Comment.body)).all() == [TEXT.strip()]
