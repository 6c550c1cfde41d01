"""Measuring again: what another version measured becomes due once, and nothing is lost meanwhile."""

from __future__ import annotations

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.analysis import Analyser, parse_taxonomy
from engage.comments.models import Comment, CommentAnalysis, CommentPeriod, Disposition
from engage.comments.service import analyse, remeasure
from engage.comments.service.analyse import analyse_due
from engage.comments.service.remeasure import remeasure_due
from engage.dockets.models import Docket
from engage.dockets.service import change_taxonomy, declare_analysers
from engage.jobs.queue import run_once
from engage.worker import HANDLERS
from tests.support import makers
from tests.support.pages import Client, page

TOML = """
name = "dogs"
version = 1
[[concern]]
code = "police_dogs"
name = { en = "Police dogs", es = "Perros policía" }
cues = { en = ["canine"], es = ["perro policia"] }
"""
OWN = Analyser(parse_taxonomy(TOML, source="x")).version
BODY = "The canine unit costs taxpayers too much money."


class Older(Analyser):
    """The analyser of another release."""

    def __init__(self) -> None:
        super().__init__()
        self.version = "0+older"


@pytest.fixture
def docket(session: Session) -> Docket:
    """A docket whose comments are measured, all by the version in force."""
    docket = makers.docket(session, slug="jail")
    period = makers.comment_period(session, docket=docket, slug="jail")
    for _ in range(5):
        makers.comment(session, period, body=BODY)
    session.commit()
    declare_analysers(session)
    session.commit()
    run_once(HANDLERS)
    assert versions(session, docket) == {Analyser().version}
    return docket


def versions(session: Session, docket: Docket) -> set[str | None]:
    return {
        comment.analysis.analyser_version if comment.analysis else None for comment in of(session, docket)
    }


def of(session: Session, docket: Docket) -> list[Comment]:
    session.rollback()
    session.expire_all()
    found = sa.select(Comment).join(CommentPeriod).where(CommentPeriod.docket_id == docket.id)
    return list(session.scalars(found))


def due(session: Session, docket: Docket) -> int:
    return sum(comment.analysis_due for comment in of(session, docket))


def rest(session: Session) -> int:
    """How many steps there are until nothing is left to compare."""
    return sum(iter(remeasure_due, 0))


def test_nothing_is_due_where_nothing_was_declared(session: Session) -> None:
    makers.comment_period(session)
    session.commit()

    assert remeasure_due() == 0


def test_a_changed_taxonomy_makes_the_comments_of_its_docket_due(session: Session, docket: Docket) -> None:
    other = makers.comment(session, makers.comment_period(session), body=BODY)
    session.commit()
    analyse_due()

    change_taxonomy(session, docket, TOML)
    session.commit()
    rest(session)

    assert due(session, docket) == 5
    assert due(session, other.period.docket) == 0
    # What was measured before stays until then.
    assert versions(session, docket) == {Analyser().version}
    run_once(HANDLERS)
    assert versions(session, docket) == {OWN}
    assert due(session, docket) == 0
    assert {concern.code for comment in of(session, docket) for concern in comment.analysis.concerns} == {  # type: ignore[union-attr]
        "police_dogs"
    }


