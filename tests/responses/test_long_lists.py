"""Lists longer than a page: everything is on one of them, and a link opens the one that it is about."""

from __future__ import annotations

import re
from collections.abc import Callable
from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.dockets.models import Docket
from engage.responses.models import Commitment, Question
from engage.web.locale import site_day
from engage.web.paging import PAGE_SIZE
from tests.responses.answering import OFFICE
from tests.support import makers
from tests.support.makers import both
from tests.support.pages import Client, Page, page

MANY = PAGE_SIZE + 7
OTHER = Localised("Clerk", "Secretaría")


@pytest.fixture
def docket(session: Session) -> Docket:
    """A docket with more promises and questions than a page has; the later ones are due earlier."""
    now = utcnow()
    made = makers.docket(session, published_at=now - timedelta(days=9))
    for number in range(MANY):
        due_on = site_day(now) + timedelta(days=100 - number)
        owner = OFFICE if number else OTHER
        at = now - timedelta(days=2)
        session.add(
            Commitment(
                docket=made, title=both(f"Promise {number}."), body=both("All."), owner=owner, due_on=due_on,
                published_at=at,
            )
        )  # fmt: skip
        session.add(
            Question(
                docket=made, text=both(f"Who {number}?"), owner=owner, due_on=due_on, first_due_on=due_on,
                answer=Localised(), source=Localised(), asked_at=at,
            )
        )  # fmt: skip
    session.commit()
    return made


def listed(told: Page) -> list[int]:
    """The numbers of the promises or questions that a page names, in its order."""
    return [int(number) for number in re.findall(r"(?:Promise|Who) (\d+)[.?]", told.text())]


@pytest.mark.parametrize("what", ["commitments", "questions"])
def test_everything_is_on_a_page_those_due_first_come_first(
    sign_in: Callable[..., Client], docket: Docket, what: str
) -> None:
    official = sign_in(RoleName.OFFICIAL)
    expected = list(range(MANY - 1, -1, -1))

    for url in (f"/en/dockets/{docket.slug}/{what}", f"/en/staff/dockets/{docket.slug}/{what}"):
        first, second, beyond = (page(official.get(f"{url}?page={number}")) for number in (1, 2, 9))
        assert listed(first) == expected[:PAGE_SIZE], url
        assert listed(second) == listed(beyond) == expected[PAGE_SIZE:], url
        assert any("page=2" in link for link in first.links().values())


@pytest.mark.parametrize(("what", "model"), [("commitments", Commitment), ("questions", Question)])
def test_a_link_opens_the_page_on_which_something_stands(
    client: Client, session: Session, docket: Docket, what: str, model: type[Commitment | Question]
) -> None:
    last = session.scalars(sa.select(sa.func.min(model.id))).one()
    url = f"/en/dockets/{docket.slug}/{what}"

    assert 0 in listed(page(client.get(f"{url}?at={last}")))
    assert listed(page(client.get(f"{url}?at=nothing"))) == listed(page(client.get(url)))


def test_a_filter_goes_on_to_the_next_page(client: Client, docket: Docket) -> None:
    url = f"/en/dockets/{docket.slug}/commitments"

    mine = page(client.get(f"{url}?owner={OFFICE.en}"))

    following = next(link for link in mine.links().values() if "page=2" in link)
    assert listed(mine) + listed(page(client.get(following))) == list(range(MANY - 1, 0, -1))
    assert listed(page(client.get(f"{url}?owner={OTHER.en}"))) == [0]


def test_where_the_staff_begin_only_the_first_of_what_is_due_is_named(
    session: Session, sign_in: Callable[..., Client], docket: Docket
) -> None:
    for row in session.query(Commitment):
        row.due_on = site_day(utcnow()) - timedelta(days=1 + row.id)
    session.commit()
    official = sign_in(RoleName.OFFICIAL)

    begin = page(official.get("/en/staff"))
    everything = page(official.get(begin.links()[f"All {MANY} that are due"]))

    assert len(listed(begin)) == 10
    assert len(listed(everything)) == PAGE_SIZE
