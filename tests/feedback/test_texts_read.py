"""What people wrote is measured once, by the analyser in force, whoever tries and whatever fails."""

from __future__ import annotations

from datetime import timedelta

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.analysis import Analyser, Analysis
from engage.clock import utcnow
from engage.comments.redacted import RedactionKind
from engage.comments.spans import each_of
from engage.dockets.service import change_taxonomy
from engage.dockets.taxonomy import default_toml
from engage.feedback.models import FormQuote, FormReading, FormResult, FormText, HiddenFor, TextState
from engage.feedback.service import texts as service
from engage.feedback.service.quote import quote_due
from engage.feedback.service.read import read_due, stored_version
from engage.jobs.queue import run_once
from tests.feedback.texts import AFRAID, SAFER, form_with_texts, text
from tests.support import makers

JOBS = {"read": read_due, "quote": quote_due}


def again(session: Session, row: FormText) -> FormText:
    session.rollback()
    return session.get_one(FormText, row.id, populate_existing=True)


def test_a_text_gets_its_language_tone_and_concerns_and_the_counts_are_stale(session: Session) -> None:
    form = form_with_texts(session)
    row = text(session, form, AFRAID)
    session.commit()

    run_once(JOBS)

    read = again(session, row)
    assert (read.language, read.tone) == ("en", "negative")
    assert "community_trust" in [concern.code for concern in read.concerns]
    assert read.tone_score is not None
    assert read.analysed_with
    assert session.get_one(FormResult, form.id).is_stale
    assert read_due() == 0


def test_counts_are_stale_only_when_the_last_text_is_read(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("engage.feedback.service.read.BATCH", 2)
    form = form_with_texts(session)
    for number in range(3):
        text(session, form, f"{AFRAID} Number {number}.")
    session.commit()

    stale = []
    for _step in range(2):
        read_due()
        session.rollback()
        stale.append(session.get_one(FormResult, form.id, populate_existing=True).is_stale)

    assert stale == [False, True]


def test_confidential_texts_are_measured_like_the_others(session: Session) -> None:
    row = text(session, form_with_texts(session), AFRAID, "secret")
    session.commit()

    run_once(JOBS)

    assert again(session, row).tone == "negative"


def test_a_text_that_cannot_be_read_does_not_stop_the_others(
    session: Session, monkeypatch: pytest.MonkeyPatch
) -> None:
    form = form_with_texts(session)
    bad, good = text(session, form, "Unreadable words"), text(session, form, AFRAID)
    session.commit()
    real = Analyser.analyse

    def analyse(self: Analyser, words: str) -> Analysis:
        if words.startswith("Unreadable"):
            raise ValueError(words)
        return real(self, words)

    monkeypatch.setattr(Analyser, "analyse", analyse)
    run_once(JOBS)

    assert (again(session, bad).language, again(session, bad).tone) == ("und", "not_scored")
    assert again(session, good).tone == "negative"


def test_texts_are_read_again_when_the_taxonomy_of_the_docket_changes(session: Session) -> None:
    docket = makers.docket(session)
    change_taxonomy(session, docket, None)
    form = form_with_texts(session, docket=docket)
    row = text(session, form, AFRAID)
    session.commit()
    run_once(JOBS)
    before = again(session, row).analysed_with

    change_taxonomy(session, docket, default_toml().replace("version = 3", "version = 4", 1))
    session.commit()
    run_once(JOBS)

    after = again(session, row).analysed_with
    assert after != before
    assert after == stored_version(str(docket.analyser_version))
    assert session.get_one(FormReading, form.id).read_with == docket.analyser_version


def test_a_worker_of_another_release_leaves_texts_alone(session: Session) -> None:
    docket = makers.docket(session, analyser_version="of another release")
    row = text(session, form_with_texts(session, docket=docket), AFRAID)
    session.commit()

    assert run_once(JOBS) <= 1  # The form was compared once, and that is all.
    assert again(session, row).analysed_with is None


def test_what_was_struck_out_is_measured_no_more_and_found_no_more(session: Session) -> None:
    form = form_with_texts(session)
    row = text(session, form, "My name is Bartholomew Quux and the board should listen to us all today.")
    actor = makers.user(session, RoleName.MODERATOR)
    session.commit()
    run_once(JOBS)
    assert "bartholomew" in str(again(session, row).words)

    spans = each_of("Bartholomew Quux", row.body, RedactionKind.PERSON_NAME)
    service.strike_out(session, form, row.id, spans, actor, utcnow(), version=service.version_of(row))
    session.commit()
    assert again(session, row).words is None
    run_once(JOBS)

    read = again(session, row)
    assert "bartholomew" not in str(read.words) + read.body.casefold()
    assert "person_name" not in str(read.words)
    assert read.is_redacted
    assert read.analysed_with


def test_quotes_are_chosen_of_shown_texts_and_a_hidden_one_is_quoted_no_more(session: Session) -> None:
    form = form_with_texts(session)
    rows = [
        text(
            session, form, f"{AFRAID if number % 2 else SAFER} Reason number {number}.", state=TextState.SHOWN
        )
        for number in range(12)
    ]
    waiting = [text(session, form, f"A text that waits for number {number}.") for number in range(12)]
    actor = makers.user(session, RoleName.MODERATOR)
    session.commit()
    run_once(JOBS)
    quoted = set(session.scalars(sa.select(FormQuote.text_id)))
    assert quoted
    assert quoted <= {row.id for row in rows}
    assert not quoted & {row.id for row in waiting}

    gone = min(quoted)
    service.hide_texts(
        session, form, [gone], actor, utcnow(), seen=TextState.SHOWN, reason=HiddenFor.PERSONAL_DATA
    )
    session.commit()
    assert gone not in set(session.scalars(sa.select(FormQuote.text_id)))

    run_once(JOBS)
    assert gone not in set(session.scalars(sa.select(FormQuote.text_id)))


def test_of_few_texts_none_is_quoted(session: Session) -> None:
    form = form_with_texts(session, opens_at=utcnow() - timedelta(days=3))
    for number in range(9):
        text(session, form, f"{AFRAID} Number {number}.", state=TextState.SHOWN)
    session.commit()

    run_once(JOBS)

    assert session.scalars(sa.select(FormQuote)).all() == []
