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
from engage.db.session import write_transaction
from engage.reports.models import ReportVersion
from engage.reports.ratings import queries, service
from engage.reports.ratings.models import ANSWERS, WHOLE, Rated, ReportRating
from tests.reports.places import busy_period
from tests.reports.test_publish import ask, published
from tests.support.pages import Client, page

FAIR, LEAVES_OUT, HARD = ANSWERS
CONCERN = "public_safety"


@pytest.fixture
def version(session: Session) -> ReportVersion:
    """A published report of few comments."""
    return published(session, busy_period(session, comments=6))


def rate(session: Session, version: ReportVersion, *said: Rated, readers: int = 1, part: str = WHOLE) -> None:
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
        other = published(session, version.period)
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
        again = client.post(address, data=fields | {"said": [FAIR, HARD]})

        assert sent.status_code == 303
        assert sent.location.endswith(f"/en/reports/{version.period.slug}/1#rated")
        assert "Your answer is counted." in page(client.get(sent.location)).text()
        assert "This browser has answered already today" in page(again).text()
        assert page(again).all(".//main//form") == []
        # Without a proof of work it is doubted, and counts all the same.
        assert counted(session) == {
            (WHOLE, Rated.READERS): 1,
            (WHOLE, FAIR): 1,
            (WHOLE, HARD): 1,
            (WHOLE, Rated.UNCHECKED): 1,
        }
        # A concern is another summary; another browser is another reader.
        of_concern = f"/en/reports/{version.period.slug}/1/concerns/{CONCERN}/rate"
        assert client.send(of_concern, said=LEAVES_OUT).status_code == 303
        assert app.test_client().send(address, said=LEAVES_OUT).status_code == 303
        now = counted(session)
        assert (now[CONCERN, Rated.READERS], now[CONCERN, LEAVES_OUT], now[WHOLE, Rated.READERS]) == (1, 1, 2)

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

    @pytest.mark.parametrize("said", [[], ["readers"], ["unchecked", "fair"], ["excellent"]])
    def test_counts_nothing_but_the_three_answers(
        self, session: Session, client: Client, version: ReportVersion, said: list[str]
    ) -> None:
        address = f"/en/reports/{version.period.slug}/1/rate"
        fields = page(client.get(address)).fields()

        refused = client.post(address, data={**fields, "said": said})

        assert refused.status_code == 422
        assert page(refused).all(".//*[@class='usa-error-message']")
        assert counted(session) == {}

    def test_knows_only_what_is_published(
        self, session: Session, client: Client, version: ReportVersion
    ) -> None:
        slug = version.period.slug
        ask(session, version.period)
        for path in (f"{slug}/2/rate", f"{slug}/0/rate", f"{slug}/1/concerns/nothing/rate", "no/1/rate"):
            assert client.get(f"/en/reports/{path}").status_code == 404, path
            token = {"csrf_token": client.csrf_token(), "said": "fair"}
            assert client.post(f"/en/reports/{path}", data=token).status_code == 404, path
        assert client.get(f"/en/reports/{slug}/2/concerns/{CONCERN}/rate").status_code == 404
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


class TestPages:
    def test_say_beside_the_summary_what_readers_said_and_what_that_cannot_tell(
        self, session: Session, client: Client, version: ReportVersion
    ) -> None:
        address = f"/en/reports/{version.period.slug}/1"
        before = page(client.get(address)).text()
        rate(session, version, FAIR, readers=15)
        rate(session, version, LEAVES_OUT, readers=15)
        rate(session, version, FAIR, readers=10, part=CONCERN)

        after = page(client.get(address))
        of_concern = page(client.get(f"{address}/concerns/{CONCERN}")).text()
        spanish = page(client.get(address.replace("/en/", "/es/"))).text()

        assert "What readers answer is told from ten readers on." in before
        told = after.text(".//section[@aria-labelledby='rated']")
        assert "Of 30 readers who answered, so many said:" in told
        assert "It is fair to what people wrote: 15" in told
        assert "It leaves something important out: 15" in told
        assert "It is hard to understand: not told" in told
        assert "This is no vote" in told
        assert "Of 10 readers who answered" in of_concern
        assert "¿Es justo este resumen?" in spanish
        assert "Es fiel a lo que escribieron las personas: 15" in spanish
        # The open report is another every minute: nobody rates it.
        assert "Is this summary fair?" not in page(client.get(address[:-1] + "open")).text()

    def test_nothing_that_was_published_changes(
        self, session: Session, client: Client, version: ReportVersion
    ) -> None:
        address = f"/en/reports/{version.period.slug}/1"
        files = [f"{address}{end}" for end in (".json", ".csv", "/comments.csv", "/changes")]
        before = [client.get(file).data for file in files]
        order = [link.get("href") for link in page(client.get(address)).all(".//main//table//a")]

        rate(session, version, LEAVES_OUT, HARD, readers=20)
        rate(session, version, LEAVES_OUT, HARD, readers=20, part=CONCERN)

        assert [client.get(file).data for file in files] == before
        assert [link.get("href") for link in page(client.get(address)).all(".//main//table//a")] == order

    def test_show_the_staff_what_everybody_sees(
        self, session: Session, version: ReportVersion, sign_in: Callable[..., Client]
    ) -> None:
        client = sign_in(RoleName.OFFICIAL)
        address = f"/en/staff/reports/{version.period.slug}"
        none_yet = page(client.get(address)).text()
        rate(session, version, FAIR, readers=10)
        rate(session, version, LEAVES_OUT, readers=20, part=CONCERN)
        rate(session, version, LEAVES_OUT, readers=10)

        rows = page(client.get(address)).all(".//*[@id='ratings']/following::tbody[1]/tr")

        assert "Of no summary have ten readers answered yet." in none_yet
        assert [[" ".join("".join(cell.itertext()).split()) for cell in row] for row in rows] == [
            ["Version 1: the whole summary", "20", "10", "10", "not told"],
            ["Version 1: Public safety", "20", "not told", "not told", "not told"],
        ]
