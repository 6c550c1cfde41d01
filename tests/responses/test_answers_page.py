"""You said, we did: what everybody reads, what drafts never show, and that both sides are told alike."""

from __future__ import annotations

import csv
import io
import json
import re
from collections.abc import Callable
from datetime import timedelta
from typing import Any

import pytest
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import OTHER
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Position
from engage.db.types import Localised
from engage.responses import queries
from engage.responses.models import ResponseState
from tests.responses.answering import COST, OFFICE, SAFETY, counted, publish_all, raising, save, withheld
from tests.support import makers
from tests.support.pages import Client, page

SECRET = "Not to be read yet"
SignIn = Callable[..., Client]


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """Three comments about cost, one about safety."""
    period = makers.comment_period(session)
    for position in (Position.SUPPORT, Position.SUPPORT, Position.OPPOSE):
        raising(session, period, COST, position=position)
    raising(session, period, SAFETY)
    counted(session)
    return period


def today_of(period: CommentPeriod) -> Any:
    return queries.today_of(period, utcnow())


def publish(session: Session, period: CommentPeriod, concern: str = COST, **fields: Any) -> None:
    save(session, period, concern, today=today_of(period), **fields)
    publish_all(session, period, utcnow())
    session.commit()


def everywhere(client: Client, period: CommentPeriod, comment: Comment) -> dict[str, str]:
    """All that a resident can be told of answers: pages, files, feeds, receipts."""
    slug, docket = period.slug, period.docket.slug
    paths = (
        f"/en/periods/{slug}/answers", f"/en/periods/{slug}/answers.json", f"/en/periods/{slug}/answers.csv",
        f"/en/periods/{slug}", f"/en/dockets/{docket}", f"/en/reports/{slug}",
        f"/en/comments/{comment.tracking_number}", f"/en/receipts/{comment.tracking_number}",
        f"/feeds/periods/{slug}.atom",
    )  # fmt: skip
    answers = {path: client.get(path) for path in paths}
    return {path: f"{answer.status} {answer.get_data(as_text=True)}" for path, answer in answers.items()}


def bare(text: str) -> str:
    """Without what differs from one request to the next."""
    return re.sub(r'(nonce|value)="[^"]*"|<updated>[^<]*|[?&;]form=[^"&]*', "", text)