def test_a_walk_goes_on_where_it_was_and_begins_anew_for_the_next_version(
    session: Session, docket: Docket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(remeasure, "BATCH", 2)
    change_taxonomy(session, docket, TOML)
    session.commit()

    assert remeasure_due() == 1
    assert due(session, docket) == 2
    assert remeasure_due() == 1
    assert due(session, docket) == 4
    change_taxonomy(session, docket, TOML.replace("version = 1", "version = 2"))
    session.commit()
    assert rest(session) == 3
    assert due(session, docket) == 5


def test_withdrawn_comments_are_left_alone(session: Session, docket: Docket) -> None:
    withdrawn = of(session, docket)[0]
    withdrawn.disposition = Disposition.WITHDRAWN
    change_taxonomy(session, docket, TOML)
    session.commit()

    rest(session)

    assert due(session, docket) == 4


def test_a_new_release_measures_everything_again_once(session: Session, docket: Docket) -> None:
    session.execute(sa.update(Docket).values(analyser_version="0+older"))
    session.execute(sa.update(CommentAnalysis).values(analyser_version="0+older"))
    session.execute(sa.update(CommentPeriod).values(checked_version="0+older"))
    session.commit()
    assert remeasure_due() == 0

    declare_analysers(session)
    session.commit()
    run_once(HANDLERS)

    assert versions(session, docket) == {Analyser().version}
    assert run_once(HANDLERS) == 0


class TestTwoReleases:
    def test_never_take_turns_at_a_comment(
        self, session: Session, docket: Docket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        new = makers.comment(session, docket.periods[0], body="A comment that nobody measured yet.")  # type: ignore[attr-defined]
        session.commit()

        with monkeypatch.context() as other_release:
            other_release.setattr(analyse, "analyser_of", lambda _docket: Older())
            assert run_once(HANDLERS) > 0
            # It measured what was new, once, and then leaves it to the release in force.
            assert versions(session, docket) == {Analyser().version, "0+older"}
            assert due(session, docket) == 1
            assert run_once(HANDLERS) == 0

        run_once(HANDLERS)
        session.refresh(new)
        assert versions(session, docket) == {Analyser().version}
        assert run_once(HANDLERS) == 0

    def test_that_change_while_a_text_is_measured_make_it_due_again(
        self, session: Session, docket: Docket, monkeypatch: pytest.MonkeyPatch
    ) -> None:
        makers.comment(session, docket.periods[0])  # type: ignore[attr-defined]
        session.commit()
        measure = analyse._measure

        def measure_slowly(texts: dict[int, analyse._Due]) -> object:
            change_taxonomy(session, session.get_one(Docket, docket.id), TOML)
            session.commit()
            return measure(texts)

        with monkeypatch.context() as slow:
            slow.setattr(analyse, "_measure", measure_slowly)
            analyse_due()
        rest(session)

        assert due(session, docket) == 6


def test_the_report_loses_no_comment_on_the_way(
    session: Session, client: Client, docket: Docket, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(analyse, "BATCH", 2)
    change_taxonomy(session, docket, TOML)
    session.commit()
    rest(session)
    seen = []
    while analyse_due():
        HANDLERS["count_comments"]()
        told = client.get("/en/reports/jail.json").get_json()
        lines = {line["key"]: line for line in told["concerns"]}
        assert (told["posted"]["count"], told["taxonomy"]["name"]) == (5, "dogs")
        assert sum(line["count"] for line in told["analysers"]) == 5
        seen.append(lines["police_dogs"]["count"])

    # A worker begins at a random id, and is asked again until nothing is left: one step may leave something.
    run_once(HANDLERS)
    lines = {line["key"]: line for line in client.get("/en/reports/jail.json").get_json()["concerns"]}
    assert seen == sorted(seen)
    assert len(seen) > 2
    assert lines["police_dogs"]["label"] == "Police dogs"
    assert "cost_resources" not in lines


def test_pages_call_concerns_as_the_docket_does(session: Session, client: Client, docket: Docket) -> None:
    change_taxonomy(session, docket, TOML)
    session.commit()
    # Measured before: a concern that the docket has no more is still called by its name.
    before = page(client.get(f"/en/comments/{of(session, docket)[0].tracking_number}"))
    assert "Cost and resources" in before.text() or "cost" in before.text().lower()
    run_once(HANDLERS)

    comment = page(client.get(f"/es/comments/{of(session, docket)[0].tracking_number}"))
    assert "Perros policía" in comment.text()
    listed = page(client.get("/en/periods/jail/comments?concern=police_dogs"))
    assert listed.text(".//h2").startswith("5 comments")
    assert "Police dogs" in listed.text()
    assert client.get("/en/periods/jail/comments?concern=cost_resources").status_code == 404
