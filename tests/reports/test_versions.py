"""The pages of published reports: the same for ever, without a word that nobody may read any more."""

from __future__ import annotations

import csv
import io
import json
import re
from datetime import timedelta
from itertools import islice

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis.fingerprint import SUMS, sum_of
from engage.clock import utcnow
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition, Position
from engage.dockets.models import District
from engage.jobs.queue import run_once
from engage.moderation.service import withdraw_comment
from engage.reports.frozen import cli, store
from engage.reports.frozen.check import check
from engage.reports.models import ReportVersion
from engage.reports.service.publish import ask_for_version, publish_due
from engage.themes.models import DocketReading, Quote
from engage.worker import HANDLERS
from tests.reports.places import busy_period
from tests.reports.test_publish import ask, published, published_period
from tests.support import makers
from tests.support.pages import Client, page


def quoted(session: Session, period: CommentPeriod) -> Comment:
    """A comment of this period, quoted by its report."""
    comment = makers.comment(
        session, period, body="The quokkaberry is a fine fruit. Nobody knows it.", position=Position.SUPPORT
    )
    session.add(
        Quote(
            period_id=period.id,
            comment_id=comment.id,
            body_digest=comment.body_digest,
            start=0,
            stop=32,
            place=1,
        )
    )
    # Or publishing would read the docket anew and choose for itself.
    reading = session.get_one(DocketReading, period.docket_id)
    reading.posted, reading.texts = (
        reading.posted + 1,
        ((reading.texts or 0) + sum_of([comment.body_digest])) % SUMS,
    )
    session.commit()
    return comment


class TestTheReportOfAPeriod:
    def test_is_the_open_one_until_one_is_published(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)
        before = page(client.get(f"/en/reports/{period.slug}")).text()

        published(session, period)

        after = page(client.get(f"/en/reports/{period.slug}")).text()
        assert "Live: the numbers grow" in before
        assert "Version 1" in after
        assert "It stays as it is." in after
        assert "An interim report" in after
        assert "Live: the numbers grow" in page(client.get(f"/en/reports/{period.slug}/open")).text()

    def test_is_the_newest_of_several(self, session: Session, client: Client) -> None:
        period, _ = published_period(session)
        for _ in range(10):
            makers.comment(session, period)
        session.commit()
        published(session, period)

        newest = page(client.get(f"/en/reports/{period.slug}"))
        first = page(client.get(f"/en/reports/{period.slug}/1"))

        assert "The number of posted comments has not changed since." in newest.text()
        assert "There is a newer version of this report: version 2" in first.text()
        assert "Since then 10 comments more are posted." in first.text()
        versions = page(client.get(f"/en/reports/{period.slug}/versions")).text()
        assert versions.index("Version 2") < versions.index("Version 1")
        assert "48 comments" in versions
        assert "58 comments" in versions

    def test_says_of_few_newer_comments_only_that_they_are_few(
        self, session: Session, client: Client
    ) -> None:
        period, _ = published_period(session)
        late = makers.comment(session, period)
        session.commit()
        published(session, period)

        receipt = page(client.get(f"/en/receipts/{late.tracking_number}")).text()
        assert "Version 2 of the report counts the same comments as the one before" in receipt
        assert "Version 2 of the report was made before" not in receipt
        said = page(client.get(f"/en/reports/{period.slug}/2")).text()

        assert "Newer comments are not in it yet: fewer than ten came or went" in said
        assert "The number of posted comments has changed by fewer than ten since then." in said
        changes = page(client.get(f"/en/reports/{period.slug}/2/changes")).text()
        assert "Both versions count the same comments." in changes


