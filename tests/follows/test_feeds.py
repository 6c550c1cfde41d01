"""Feeds: valid Atom with ids that stay, only what everybody may see, and 304 for who has it (case 29)."""

from __future__ import annotations

from datetime import date, timedelta
from typing import Any
from xml.etree.ElementTree import fromstring, register_namespace

import feedparser
import pytest
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.clock import utcnow
from engage.comments.models import CommentPeriod, Disposition, ModerationReason
from engage.db.types import Localised
from engage.dockets.service import post_update
from engage.follows.feeds import ATOM
from tests.support import makers
from tests.support.pages import Client, page

DAY = timedelta(days=1)


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """An open period with comments of two days."""
    period = makers.comment_period(
        session, slug="jail", title=Localised(en="Jail & <b>deputies</b>", es="Cárcel y agentes")
    )
    for day, number in ((date(2026, 10, 3), 3), (date(2026, 10, 5), 1)):
        for _number in range(number):
            makers.comment(session, period, received_on=day, body="Marked words.")
    makers.comment(session, period, received_on=date(2026, 10, 4), disposition=Disposition.RECEIVED)
    makers.comment(
        session,
        period,
        received_on=date(2026, 10, 4),
        disposition=Disposition.RESTRICTED,
        restriction_reason=ModerationReason.SPAM,
    )
    session.commit()
    return period


def read(answer: TestResponse) -> Any:
    """A feed as a reader understands it, refused where it is not well formed or lacks what Atom demands."""
    assert answer.status_code == 200
    assert answer.mimetype == "application/atom+xml"
    found = feedparser.parse(answer.get_data(), response_headers={"content-type": answer.content_type})
    assert not found.bozo, found.bozo_exception
    assert found.version == "atom10"
    root = fromstring(answer.get_data())  # noqa: S314 - of our own making.
    for element in (root, *root.findall(f"{{{ATOM}}}entry")):
        for needed in ("id", "title", "updated"):
            assert len(element.findall(f"{{{ATOM}}}{needed}")) == 1
    assert root.findall(f"{{{ATOM}}}author")
    ids = [entry.id for entry in found.entries]
    assert len(set(ids)) == len(ids)
    return found


def test_the_feed_of_a_period_tells_its_changes_and_its_comments_by_day(
    client: Client, period: CommentPeriod
) -> None:
    answer = client.get("/feeds/periods/jail.atom")
    found = read(answer)

    assert "<title>Jail &amp; &lt;b&gt;deputies&lt;/b&gt;</title>" in answer.get_data(as_text=True)
    assert found.feed.link == "http://localhost/en/periods/jail"
    said = {entry.title: entry for entry in found.entries}
    assert said["Comments of October 3, 2026"].summary.startswith("3 comments")
    assert said["Comments of October 5, 2026"].summary.startswith("1 comment ")
    assert "Comments of October 4, 2026" not in said
    assert "Marked words" not in answer.get_data(as_text=True)
    way = said["Comments of October 3, 2026"].link.removeprefix("http://localhost")
    assert "3" in page(client.get(way)).text()
    assert any("is open" in entry.summary for entry in found.entries)


def test_other_libraries_names_for_namespaces_change_nothing(client: Client, period: CommentPeriod) -> None:
    # What opens a workbook registers prefixes, for the whole process.
    register_namespace("", "http://example.org/of-another-library")

    assert "<title>" in client.get("/feeds/periods/jail.atom").get_data(as_text=True)


def test_the_language_is_asked_for(client: Client, period: CommentPeriod) -> None:
    spanish = read(client.get("/feeds/periods/jail.atom?language=es"))
    english = read(client.get("/feeds/periods/jail.atom?language=xx", headers={"Accept-Language": "es"}))

    assert spanish.feed.title == "Cárcel y agentes"
    assert spanish.feed.language == "es"
    assert spanish.feed.link == "http://localhost/es/periods/jail"
    assert english.feed.language == "en"
    assert {entry.id for entry in spanish.entries}.isdisjoint(entry.id for entry in english.entries)


def test_ids_stay_when_words_change(client: Client, session: Session, period: CommentPeriod) -> None:
    before = read(client.get("/feeds/periods/jail.atom"))
    period.title = Localised(en="Another title", es="Otro título")
    session.commit()
    after = read(client.get("/feeds/periods/jail.atom"))

    assert [entry.id for entry in after.entries] == [entry.id for entry in before.entries]
    assert after.feed.id == before.feed.id
    assert after.feed.title == "Another title"


def test_the_feed_of_a_docket_tells_its_news_and_those_of_its_periods(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    docket = period.docket
    for title, ago in (("Now", DAY), ("Later", -DAY)):
        post_update(
            session,
            docket,
            title=makers.both(title),
            body=makers.both("…"),
            published_at=utcnow() - ago,
        )
    session.commit()

    found = read(client.get(f"/feeds/dockets/{docket.slug}.atom"))

    said = " ".join(entry.summary for entry in found.entries)
    assert "update: Now" in said
    assert "is open" in said
    assert "Later" not in said


def test_the_feed_of_all_periods_leaves_drafts_out(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    makers.comment_period(session, title=makers.both("Draft"), published_at=None)
    hidden = makers.docket(session, published_at=None)
    makers.comment_period(session, title=makers.both("Hidden"), docket=hidden)
    session.commit()

    found = read(client.get("/feeds/periods.atom"))

    assert {entry.title for entry in found.entries} == {found.entries[0].title}
    for word in ("Draft", "Hidden"):
        assert word not in str(found)


def test_what_is_not_public_has_no_feed(client: Client, session: Session) -> None:
    draft = makers.comment_period(session, published_at=None)
    docket = makers.docket(session, published_at=None)
    session.commit()

    for url in (f"/feeds/periods/{draft.slug}.atom", f"/feeds/dockets/{docket.slug}.atom", "/feeds/x.atom"):
        assert client.get(url).status_code == 404
        assert client.get(url, headers={"If-None-Match": "*"}).status_code == 404


def test_who_has_it_already_is_told_so(client: Client, session: Session, period: CommentPeriod) -> None:
    first = client.get("/feeds/periods/jail.atom")
    assert first.headers["Cache-Control"] == "public, max-age=300"

    by_tag = client.get("/feeds/periods/jail.atom", headers={"If-None-Match": first.headers["ETag"]})
    by_time = client.get(
        "/feeds/periods/jail.atom", headers={"If-Modified-Since": first.headers["Last-Modified"]}
    )
    makers.comment(session, period, received_on=date(2026, 10, 3))
    session.commit()
    changed = client.get("/feeds/periods/jail.atom", headers={"If-None-Match": first.headers["ETag"]})

    assert (by_tag.status_code, by_tag.get_data()) == (304, b"")
    assert by_time.status_code == 304
    assert changed.status_code == 200


def test_pages_name_their_feed_in_the_head(client: Client, period: CommentPeriod) -> None:
    for url, feed in (
        ("/es/periods/jail", "/feeds/periods/jail.atom?language=es"),
        (f"/es/dockets/{period.docket.slug}", f"/feeds/dockets/{period.docket.slug}.atom?language=es"),
        ("/es/periods", "/feeds/periods.atom?language=es"),
    ):
        (link,) = page(client.get(url)).all(".//head/link[@rel='alternate']")
        assert (link.get("href"), link.get("type")) == (feed, "application/atom+xml")
        assert client.get(feed).status_code == 200
