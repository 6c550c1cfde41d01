"""Readers say whether a published summary is fair: numbers for everybody, and nothing of anybody."""

from __future__ import annotations

from collections.abc import Callable, Collection
from concurrent.futures import ThreadPoolExecutor

import pytest
import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.checks.models import SpentChallenge
from engage.clock import utcnow
from engage.comments.models import CommentPeriod
from engage.db.session import write_transaction
from engage.reports.models import Frozen, ReportVersion
from engage.reports.ratings import queries, service
from engage.reports.ratings.models import ANSWERS, WHOLE, Rated, ReportRating
from tests.reports.places import busy_period
from tests.reports.test_publish import ask, published
from tests.support import makers
from tests.support.pages import Client, page

FAIR, LEAVES_OUT, HARD = ANSWERS
CONCERN = "public_safety"


@pytest.fixture
def version(session: Session) -> ReportVersion:
    """A version as it is kept once it is published. What was frozen with it nobody reads here."""
    return kept(session, makers.comment_period(session), 1)


def kept(session: Session, period: CommentPeriod, number: int) -> ReportVersion:
    frozen = f"{period.id:0>63}{number}"
    session.add(Frozen(digest=frozen, content=b""))
    session.flush()
    row = ReportVersion(
        period=period,
        number=number,
        note=makers.both("Kept"),
        asked_at=utcnow(),
        published_at=utcnow(),
        inputs_digest=frozen,
        list_digest=frozen,
    )
    session.add(row)
    session.commit()
    return row


def rate(session: Session, version: ReportVersion, *said: Rated, readers: int = 1, part: str = WHOLE) -> None:
    session.rollback()  # Or SQLite would not let it write after what a page has written.
    for _ in range(readers):
        service.rate(session, version, part, said, is_doubtful=False)
    session.commit()


def counted(session: Session) -> dict[tuple[str, Rated], int]:
    session.rollback()
    return {(row.part, row.counted): row.n for row in session.scalars(sa.select(ReportRating))}


class TestTold:
    def test_tells_full_tens_of_readers_only(self, session: Session, version: ReportVersion) -> None:
        rate(session, version, FAIR, readers=9)
        before = queries.told(session, version, WHOLE)
        rate(session, version, FAIR)
        ten = queries.told(session, version, WHOLE)
        rate(session, version, LEAVES_OUT, HARD, readers=9)
        nearly = queries.told(session, version, WHOLE)
        rate(session, version, LEAVES_OUT)

        twenty = queries.told(session, version, WHOLE)

        assert before == queries.Told(0, ((FAIR, None), (LEAVES_OUT, None), (HARD, None)), None)
        # All ten say the same: then nobody is hidden among others.
        assert (ten.readers, dict(ten.answers)) == (10, {FAIR: None, LEAVES_OUT: None, HARD: None})
        assert nearly == ten
        assert (twenty.readers, dict(twenty.answers)) == (20, {FAIR: 10, LEAVES_OUT: 10, HARD: None})

    def test_each_part_and_version_has_its_own_numbers(
        self, session: Session, version: ReportVersion
    ) -> None:
        other = kept(session, version.period, 2)
        rate(session, version, FAIR, readers=10)
        rate(session, version, LEAVES_OUT, readers=10)
        rate(session, other, HARD, readers=10, part=CONCERN)
        rate(session, other, HARD, readers=9)

        found = queries.told_of_all(session, [other, version])

        assert [(row.number, [(part, told.readers) for part, told in parts]) for row, parts in found] == [
            (2, [(CONCERN, 10)]),
            (1, [(WHOLE, 20)]),
        ]

    def test_readers_at_the_same_moment_are_each_counted_once(
        self, app: Flask, session: Session, version: ReportVersion
    ) -> None:
        number = version.id

        def ten_readers(said: Collection[Rated]) -> None:
            with app.app_context():
                for _ in range(10):
                    with write_transaction() as own:
                        own_version = own.get_one(ReportVersion, number)
                        service.rate(own, own_version, WHOLE, said, is_doubtful=True)

        with ThreadPoolExecutor(2) as threads:
            list(threads.map(ten_readers, [(FAIR,), (LEAVES_OUT, HARD)]))

        assert counted(session) == {
            (WHOLE, Rated.READERS): 20,
            (WHOLE, FAIR): 10,
            (WHOLE, LEAVES_OUT): 10,
            (WHOLE, HARD): 10,
            (WHOLE, Rated.UNCHECKED): 20,
        }
        assert dict(queries.told(session, version, WHOLE).answers) == {FAIR: 10, LEAVES_OUT: 10, HARD: 10}


