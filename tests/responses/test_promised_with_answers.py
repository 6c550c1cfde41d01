"""Drafts of commitments go out with the answers with which they are promised, if somebody wants that."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any

from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.responses import queries
from engage.responses.service.commitment import CommitmentDraft, create_commitment, delete_commitment, mark_of
from tests.responses.answering import COST, OFFICE, save
from tests.support import makers
from tests.support.pages import Client, page


def test_what_is_promised_with_the_answers_goes_out_with_them_where_it_is_complete(
    client: Client, sign_in: Callable[..., Client], session: Session
) -> None:
    official, period = sign_in(RoleName.OFFICIAL), makers.comment_period(session)
    today = queries.today_of(period, utcnow())
    answer = save(session, period, COST, today=today)
    fields: dict[str, Any] = {
        "body": Localised("By district.", "Por distrito."),
        "owner": OFFICE,
        "response": answer,
    }
    for title, more in (
        ("Count calls", {"due_on": today}),
        ("Train all", {"due_on": today}),
        ("Buy a van", {"owner": Localised("Sheriff")}),
        ("Long ago", {"due_on": today - timedelta(1)}),
    ):
        draft = CommitmentDraft(title=Localised(title, f"{title} (es)"), **fields | more)
        create_commitment(session, period.docket, draft)
    session.commit()
    path = f"/en/staff/periods/{period.slug}/publish-answers"

    read = page(official.get(path))
    boxes = [box for box in read.all(".//input") if box.get("name") == "commitment"]
    assert len(boxes) == 2
    assert all("checked" in box.attrib for box in boxes)
    assert "Before it can be published it still needs: Who keeps it, in Spanish The day for" in read.text()
    assert "The day for which it is promised is over." in read.text()
    foreign = {"commitment": [boxes[0].get("value"), "99999999", "x"]}
    changed = create_commitment(
        session, period.docket, CommitmentDraft(title=Localised("More"), response=answer)
    )
    session.commit()
    assert official.post(path, data=read.fields() | foreign).status_code == 409
    delete_commitment(session, changed, seen=mark_of(changed))
    session.commit()
    assert official.post(path, data=read.fields() | foreign).status_code == 303

    told = page(client.get(f"/en/periods/{period.slug}/answers")).text()
    assert "Count calls" in told
    assert not [title for title in ("Train all", "Buy a van", "Long ago") if title in told]