def test_every_concern_is_listed_the_most_frequent_first_with_links_to_its_comments(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    publish(session, period)

    shown = page(client.get(f"/en/periods/{period.slug}/answers"))

    assert [h.get("id") for h in shown.all(".//article/h2")] == [COST, SAFETY]
    cost = shown.text(f".//article[@aria-labelledby='{COST}']")
    assert "3 comments raise this concern" in cost
    assert "Support 2 comments with this concern, Oppose 1 comment with this concern." in cost
    assert "Accepted" in cost
    assert "We will do it." in cost
    assert "Sheriff’s Office answered on" in cost
    safety = shown.text(f".//article[@aria-labelledby='{SAFETY}']")
    assert "Support 0, Oppose 0" in safety
    assert "Not answered" in safety
    listed = page(client.get(shown.links()["3 comments raise this concern"]))
    assert listed.text(".//h2[@id='found']").startswith("3 comments")


def test_what_fits_no_concern_stands_last_and_is_not_counted_as_one(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    for _ in range(4):
        raising(session, period, OTHER)
    counted(session)
    publish(session, period, OTHER)

    shown = page(client.get(f"/en/periods/{period.slug}/answers"))

    assert [h.get("id") for h in shown.all(".//article/h2")] == [COST, SAFETY, OTHER]
    assert "Concerns 2 Answered 0 Overdue 0" in shown.text()
    assert "it is not counted as a concern" in shown.text()
    assert "4 comments fit no concern of the list" in shown.text(f".//article[@aria-labelledby='{OTHER}']")
    assert (
        "Concerns that posted comments raise: 2. Answered by the county: 0."
        in page(client.get(f"/en/periods/{period.slug}")).text()
    )


def test_an_overdue_answer_is_said_to_be_so_to_everybody(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    due = today_of(period) - timedelta(12)
    save(session, period, SAFETY, today=due, due_on=due, owner=OFFICE, is_ready=False)
    session.commit()

    overdue = page(client.get(f"/en/periods/{period.slug}/answers?state=overdue"))

    assert [h.get("id") for h in overdue.all(".//article/h2")] == [SAFETY]
    assert ": 12 days overdue." in overdue.text(".//article")
    assert "The answer is to come from: Sheriff’s Office." in overdue.text(".//article")
    assert "12 días de atraso" in page(client.get(f"/es/periods/{period.slug}/answers")).text()
    assert "1 answer is overdue" in page(client.get(f"/en/periods/{period.slug}")).text()


def test_the_list_is_narrowed_down_only_by_states(client: Client, period: CommentPeriod) -> None:
    path = f"/en/periods/{period.slug}/answers"

    assert len(page(client.get(f"{path}?state=not_answered")).all(".//article")) == 2
    assert page(client.get(f"{path}?state=accepted")).all(".//article") == []
    assert client.get(f"{path}?state=owner").status_code == 404


def test_a_draft_is_nowhere_not_even_in_a_tag_of_a_file(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    """Case 29: pages, files, feeds, receipts and their marks are the same before and after a draft."""
    comment = raising(session, period, COST)
    counted(session)
    publish(session, period)
    path = f"/en/periods/{period.slug}/answers.json"
    tag = client.get(path).headers["ETag"]
    before = everywhere(client, period, comment)

    fields: dict[str, Any] = {
        "state": ResponseState.REJECTED,
        "owner": Localised(SECRET, SECRET),
        "body": Localised(SECRET, SECRET),
        "due_on": today_of(period) + timedelta(99),
    }
    save(session, period, COST, today=today_of(period), **fields)
    save(session, period, SAFETY, today=today_of(period), **fields | {"due_on": None, "is_ready": False})
    session.commit()

    after = everywhere(client, period, comment)
    assert {path: text[:3] for path, text in after.items()} == dict.fromkeys(after, "200")
    assert {path: bare(text) for path, text in after.items()} == {
        path: bare(text) for path, text in before.items()
    }
    assert client.get(path, headers={"If-None-Match": tag}).status_code == 304
    assert SECRET not in "".join(after.values())


def test_a_period_that_residents_do_not_see_has_no_answers(client: Client, session: Session) -> None:
    hidden = makers.comment_period(session, published_at=None)
    session.commit()

    for path in ("answers", "answers.json", "answers.csv"):
        assert client.get(f"/en/periods/{hidden.slug}/{path}").status_code == 404


def test_files_say_the_same_in_both_languages_and_no_cell_calculates(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    publish(session, period, body=Localised("=1+1", "@Lo haremos"))

    answers = json.loads(client.get(f"/en/periods/{period.slug}/answers.json").get_data())["answers"]
    table = client.get(f"/en/periods/{period.slug}/answers.csv").get_data().decode("utf-8-sig")
    rows = list(csv.DictReader(io.StringIO(table)))

    assert [(row["concern"], row["state"], row["comments"]) for row in answers] == [
        (COST, "accepted", 3),
        (SAFETY, None, 1),
    ]
    assert answers[0]["answer"] == {"en": "=1+1", "es": "@Lo haremos"}
    assert answers[0]["positions"] == {"oppose": 1, "support": 2}
    assert (rows[0]["answer_en"], rows[0]["answer_es"]) == ("'=1+1", "'@Lo haremos")
    assert (rows[0]["support"], rows[0]["oppose"], rows[1]["state"]) == ("2", "1", "not_answered")


def test_what_is_written_runs_nowhere(client: Client, session: Session, period: CommentPeriod) -> None:
    evil = "<script>alert(1)</script> [x](javascript:alert(1)) ![i](https://evil.example/i.png)"
    publish(session, period, body=Localised(evil, evil), owner=Localised("<i>me</i>", "<i>yo</i>"))

    text = client.get(f"/en/periods/{period.slug}/answers").get_data(as_text=True)

    assert "<script>alert" not in text
    assert "javascript:" not in re.sub(r"\[x\]\(javascript:alert\(1\)\)", "", text)
    assert "<img" not in text
    assert "<i>" not in text


def test_a_comment_and_its_receipt_lead_to_its_answers(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    mine, other = raising(session, period, COST), raising(session, period, SAFETY)
    counted(session)
    publish(session, period)

    for path in (f"/en/comments/{mine.tracking_number}", f"/es/receipts/{mine.tracking_number}"):
        links = page(client.get(path)).links(".//section//a")
        assert any(url.endswith(f"/answers?at={COST}#{COST}") for url in links.values())
    assert "What the county answers" not in page(client.get(f"/en/comments/{other.tracking_number}")).text()


def test_a_receipt_of_a_comment_that_is_not_posted_tells_nothing_of_what_it_raises(
    client: Client, session: Session, period: CommentPeriod
) -> None:
    waiting = raising(session, period, COST)
    withheld(waiting)
    counted(session)
    publish(session, period)

    shown = page(client.get(f"/en/receipts/{waiting.tracking_number}"))

    assert "What the county answers" not in shown.text()


@pytest.mark.parametrize("language", ["en", "es"])
def test_exchanging_the_sides_changes_neither_order_nor_words(
    client: Client, session: Session, language: str
) -> None:
    """Neutrality: the page of mirrored comments is the page, with the two numbers exchanged."""

    def texts(first: Position, second: Position) -> list[str]:
        period = makers.comment_period(session, title=makers.both("One title"))
        for position, codes in (
            (first, (COST, SAFETY)), (first, (COST,)), (first, (COST,)),
            (second, (SAFETY,)), (second, (COST, SAFETY)), (second, ("rule_of_law",)),
        ):  # fmt: skip
            raising(session, period, *codes, position=position)
        counted(session)
        publish(session, period, SAFETY)
        shown = page(client.get(f"/{language}/periods/{period.slug}/answers"))
        return [" ".join("".join(article.itertext()).split()) for article in shown.all(".//article")]

    as_it_is = texts(Position.SUPPORT, Position.OPPOSE)
    mirrored = texts(Position.OPPOSE, Position.SUPPORT)

    assert len(as_it_is) == 3
    numbers = re.compile(r"(Support|A favor) (\d+)( [\w ]*)?, (Oppose|En contra) (\d+)( [\w ]*?)?(?=[,.])")

    def exchanged(text: str) -> str:
        return numbers.sub(lambda found: f"{found[5]}|{found[2]}", text)

    def plain(text: str) -> str:
        return numbers.sub(lambda found: f"{found[2]}|{found[5]}", text)

    assert all(numbers.search(text) for text in as_it_is)
    assert [plain(text) for text in as_it_is] == [exchanged(text) for text in mirrored]


class TestStaff:
    def test_an_official_drafts_previews_and_publishes_together(
        self, client: Client, sign_in: SignIn, session: Session, period: CommentPeriod
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        desk = f"/en/staff/periods/{period.slug}"
        typed = {
            "state": "accepted", "body_en": "**Yes**", "body_es": "**Sí**", "owner_en": "Sheriff",
            "owner_es": "Alguacil", "is_ready": "y",
        }  # fmt: skip

        preview = page(official.send(f"{desk}/answers/{COST}", **typed, action="preview"))
        assert "Preview: nothing is saved yet" in preview.text()
        assert preview.field("body_en").text is not None
        assert "**Yes**" in (preview.field("body_en").text or "")
        assert official.send(f"{desk}/answers/{COST}", **typed, action="save").status_code == 303
        assert "Ready to be published" in page(official.get(f"{desk}/answers")).text()
        assert "Yes" not in page(client.get(f"/en/periods/{period.slug}/answers")).text()

        official.send(f"{desk}/publish-answers")

        assert "Yes" in page(client.get(f"/en/periods/{period.slug}/answers")).text()
        assert "No answer is ready" in page(official.get(f"{desk}/publish-answers")).text()

    def test_what_changed_meanwhile_is_shown_again(
        self, sign_in: SignIn, session: Session, period: CommentPeriod
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        path = f"/en/staff/periods/{period.slug}/publish-answers"
        save(session, period, COST, today=today_of(period))
        session.commit()
        read = page(official.get(path)).fields()
        save(session, period, COST, today=today_of(period), body=Localised("Changed", "Cambiado"))
        session.commit()

        refused = official.post(path, data=read)

        assert refused.status_code == 409
        assert "Changed" in page(refused).text()

    def test_a_second_editor_is_shown_what_the_first_wrote_and_loses_nothing(
        self, sign_in: SignIn, session: Session, period: CommentPeriod
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        path = f"/en/staff/periods/{period.slug}/answers/{COST}"
        opened = page(official.get(path)).fields()
        save(session, period, COST, today=today_of(period), body=Localised("Theirs", "Suyo"), is_ready=False)
        session.commit()

        refused = official.post(path, data=opened | {"body_en": "Mine"})

        assert refused.status_code == 422
        shown = page(refused)
        assert "Theirs" in shown.text()
        assert "Mine" in (shown.field("body_en").text or "")
        assert official.post(path, data=shown.fields()).status_code == 303

    def test_an_answer_in_one_language_is_not_ready_and_says_where(
        self, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        refused = sign_in(RoleName.CLERK).send(
            f"/en/staff/periods/{period.slug}/answers/{COST}", body_en="Yes", is_ready="y", action="save"
        )

        assert refused.status_code == 422
        assert "Answer in Spanish: this is needed" in page(refused).text()

    def test_a_day_is_promised_for_all_that_are_ticked(
        self, client: Client, sign_in: SignIn, session: Session, period: CommentPeriod
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        path = f"/en/staff/periods/{period.slug}/answers"
        due = (today_of(period) + timedelta(3)).isoformat()
        fields = page(official.get(path)).fields() | {"due_on": due, "owner_en": "X", "owner_es": "Y"}

        nothing = official.post(f"{path}-due", data={**fields, "concern": "no_such"})
        done = official.post(f"{path}-due", data={**fields, "concern": [COST, SAFETY, "no_such"]})

        assert nothing.status_code == 422
        assert done.status_code == 303
        assert page(client.get(f"/en/periods/{period.slug}/answers")).text().count("Promised for") == 2
        assert "What residents wait for" in page(official.get("/en/staff")).text()
        assert "What residents wait for" not in page(sign_in(RoleName.HOST).get("/en/staff")).text()

    def test_who_answers_stands_by_a_day_in_both_languages_or_not_at_all(
        self, client: Client, sign_in: SignIn, session: Session, period: CommentPeriod
    ) -> None:
        official = sign_in(RoleName.OFFICIAL)
        path = f"/en/staff/periods/{period.slug}/answers"
        due = (today_of(period) + timedelta(3)).isoformat()
        fields = page(official.get(path)).fields() | {"due_on": due, "owner_en": "Clerk’s Office"}

        many = official.post(f"{path}-due", data={**fields, "concern": [COST]})
        one = official.send(f"{path}/{COST}", due_on=due, owner_en="Clerk’s Office", owner_es="")

        assert (many.status_code, one.status_code) == (422, 422)
        assert "in both languages, or in none" in page(many).text()
        assert "in both languages, or in none" in page(one).text()
        assert "Clerk’s Office" not in page(client.get(f"/es/periods/{period.slug}/answers")).text()

    def test_who_only_reads_is_offered_no_form(self, sign_in: SignIn, period: CommentPeriod) -> None:
        answers = page(sign_in(RoleName.HOST).get(f"/en/staff/periods/{period.slug}/answers"))

        assert not answers.all(".//main//form")

    def test_nothing_else_than_the_draft_can_be_sent(
        self, client: Client, sign_in: SignIn, session: Session, period: CommentPeriod
    ) -> None:
        """Case 36: what is published, when and under which number is not in the form."""
        sign_in(RoleName.OFFICIAL).send(
            f"/en/staff/periods/{period.slug}/answers/{COST}", state="accepted", body_en=SECRET,
            action="save", published_at="2020-01-01T00:00:00+00:00", number="7", first_due_on="2020-01-01",
        )  # fmt: skip

        assert SECRET not in client.get(f"/en/periods/{period.slug}/answers.json").get_data(as_text=True)
        assert queries.told(session, period, utcnow()) == ()

    def test_readers_read_and_strangers_do_not(
        self, client: Client, sign_in: SignIn, period: CommentPeriod
    ) -> None:
        desk = f"/en/staff/periods/{period.slug}/answers"

        for role in (RoleName.HOST, RoleName.MODERATOR):
            reader = sign_in(role)
            assert f"{desk}/{COST}" not in page(reader.get(desk)).links().values()
            assert reader.get(f"{desk}/{COST}").status_code == 403
        assert client.get(desk).status_code == 303

    def test_a_concern_that_is_none_cannot_be_answered(self, sign_in: SignIn, period: CommentPeriod) -> None:
        desk = f"/en/staff/periods/{period.slug}/answers"

        assert sign_in(RoleName.CLERK).get(f"{desk}/no_such").status_code == 404
