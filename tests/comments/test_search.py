"""Finding comments by words and by meaning: only what is public is found, and nothing that is gone."""

from __future__ import annotations

from collections.abc import Sequence

import numpy as np
import pytest
import sqlalchemy as sa
from numpy.typing import NDArray
from sqlalchemy.orm import Session

from engage.analysis import Analyser
from engage.clock import utcnow
from engage.comments import queries
from engage.comments.filters import BadFilter, CommentFilter
from engage.comments.models import Comment, CommentPeriod, CommentSearch, Disposition
from engage.comments.search import LONGEST_QUERY, searchable
from engage.comments.service import analyse
from engage.comments.service.analyse import analyse_due
from engage.comments.similar import similar_comments, vectors_of
from engage.comments.views import reading
from engage.moderation.service import withdraw_comment
from tests.support import makers
from tests.support.pages import Client, page

BODIES = (
    "La cárcel del condado está llena.",
    "The county jail is full, and deportations are slow.",
    "It can't be 100% sure.",
)


class Subjects:
    """An embedder with two meanings: a text is about jail or about something else."""

    name = "subjects"
    version = "1"

    def embed(self, texts: Sequence[str]) -> NDArray[np.float32]:
        rows = np.zeros((len(texts), 384), dtype=np.float32)
        for row, text in zip(rows, texts, strict=True):
            row[0 if any(word in text for word in ("jail", "cárcel", "prison")) else 1] = 1
        return rows


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period with measured, posted comments, one that waits, and the vectors of all."""
    period = makers.comment_period(session, slug="jail")
    for body in BODIES:
        makers.comment(session, period, body=body, disposition=Disposition.POSTED)
    waiting = "The jail waits for a moderator."
    makers.comment(session, period, body=waiting, disposition=Disposition.RECEIVED)
    session.commit()
    return period


@pytest.fixture
def by_meaning(monkeypatch: pytest.MonkeyPatch) -> Subjects:
    """A site that goes by meaning."""
    embedder = Subjects()
    analyser = Analyser(embedder=embedder)
    monkeypatch.setattr(analyse, "analyser_of", lambda _docket: analyser)
    monkeypatch.setattr(reading, "_goes_by_meaning", lambda: True)
    monkeypatch.setattr(reading, "required_embedder", lambda: embedder)
    return embedder


def measure_all() -> None:
    while analyse_due():
        pass


def found(session: Session, period: CommentPeriod, words: str) -> set[str]:
    return {
        comment.body for comment in queries.read(session, period, CommentFilter(words=words), number=1).rows
    }


def test_words_stand_apart_without_accents_and_capitals() -> None:
    assert searchable("¡La CÁRCEL, ya!") == " la carcel ya "


@pytest.mark.usefixtures("app")
def test_a_search_finds_whole_words_and_no_parts(session: Session, period: CommentPeriod) -> None:
    measure_all()
    spanish, english, sure = BODIES

    for query, expected in {
        "carcel": {spanish},
        "JAIL county": {english},
        "jail llena": set(),
        "deport": set(),
        "deport*": {english},
        '"county jail"': {english},
        '"jail county"': set(),
        "can't": {sure},
        "100%": {sure},
        "1_0": set(),
        "¿?": set(),
        '"': set(),
    }.items():
        assert found(session, period, query) == expected, query


@pytest.mark.usefixtures("app")
def test_a_comment_that_is_withdrawn_is_found_no_more(
    session: Session, period: CommentPeriod, by_meaning: Subjects
) -> None:
    measure_all()
    comment = session.scalars(sa.select(Comment).where(Comment.body == BODIES[0])).one()
    kept = session.scalar(sa.select(sa.func.count()).select_from(CommentSearch))
    withdraw_comment(session, comment, None, utcnow())
    session.commit()

    assert session.scalar(sa.select(sa.func.count()).select_from(CommentSearch)) == (kept or 0) - 1


@pytest.mark.usefixtures("app")
def test_meaning_finds_both_languages_and_only_what_is_public(
    session: Session, period: CommentPeriod, by_meaning: Subjects
) -> None:
    measure_all()
    similar = similar_comments(session, period, "a prison", by_meaning)

    assert {comment.body for comment in similar} == set(BODIES[:2])
    ids = [comment.id for comment in similar]
    vectors = vectors_of(session, ids, by_meaning)
    assert set(vectors) == set(ids)
    assert np.array_equal(vectors[ids[0]], by_meaning.embed(["jail"])[0])


@pytest.mark.usefixtures("app")
def test_vectors_of_another_embedder_are_not_compared(
    session: Session, period: CommentPeriod, by_meaning: Subjects, monkeypatch: pytest.MonkeyPatch
) -> None:
    measure_all()
    monkeypatch.setattr(Subjects, "version", "2")

    assert similar_comments(session, period, "a prison", by_meaning) == []
    assert vectors_of(session, session.scalars(sa.select(Comment.id)).all(), by_meaning) == {}


def test_a_query_of_endless_length_is_refused() -> None:
    with pytest.raises(BadFilter, match="words"):
        CommentFilter.from_args({"words": "x" * (LONGEST_QUERY + 1)})


class TestThePages:
    def test_list_what_has_the_words(self, session: Session, client: Client, period: CommentPeriod) -> None:
        measure_all()

        answer = page(client.get("/en/periods/jail/comments?words=carcel"))

        assert BODIES[0] in answer.text()
        assert BODIES[1] not in answer.text()
        assert "Words “carcel”" in answer.text()

    def test_list_what_is_similar_in_meaning_and_say_so(
        self, client: Client, period: CommentPeriod, by_meaning: Subjects
    ) -> None:
        measure_all()

        answer = page(client.get("/en/periods/jail/similar?q=prison"))

        assert "Similar in meaning" in answer.text()
        assert BODIES[0] in answer.text()
        assert BODIES[2] not in answer.text()
        assert "waits for a moderator" not in answer.text()
        assert "Search by meaning" in page(client.get("/en/periods/jail/comments")).text()
        assert page(client.get("/es/periods/jail/similar")).text()

    def test_do_not_offer_meaning_where_it_is_off(self, client: Client, period: CommentPeriod) -> None:
        assert client.get("/en/periods/jail/similar?q=prison").status_code == 404
        assert "Search by meaning" not in page(client.get("/en/periods/jail/comments")).text()
