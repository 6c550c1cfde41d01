"""A register of more bodies than a page has room for, for residents and for those who keep it."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.dockets.models import Docket
from engage.lifecycle import queries
from engage.web.paging import PAGE_SIZE
from tests.lifecycle import rows
from tests.support.pages import Client, page

REGISTER = "/en/staff/dockets/agreement/stakeholders"
PHASE = "/en/dockets/agreement/phases/engage_stakeholders"
NAMES = [f"Body {number:03}" for number in range(PAGE_SIZE + 2)]


@pytest.fixture
def docket(session: Session) -> Docket:
    """A docket of whose register nobody has been asked yet."""
    row = rows.docket(session)
    for name in NAMES:
        rows.body(session, row, name)
    session.commit()
    return row


def named(text: str) -> list[str]:
    """The bodies that a text names, each once."""
    return [name for name in NAMES if name in text]


def test_residents_read_it_page_by_page(docket: Docket, client: Client) -> None:
    first, second = page(client.get(PHASE)), page(client.get(f"{PHASE}?page=2"))

    assert named(first.text()) == NAMES[:PAGE_SIZE]
    assert "2 more bodies have not answered: see the register." in first.text()
    assert named(second.text(".//section[h2='The register']")) == NAMES[PAGE_SIZE:]


def test_a_body_that_is_moved_is_shown_where_it_stands_now(
    session: Session, docket: Docket, sign_in: Callable[..., Client]
) -> None:
    clerk = sign_in(RoleName.CLERK)
    last = queries.bodies(session, docket)[-1]

    assert named(page(clerk.get(REGISTER)).text()) == NAMES[:PAGE_SIZE]
    token = clerk.csrf_token()
    answer = clerk.post(f"{REGISTER}/{last.id}/move", data={"csrf_token": token, "to": "up"})

    assert answer.location.endswith(f"{REGISTER}?page=2#body-{last.id}")
    assert named(page(clerk.get(answer.location)).text()) == NAMES[PAGE_SIZE:]
