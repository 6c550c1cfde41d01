"""What comments say of each concern, in the report: gone in the same second in which a comment is."""

from __future__ import annotations

from dataclasses import replace

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import fingerprint
from engage.clock import utcnow
from engage.comments.models import Comment, CommentPeriod, Position
from engage.comments.models.translation import digest_of_words
from engage.comments.service.translate import translate_comment
from engage.jobs.queue import run_once
from engage.moderation.service import withdraw_comment
from engage.reports.frozen.codec import dump
from engage.reports.frozen.freeze import held_back
from engage.reports.gather import inputs_of, words_of
from engage.reports.inputs import Inputs
from engage.reports.voices import Voices
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client, page
from tests.themes.test_excerpts import CONCERN, OPPOSE, SUPPORT, WORK, comment_of


@pytest.fixture
def period(session: Session) -> CommentPeriod:
    """A period in which both sides speak about money."""
    period = makers.comment_period(session)
    for position, texts in ((Position.SUPPORT, SUPPORT), (Position.OPPOSE, OPPOSE)):
        for body in texts:
            makers.comment(session, period, body=body, position=position)
    session.commit()
    run_once(WORK)
    session.expire_all()
    return period


def voices(session: Session, period: CommentPeriod, inputs: Inputs) -> Voices:
    return Voices(inputs, words_of(session, period, inputs, utcnow()).voices)


class TestVoices:
    def test_each_side_has_the_same_room_and_support_stands_first(
        self, session: Session, period: CommentPeriod
    ) -> None:
        said = voices(session, period, inputs_of(session, period, utcnow())).said(CONCERN)

        assert [(side.position, len(side.voices)) for side in said] == [
            ("support", 3),
            ("oppose", 3),
            ("", 0),
        ]

    def test_of_all_concerns_the_sides_stand_by_turns_and_nothing_twice(
        self, session: Session, period: CommentPeriod
    ) -> None:
        shown = voices(session, period, inputs_of(session, period, utcnow())).concrete()

        assert [voice.facts.position for voice in shown.voices][:2] == ["support", "oppose"]
        places = [(voice.quoted.comment.id, voice.quoted.start) for voice in shown.voices]
        assert len(places) == len(set(places))
        assert all(CONCERN in voice.concerns for voice in shown.voices)

    def test_a_kept_report_quotes_nothing_that_was_withdrawn_since_and_says_so(
        self, session: Session, period: CommentPeriod
    ) -> None:
        inputs = inputs_of(session, period, utcnow())
        before = voices(session, period, inputs).concrete(CONCERN)
        withdraw_comment(session, comment_of(session, OPPOSE[0]), None, utcnow())
        session.commit()

        after = voices(session, period, inputs).concrete(CONCERN)

        assert (len(before.voices), before.gone) == (2, 0)
        assert [voice.facts.position for voice in after.voices] == ["support"]
        assert after.gone == 1

    def test_a_kept_report_quotes_no_other_words_than_it_chose(
        self, session: Session, period: CommentPeriod
    ) -> None:
        inputs = inputs_of(session, period, utcnow())
        comment = comment_of(session, SUPPORT[0])
        comment.body, comment.body_digest = f"Now it says that it is otherwise: {comment.body}", "2" * 64
        session.commit()

        assert voices(session, period, inputs).concrete(CONCERN).gone == 1

    def test_the_inputs_hold_no_words(self, session: Session, period: CommentPeriod) -> None:
        told = repr(inputs_of(session, period, utcnow()).voices)

        assert told.count("VoiceFacts") > 8
        assert not [body for body in (*SUPPORT, *OPPOSE) if body[10:40] in told]

    def test_nor_anything_by_which_words_that_were_withdrawn_could_be_guessed(
        self, session: Session, period: CommentPeriod
    ) -> None:
        """Versions from before there was a key quote the same; a new one keeps nothing of theirs."""
        inputs = inputs_of(session, period, utcnow())
        texts = {fingerprint(body) for body in (*SUPPORT, *OPPOSE)}
        digests = {
            comment.tracking_number: comment.body_digest for comment in session.scalars(sa.select(Comment))
        }
        old = replace(
            inputs,
            voices=tuple(replace(each, digest=digests[each.tracking_number]) for each in inputs.voices),
        )

        held = held_back(old, inputs)

        for kept in (inputs, held):
            assert not [text for text in texts if text in dump(kept).decode()]
            assert len({(each.tracking_number, each.digest) for each in kept.voices}) == len(
                {each.digest for each in kept.voices}
            )
        assert held.voices == inputs.voices
        for one in (inputs, old):
            shown = voices(session, period, one).concrete(CONCERN)
            assert (len(shown.voices), shown.gone) == (2, 0)


class TestReportPage:
    @pytest.mark.parametrize("language", ["en", "es"])
    def test_shows_proposals_and_loses_them_in_the_same_second(
        self, session: Session, client: Client, period: CommentPeriod, language: str
    ) -> None:
        address = f"/{language}/reports/{period.slug}"
        assert "Instead of signing" in page(client.get(address)).text()

        withdraw_comment(session, comment_of(session, OPPOSE[1]), None, utcnow())
        session.commit()

        assert "Instead of signing" not in client.get(address).get_data(as_text=True)

    def test_a_translation_is_marked_as_a_persons_and_the_original_stays(
        self, session: Session, client: Client, period: CommentPeriod
    ) -> None:
        comment = session.scalars(sa.select(Comment).where(Comment.body == OPPOSE[1])).one()
        translate_comment(
            session,
            comment,
            language="es",
            body="En lugar de firmar, gasten ese dinero en dos enfermeras.",
            of_digest=digest_of_words(comment.body),
            translator=makers.user(session, RoleName.MODERATOR),
            today=NOON.date(),
        )
        session.commit()

        spanish = page(client.get(f"/es/reports/{period.slug}")).text()

        assert "Traducción hecha por una persona, de todo el comentario" in spanish
        assert "gasten ese dinero en dos enfermeras" in spanish
        assert "Instead of signing" in spanish
        assert "gasten ese dinero" not in page(client.get(f"/en/reports/{period.slug}")).text()