class TestNumbers:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_each_leads_to_as_many_comments_of_the_frozen_list(
        self, session: Session, client: Client, language: str
    ) -> None:
        period, _ = published_period(session)
        report = page(client.get(f"/{language}/reports/{period.slug}/1"))

        links: dict[str, set[str]] = {}
        for link in report.all(".//main//a"):
            text = "".join(link.itertext()).strip()
            if "/1/comments" in (href := link.get("href", "")) and re.fullmatch(r"[\d,]+", text):
                links.setdefault(href, set()).add(text)

        assert len(links) > 100
        for href, numbers in islice(links.items(), 0, None, 3):
            found = page(client.get(href)).text(".//h2[@id='found']").split()[0]
            assert numbers == {found}, href
        to_open_lists = [link for link in report.all(".//main//a") if "/periods/" in link.get("href", "")]
        assert [link.get("href") for link in to_open_lists if "/comments" in link.get("href", "")] == []

    def test_stay_when_a_comment_is_withdrawn_and_its_words_go(
        self, session: Session, client: Client
    ) -> None:
        period = busy_period(session)
        comment = quoted(session, period)
        published(session, period)
        address = f"/en/reports/{period.slug}/1"
        assert "quokkaberry" in client.get(address).text
        number = comment.tracking_number
        before = client.get(f"{address}.json").data

        withdraw_comment(session, comment, None, utcnow())
        session.commit()
        run_once(HANDLERS)

        for path in (
            address,
            f"{address}/comments",
            f"{address}.csv",
            f"{address}.json",
            f"{address}/comments.csv",
        ):
            for language in ("en", "es"):
                answer = client.get(path.replace("/en/", f"/{language}/"))
                assert answer.status_code == 200
                assert "quokkaberry" not in answer.text, path
                assert path.endswith("json") or number not in answer.text, path
        assert client.get(f"{address}.json").data == before
        assert "1 quote of this report is not shown any more" in page(client.get(address)).text()
        support = page(client.get(f"{address}/comments?position=support"))
        assert "Everybody could read this comment when the report was published" in support.text()
        rows = list(
            csv.reader(io.StringIO(client.get(f"{address}/comments.csv").text.removeprefix("\ufeff")))
        )
        assert len(rows) == 1 + 48 + 1
        assert rows[-1] == ["# not public any more: 1"]

    def test_do_not_tell_by_its_place_which_comment_was_withdrawn(
        self, session: Session, client: Client
    ) -> None:
        period, version = published_period(session)
        stored = store.StoredList(session, version.list_digest or "")
        first = stored.tracking_numbers([0])[0]
        comment = session.scalars(sa.select(Comment).where(Comment.tracking_number == first)).one()
        withdraw_comment(session, comment, None, utcnow())
        session.commit()

        listed = page(client.get(f"/en/reports/{period.slug}/1/comments")).all(".//ul[@class='comments']/li")

        gone = ["nobody can any more" in "".join(row.itertext()) for row in listed]
        assert len(gone) > 2
        assert gone[-1]
        assert not any(gone[:-1])

    @pytest.mark.parametrize(
        "query",
        [
            "words=sheriff", "letters=one", "district=nowhere", "concern=no_such_concern", "text=" + "a" * 64,
            "theme=5", "position=yes", "unknown=1", "day=yesterday",
        ],
    )  # fmt: skip
    def test_that_no_list_knows_are_not_found(self, session: Session, client: Client, query: str) -> None:
        period, _ = published_period(session, comments=6)

        assert client.get(f"/en/reports/{period.slug}/1/comments?{query}").status_code == 404
        assert client.get(f"/en/reports/{period.slug}/1/comments.csv?{query}").status_code == 404

    def test_say_how_they_were_made(self, session: Session, client: Client) -> None:
        period, version = published_period(session)

        said = page(client.get(f"/en/reports/{period.slug}/1/comments?position=support&tone=neutral")).text()

        assert "Declared position: Support" in said
        for digest in (version.list_digest, version.inputs_digest):
            assert digest is not None
            assert digest in said


