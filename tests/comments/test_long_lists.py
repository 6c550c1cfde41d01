"""More periods and dockets than a page has room for: what is open stands on each page, the rest by turns."""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.web.paging import PAGE_SIZE
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, page

CLOSED = [f"Closed {number:03}" for number in range(PAGE_SIZE + 2)]


@pytest.fixture
def periods(session: Session) -> None:
    """One open period, and many that have closed, each on a docket of its own."""
    now = utcnow()
    makers.comment_period(session, title=both("Still open"), closes_at=now + timedelta(days=9))
    for days, title in enumerate(CLOSED, 1):
        makers.comment_period(
            session,
            docket=makers.docket(session, title=both(f"Docket of {title}")),
            title=both(title),
            opens_at=now - timedelta(days=days + 1),
            closes_at=now - timedelta(days=days),
        )
    session.commit()


def named(client: Client, address: str, form: str = "{}") -> list[str]:
    """The closed ones that a page names."""
    text = page(client.get(address)).text()
    return [title for title in CLOSED if form.format(title) in text]


def test_residents_find_what_is_open_on_each_page(periods: None, client: Client) -> None:
    first, second = (named(client, f"/en/periods?page={number}") for number in (1, 2))

    assert (len(first), sorted(first + second)) == (PAGE_SIZE, CLOSED)
    assert "Still open" in page(client.get("/en/periods?page=2")).text()


@pytest.mark.parametrize(("address", "form"), [("periods", "{}"), ("dockets", "Docket of {}")])
def test_clerks_find_all_page_by_page(
    periods: None, sign_in: Callable[..., Client], address: str, form: str
) -> None:
    clerk = sign_in(RoleName.CLERK)

    pages = [named(clerk, f"/en/staff/{address}?page={number}", form) for number in (1, 2)]

    assert sorted(pages[0] + pages[1]) == CLOSED
    assert all(pages)
