"""Staff name themes; everybody reads what they have named, and nothing else."""

from __future__ import annotations

from collections.abc import Callable

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import CommentPeriod, Disposition, Position, Theme, ThemeStatus
from engage.jobs.queue import run_once
from engage.themes import queries, service
from engage.themes.models import Quote
from engage.worker import HANDLERS
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]

# Without the job that finds themes: it would forget those that no run has found.
COUNT = {name: HANDLERS[name] for name in ("analyse_comments", "count_comments")}


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    return makers.comment_period(session)


@pytest.fixture
def theme(session: Session, period: CommentPeriod) -> Theme:
    """A candidate with two posted comments and one that waits for a moderator."""
    comments = [makers.comment(session, period, body=f"The bridge, number {number}") for number in range(2)]
    hidden = makers.comment(session, period, body="Hidden bridge", disposition=Disposition.RECEIVED)
    row = makers.theme(session, period.docket, *comments, hidden, status=ThemeStatus.CANDIDATE, name=None)
    session.commit()
    return row


def decide(browser: Client, theme: Theme, decision: str, **data: str) -> int:
    answer = browser.post(
        f"/en/staff/themes/{theme.id}/decide",
        data={"decision": decision, "csrf_token": browser.csrf_token(), **data},
    )
    return answer.status_code


class TestThemes:
    def test_a_named_one_is_in_the_report_and_its_number_leads_to_its_comments(
        self, session: Session, client: Client, sign_in: SignIn, period: CommentPeriod, theme: Theme
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        report, list_ = f"/es/reports/{period.slug}", f"/en/periods/{period.slug}/comments?theme={theme.id}"
        run_once(COUNT)
        assert "Puente del río" not in client.get(report).text
        assert client.get(list_).status_code == 404
        assert "Hidden bridge" not in clerk.get(list_).text

        assert decide(clerk, theme, "confirm", name_en="River bridge", name_es="Puente del río") == 303
        run_once(COUNT)

        links = [
            (link.text, link.get("href"))
            for link in page(client.get(report)).all(".//a")
            if f"theme={theme.id}" in link.get("href", "")
        ]
        assert links == [("2", f"/es/periods/{period.slug}/comments?theme={theme.id}")]
        assert "Puente del río" in client.get(report).text
        assert (
            page(client.get(list_)).text(".//h2[@id='found']").startswith("2 comments: Theme “River bridge”")
        )

    def test_a_dismissed_one_leaves_the_report(
        self, session: Session, client: Client, sign_in: SignIn, period: CommentPeriod, theme: Theme
    ) -> None:
        clerk = sign_in(RoleName.CLERK)
        decide(clerk, theme, "confirm", name_en="River bridge", name_es="Puente del río")
        run_once(COUNT)

        assert decide(clerk, theme, "dismiss") == 303
        run_once(COUNT)

        assert "River bridge" not in client.get(f"/en/reports/{period.slug}").text
        assert decide(clerk, theme, "reopen") == 303

    def test_merged_ones_count_together_and_no_comment_twice(
        self, session: Session, client: Client, sign_in: SignIn, period: CommentPeriod, theme: Theme
    ) -> None:
        both = makers.comment(session, period, body="The bridge and the ferry")
        other = makers.theme(session, period.docket, both, name=makers.both("Ferry"))
        session.commit()
        run_once(COUNT)

        assert decide(sign_in(RoleName.MODERATOR), theme, "merge", into=str(other.id)) == 303
        run_once(COUNT)

        report = page(client.get(f"/en/reports/{period.slug}"))
        numbers = [a.text for a in report.all(".//a") if f"theme={other.id}" in a.get("href", "")]
        assert numbers == ["3"]
        room = page(client.get(f"/en/periods/{period.slug}/comments?theme={other.id}"))
        assert room.text(".//h2[@id='found']").startswith("3 comments")

    def test_two_that_are_merged_into_each_other_at_once_do_not_both_vanish(
        self, session: Session, period: CommentPeriod, theme: Theme
    ) -> None:
        other = makers.theme(session, period.docket, name=makers.both("Ferry"))
        session.commit()
        stale = queries.get_theme(session, other.id)
        elsewhere = sa.update(Theme).where(Theme.id == stale.id).values(merged_into_id=theme.id)
        session.execute(elsewhere, execution_options={"synchronize_session": False})

        with pytest.raises(service.CannotMerge):
            service.merge_theme(session, theme, stale)
        with pytest.raises(service.CannotMerge):
            service.confirm_theme(session, stale, makers.both("Ferry"))

        assert theme.merged_into_id is None

    @pytest.mark.parametrize(
        ("decision", "data"),
        [
            ("confirm", {"name_en": "Only English"}),
            ("confirm", {"name_en": "x" * 121, "name_es": "x"}),
            ("merge", {}),
            ("shout", {}),
        ],
    )
    def test_a_decision_that_lacks_something_says_what(
        self, sign_in: SignIn, theme: Theme, decision: str, data: dict[str, str]
    ) -> None:
        assert decide(sign_in(RoleName.CLERK), theme, decision, **data) == 422

    def test_an_official_reads_and_decides_nothing(self, sign_in: SignIn, theme: Theme) -> None:
        official = sign_in(RoleName.OFFICIAL)
        shown = page(official.get(f"/en/staff/themes/{theme.id}"))

        assert "The bridge, number 1" in shown.text(".//main")
        assert "Hidden bridge" not in shown.text(".//main")
        assert shown.all(".//main//form") == []
        assert official.get(f"/en/staff/dockets/{theme.docket.slug}/themes").status_code == 200
        assert official.get("/en/staff/themes").status_code == 200

    @pytest.mark.parametrize("wanted", ["0", "x", "999999", "12345678901"])
    def test_a_list_of_a_theme_that_is_not_there_is_not_there(
        self, client: Client, period: CommentPeriod, session: Session, wanted: str
    ) -> None:
        session.commit()

        assert client.get(f"/en/periods/{period.slug}/comments?theme={wanted}").status_code == 404


def test_the_report_quotes_both_sides_in_their_language_by_a_rule_that_it_states(
    session: Session, client: Client, period: CommentPeriod
) -> None:
    texts = {
        Position.OPPOSE: "Me opongo porque separa a las familias de nuestro condado.",
        Position.SUPPORT: "I support it because the jail is the right place to check.",
    }
    for place, (position, text) in enumerate(texts.items(), 1):
        comment = makers.comment(session, period, body=text, position=position)
        session.add(
            Quote(
                period_id=period.id, place=place, comment_id=comment.id, body_digest=comment.body_digest,
                start=0, stop=len(text),
            )
        )  # fmt: skip
    session.commit()
    run_once(COUNT)

    quotes = page(client.get(f"/en/reports/{period.slug}")).all(".//blockquote")

    assert [(quote.get("lang"), "".join(quote.itertext()).strip()) for quote in quotes] == [
        ("en", texts[Position.SUPPORT]),
        ("es", texts[Position.OPPOSE]),
    ]
    assert "never two of one campaign" in client.get(f"/en/reports/{period.slug}").text