class TestForEver:
    def test_nothing_that_changes_later_changes_what_was_published(
        self, session: Session, client: Client
    ) -> None:
        period = busy_period(session)
        comment = quoted(session, period)
        version = published(session, period)
        slug = period.slug
        paths = [f"/{language}/reports/{slug}/1" for language in ("en", "es")]
        documents = [client.get(f"{path}.json").data for path in paths]
        pages = [client.get(path).text for path in paths]
        numbers = store.inputs_of_version(session, version).numbers
        code = next(name.key for name in numbers if name.measure == "concern")
        lists = [client.get(f"{path}/comments?concern={code}&position=oppose").text for path in paths]

        self.change_everything(session, period, comment)

        assert check(session, version).faults == []
        assert [client.get(f"{path}.json").data for path in paths] == documents
        for path, before in zip(paths, pages, strict=True):
            after = client.get(path).text
            assert _numbers_of(after) == _numbers_of(before)
            assert "A title of tomorrow" not in page(client.get(path)).text(".//main")
        for path, before in zip(paths, lists, strict=True):
            after = client.get(f"{path}/comments?concern={code}&position=oppose").text
            assert _found(after) == _found(before)

    def change_everything(self, session: Session, period: CommentPeriod, quoted: Comment) -> None:
        """An analyser, a taxonomy, names, moderation, withdrawals, new comments, other quotes."""
        for analysis in session.scalars(sa.select(CommentAnalysis)):
            analysis.analyser_version = "99+tomorrow"
            analysis.language = "fr"
            analysis.concerns.clear()
        for place in session.scalars(sa.select(District)):
            place.name = makers.both(f"Renamed {place.code}")
        period.title = makers.both("A title of tomorrow")
        period.summary = makers.both("Something else was asked.")
        period.docket.title = makers.both("Another docket")
        posted = session.scalars(
            sa.select(Comment).where(
                Comment.period_id == period.id,
                Comment.disposition == Disposition.POSTED,
                Comment.id != quoted.id,
            )
        ).all()
        for number, comment in enumerate(posted):
            comment.position = Position.MIXED
            comment.mark_changed()
            if number % 4 == 0:
                withdraw_comment(session, comment, None, utcnow())
        for quote in session.scalars(sa.select(Quote)):
            session.delete(quote)
        for _ in range(12):
            makers.comment(session, period)
        session.commit()
        run_once({"count": HANDLERS["count_comments"]})
        session.expire_all()

    def test_a_quote_stays_after_others_were_chosen(self, session: Session, client: Client) -> None:
        period = busy_period(session)
        quoted(session, period)
        published(session, period)
        session.execute(sa.delete(Quote))
        session.commit()

        assert "quokkaberry" in page(client.get(f"/en/reports/{period.slug}/1")).text()

    def test_is_checked_by_a_command(
        self, app: Flask, session: Session, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        monkeypatch.setattr(cli, "create_app", lambda: app)
        period = busy_period(session)
        run = CliRunner().invoke

        arguments = [period.slug, "--note-en", "First", "--note-es", "Primera"]
        made = run(cli.publish_command, arguments, catch_exceptions=False)
        good = run(cli.check_command, [period.slug], catch_exceptions=False)
        monkeypatch.setattr("engage.reports.document.DOCUMENT_VERSION", 99)
        bad = run(cli.check_command, [period.slug, "1"], catch_exceptions=False)
        monkeypatch.setattr("engage.reports.frozen.check.program_digest", lambda: "that of a later release")
        later = run(cli.check_command, [period.slug, "1"], catch_exceptions=False)

        assert made.output.startswith("Version 1 is published: 48 comments")
        assert (good.exit_code, good.output) == (0, "Version 1: as it was published.\n")
        assert bad.exit_code == 1
        assert "its JSON (en) is not what its inputs make" in bad.output
        assert later.exit_code == 0
        assert "as it was published; another program made its JSON (en, es)" in later.output


class TestAccess:
    FORMS = ("", ".json", ".csv", "/comments", "/comments.csv", "/changes")

    def test_what_is_in_preparation_is_nowhere(self, session: Session, client: Client) -> None:
        period = busy_period(session, comments=6)
        ask(session, period)

        for form in self.FORMS:
            assert client.get(f"/en/reports/{period.slug}/1{form}").status_code == 404, form
        assert "Version 1" not in page(client.get(f"/en/reports/{period.slug}/versions")).text()
        assert "Version 1" not in page(client.get("/en/reports")).text()

    def test_a_report_of_a_period_that_is_hidden_again_is_nowhere(
        self, session: Session, client: Client
    ) -> None:
        period, _ = published_period(session, comments=6)
        etag = client.get(f"/en/reports/{period.slug}/1.json").headers["ETag"]
        period.published_at = None
        session.commit()

        for form in self.FORMS:
            known = {"If-None-Match": etag}
            assert client.get(f"/en/reports/{period.slug}/1{form}", headers=known).status_code == 404, form
        for path in ("", "/open", "/versions", ".json", ".csv"):
            assert client.get(f"/en/reports/{period.slug}{path}").status_code == 404
        assert period.title.en not in page(client.get("/en/reports")).text()

    @pytest.mark.parametrize("number", [0, 2, 2**31, 2**63, 10**40])
    def test_numbers_that_no_version_has_are_not_found(
        self, session: Session, client: Client, number: int
    ) -> None:
        period, _ = published_period(session, comments=6)

        for form in self.FORMS:
            assert client.get(f"/en/reports/{period.slug}/{number}{form}").status_code == 404, form

    def test_the_json_is_sent_once_to_who_has_it(self, session: Session, client: Client) -> None:
        period, version = published_period(session, comments=6)
        address = f"/en/reports/{period.slug}/1.json"
        first = client.get(address)

        assert first.headers["ETag"] == f'"{store.digests(session, version)["en"]}"'
        assert client.head(address).headers["ETag"] == first.headers["ETag"]
        again = client.get(address, headers={"If-None-Match": first.headers["ETag"]})
        assert (again.status_code, again.data) == (304, b"")
        told = json.loads(first.data)
        assert told["version"]["number"] == 1
        assert told["report"] == f"http://localhost/en/reports/{period.slug}/1"


class TestPublishing:
    def test_is_done_by_an_official_with_a_note_in_both_languages(
        self, session: Session, client: Client, sign_in: object
    ) -> None:
        period = busy_period(session, comments=6)
        official: Client = sign_in(RoleName.OFFICIAL)  # type: ignore[operator]
        address = f"/en/staff/reports/{period.slug}"

        refused = official.send(address, note_en="Only English")
        assert refused.status_code == 422
        assert session.scalars(sa.select(ReportVersion)).all() == []
        told = {"note_en": "First version", "note_es": "Primera versión", "confirmed": "y"}
        without = official.send(address, **told)
        assert without.status_code == 422
        assert "3 comments still wait for a moderator. I publish without them." in page(without).text()
        assert session.scalars(sa.select(ReportVersion)).all() == []
        sent = official.send(address, **told, without_waiting="y")
        assert sent.status_code == 303
        late = {"note_en": "Mine", "note_es": "La mía", "confirmed": "y", "without_waiting": "y"}
        official.post(f"{address}/publish", data={"csrf_token": official.csrf_token(), **late})
        shown = page(official.get(address)).text(".//body")
        assert "Version 1 is being prepared" in shown
        assert "Somebody else had asked for it already" in shown

        run_once(HANDLERS)

        assert "Version 1 was published on" in page(official.get(address)).text()
        assert "Primera versión" in page(client.get(f"/es/reports/{period.slug}/1")).text()

    @pytest.mark.parametrize("role", [RoleName.MODERATOR, RoleName.HOST])
    def test_is_read_and_not_done_by_others_of_the_staff(
        self, session: Session, sign_in: object, role: RoleName
    ) -> None:
        period = busy_period(session, comments=6)
        reader: Client = sign_in(role)  # type: ignore[operator]

        opened = page(reader.get(f"/en/staff/reports/{period.slug}"))

        assert "What would be published now" in opened.text()
        assert "Publish for good" not in opened.text()

    def test_a_period_that_nobody_may_see_is_not_offered(self, session: Session, sign_in: object) -> None:
        period = makers.comment_period(session, published_at=None)
        session.commit()
        clerk: Client = sign_in(RoleName.CLERK)  # type: ignore[operator]
        address = f"/en/staff/reports/{period.slug}"

        assert "nothing can be published" in page(clerk.get(address)).text()
        token = clerk.csrf_token()
        sent = clerk.post(
            f"{address}/publish",
            data={"csrf_token": token, "note_en": "a", "note_es": "b", "confirmed": "y"},
        )
        assert sent.status_code == 303
        assert session.scalars(sa.select(ReportVersion)).all() == []

    def test_asks_nothing_of_waiting_comments_where_none_wait(
        self, session: Session, sign_in: object
    ) -> None:
        period = makers.comment_period(session)
        makers.comment(session, period)
        session.commit()
        clerk: Client = sign_in(RoleName.CLERK)  # type: ignore[operator]
        address = f"/en/staff/reports/{period.slug}"

        opened = page(clerk.get(address)).text()

        assert "I publish without" not in opened
        assert "Comments to be read by the analyser: 1" in opened
        assert "Comments to be compared for form letters: 1" in opened
        assert clerk.send(address, note_en="a", note_es="b", confirmed="y").status_code == 303


class TestElsewhere:
    def test_a_receipt_names_every_version_that_counts_the_comment(
        self, session: Session, client: Client
    ) -> None:
        period = busy_period(session)
        early = session.scalars(
            sa.select(Comment).where(
                Comment.period_id == period.id, Comment.disposition == Disposition.POSTED
            )
        ).first()
        assert early is not None
        published(session, period)
        late = makers.comment(session, period)
        for _ in range(9):
            makers.comment(session, period)
        session.commit()
        published(session, period)

        told = [page(client.get(f"/en/receipts/{one.tracking_number}")) for one in (early, late)]

        assert "Counted in version 1 of the report" in told[0].text()
        assert "Counted in version 2 of the report" in told[0].text()
        assert "Version 1 of the report was made while it was not posted" in told[1].text()
        assert "Counted in version 2 of the report" in told[1].text()
        assert f"/en/reports/{period.slug}/2" in {link.get("href") for link in told[1].all(".//main//a")}

    def test_the_pages_of_the_period_and_the_docket_lead_to_it(
        self, session: Session, client: Client
    ) -> None:
        period, _ = published_period(session, comments=6)

        for path in (f"/en/periods/{period.slug}", f"/en/dockets/{period.docket.slug}", "/en/reports"):
            opened = page(client.get(path))
            assert any(
                f"/en/reports/{period.slug}" in link.get("href", "") for link in opened.all(".//main//a")
            ), path
            assert "ersion 1" in opened.text(), path

    def test_followers_and_feeds_are_told_once(self, session: Session, client: Client) -> None:
        period, _ = published_period(session, comments=6)

        for feed in (f"/feeds/periods/{period.slug}.atom", f"/feeds/dockets/{period.docket.slug}.atom"):
            told = client.get(f"{feed}?language=en").text
            assert told.count("Version 1 of the report on the comments was published.") == 1, feed


def test_a_later_version_says_what_changed(session: Session, client: Client) -> None:
    period, _ = published_period(session)
    for _ in range(11):
        makers.comment(session, period, position=Position.SUPPORT)
    session.commit()
    run_once(HANDLERS)
    version = ask_for_version(
        session, period, note=makers.both("Later"), actor=None, now=utcnow() + timedelta(0)
    )
    session.commit()
    publish_due()
    session.expire_all()
    assert version.published_at is not None

    changes = page(client.get(f"/en/reports/{period.slug}/2/changes"))

    assert "11 comments are new." in changes.text()
    assert "0 comments are not counted any more." in changes.text()
    assert "+11" in changes.text()
    links = {link.get("href", "") for link in changes.all(".//main//table//a")}
    assert f"/en/reports/{period.slug}/1/comments?position=support" in links
    assert f"/en/reports/{period.slug}/2/comments?position=support" in links
    assert client.get(f"/en/reports/{period.slug}/1/changes").status_code == 404


def _numbers_of(html: str) -> list[str]:
    """The figures of all tables of a page."""
    return re.findall(r'class="table__number"[^>]*>(?:<a [^>]*>)?\s*([\d,]+)', html)


def _found(html: str) -> str:
    return str(re.findall(r'<h2 id="found">\s*([^<]*?)\s*</h2>', html)[0])