class TestRate:
    def test_counts_what_is_ticked_once_for_a_browser(
        self, app: Flask, session: Session, client: Client, version: ReportVersion
    ) -> None:
        address = f"/en/reports/{version.period.slug}/1/rate"
        fields = page(client.get(address)).fields()

        sent = client.post(address, data=fields | {"said": [FAIR, HARD]})
        thanks = page(client.get(sent.location))
        again = client.post(address, data=fields | {"said": [FAIR, HARD]})

        assert sent.status_code == 303
        assert sent.location == f"{address}?thanked=1"
        assert "Thank you. Your answer is counted." in thanks.text(".//body")
        assert "This browser has answered today." not in thanks.text()
        assert thanks.links()["Back to the summary and what readers say of it"] == f"{address[:-5]}#rated"
        assert "This browser has answered today." in page(again).text()
        assert page(again).all(".//main//form") == []
        # Without a proof of work it is doubted, and counts all the same.
        assert counted(session) == {
            (WHOLE, Rated.READERS): 1,
            (WHOLE, FAIR): 1,
            (WHOLE, HARD): 1,
            (WHOLE, Rated.UNCHECKED): 1,
        }
        # Another browser is another reader.
        other = app.test_client()
        assert isinstance(other, Client)
        assert other.send(address, said=LEAVES_OUT).status_code == 303
        assert counted(session)[WHOLE, Rated.READERS] == 2

    def test_counts_a_form_that_is_sent_twice_at_once_only_once(
        self, app: Flask, session: Session, client: Client, version: ReportVersion
    ) -> None:
        """Case 21."""
        address = f"/en/reports/{version.period.slug}/1/rate"
        data = page(client.get(address)).fields() | {"said": [FAIR]}
        cookie = client.get_cookie("session")
        assert cookie is not None

        def press(_time: int) -> int:
            browser = app.test_client()
            browser.set_cookie("session", cookie.value)
            return browser.post(address, data=data).status_code

        with ThreadPoolExecutor(2) as threads:
            answers = list(threads.map(press, range(4)))

        assert set(answers) <= {200, 303}
        assert counted(session)[WHOLE, Rated.READERS] == 1

    def test_counts_nothing_but_the_three_answers(
        self, session: Session, client: Client, version: ReportVersion
    ) -> None:
        address = f"/en/reports/{version.period.slug}/1/rate"
        fields = page(client.get(address)).fields()

        for said in ([], ["readers"], ["unchecked", "fair"], ["excellent"]):
            refused = client.post(address, data={**fields, "said": said})
            assert refused.status_code == 422, said
            assert page(refused).all(".//*[@class='usa-error-message']")

        assert counted(session) == {}

    def test_knows_only_what_is_published(
        self, session: Session, client: Client, version: ReportVersion
    ) -> None:
        slug = version.period.slug
        hidden = makers.comment_period(session, published_at=None)
        kept(session, hidden, 1)
        ask(session, version.period)
        paths = f"{slug}/2/rate", f"{slug}/0/rate", f"{slug}/2/concerns/{CONCERN}/rate"

        for path in (*paths, f"{hidden.slug}/1/rate", "nothing/1/rate"):
            assert client.get(f"/en/reports/{path}").status_code == 404, path
            token = {"csrf_token": client.csrf_token(), "said": "fair"}
            assert client.post(f"/en/reports/{path}", data=token).status_code == 404, path
        assert counted(session) == {}

    def test_keeps_nothing_of_who_answered_or_when(
        self, session: Session, client: Client, version: ReportVersion
    ) -> None:
        client.send(f"/en/reports/{version.period.slug}/1/rate", said="fair")

        columns = {column.name for column in ReportRating.__table__.columns}
        assert columns == {"version_id", "part", "counted", "n", "told"}
        # That this browser came is known by a hash, and until tomorrow only.
        (mark,) = session.scalars(sa.select(SpentChallenge)).all()
        with client.session_transaction() as cookie:
            assert cookie["reader"] not in mark.digest
        assert set(SpentChallenge.__table__.columns.keys()) == {"digest", "last_day"}


def test_pages_tell_what_readers_said_and_nothing_that_was_published_changes(
    session: Session, client: Client, sign_in: Callable[..., Client]
) -> None:
    version = published(session, busy_period(session, comments=6))
    address = f"/en/reports/{version.period.slug}/1"
    files = [f"{address}{end}" for end in (".json", ".csv", "/comments.csv")]
    before = [client.get(file).data for file in files]
    report = page(client.get(address))
    official = sign_in(RoleName.OFFICIAL)
    none_yet = page(official.get(f"/en/staff/reports/{version.period.slug}")).text()

    of_concern = client.send(f"{address}/concerns/{CONCERN}/rate", said=LEAVES_OUT)
    rate(session, version, FAIR, readers=15)
    rate(session, version, LEAVES_OUT, readers=15)
    rate(session, version, FAIR, readers=9, part=CONCERN)

    assert client.get(f"{address}/concerns/nothing/rate").status_code == 404
    assert of_concern.status_code == 303
    assert "Of 10 readers who answered" in page(client.get(f"{address}/concerns/{CONCERN}")).text()
    after = page(client.get(address))
    told = after.text(".//section[@aria-labelledby='rated']")
    assert "What readers answer is told from ten readers on." in report.text()
    assert "Of 30 readers who answered, so many said:" in told
    assert "It is fair to what people wrote: 15" in told
    assert "It leaves something important out: 15" in told
    assert "It is hard to understand: not told" in told
    assert "This is no vote" in told
    # The open report is another every minute: nobody rates it.
    assert "Is this summary fair?" not in page(client.get(address[:-1] + "open")).text()
    # The staff see what everybody sees.
    assert "Of no summary have ten readers answered yet." in none_yet
    rows = page(official.get(f"/en/staff/reports/{version.period.slug}")).all(".//table[@id='rated']//tr")
    assert [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows[1:]] == [
        ["Version 1: the whole summary", "30", "15", "15", "not told"],
        ["Version 1: Public safety", "10", "not told", "not told", "not told"],
    ]
    assert [client.get(file).data for file in files] == before
    links = [[link.get("href") for link in seen.all(".//main//table//a")] for seen in (report, after)]
    assert links[0] == links[1]
