"""A file that is sent in pieces leaves no transaction open: the database must be able to forget meanwhile."""

from __future__ import annotations

import gc
from typing import Any, cast

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.clock import utcnow
from engage.db.session import db
from engage.jobs.models import ScrubRequest
from engage.jobs.scrub import scrub_due
from engage.receipts.service import manifest_due
from tests.receipts.receiving import receive_many, sealed
from tests.support import makers
from tests.support.pages import Client

STREAMS = ("/en/moderation.csv", "/en/log/entries.json", "/en/log/openings.json", "/en/log/manifests/1.json")


@pytest.mark.parametrize("address", STREAMS)
def test_no_connection_is_out_after_a_file_was_sent(
    app: Flask, session: Session, client: Client, address: str
) -> None:
    period = makers.comment_period(session)
    receive_many(session, 3, period)
    sealed(session)
    period.closes_at = utcnow()
    session.add(ScrubRequest())
    session.commit()
    session.close()
    with app.app_context():
        manifest_due()
        gc.collect()
        gc.disable()
        try:
            answer = client.get(address)
            out = cast("sa.QueuePool", cast("Any", db.engine).pool).checkedout()
        finally:
            gc.enable()
        assert answer.status_code == 200
        assert answer.data
        assert out == 0
        assert scrub_due() == 1
