"""Form letters in the queue: copies together, everybody's own words to be read, no member hidden."""

from __future__ import annotations

from collections.abc import Callable

import sqlalchemy as sa
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.comments.models import Campaign, Comment, CommentFlag, Disposition, Flag
from engage.moderation.models import LogReason, ModerationEvent
from tests.campaigns.letters import LETTER, OTHER_LETTER, OWN, campaign_of, comments, group
from tests.support import makers
from tests.support.pages import Client

SignIn = Callable[..., Client]
WAITING = {"disposition": Disposition.RECEIVED}


def waiting_letter(session: Session) -> tuple[int, list[Comment], Comment, Comment]:
    """A letter: its id, three copies that wait, one of them with a flag, and one with own words."""
    period = makers.comment_period(session)
    *copies, flagged = comments(session, period, *[LETTER] * 3, **WAITING)
    (own,) = comments(session, period, f"{LETTER} {OWN}", **WAITING)
    session.add(CommentFlag(comment_id=flagged.id, flag=Flag.CONTESTED))
    comments(session, period, OTHER_LETTER, **WAITING)
    group(session)
    number = campaign_of(session, own)
    assert number is not None
    return number, copies, flagged, own


def states(session: Session, *some: Comment) -> list[Disposition]:
    session.commit()
    return [session.get_one(Comment, one.id, populate_existing=True).disposition for one in some]


def test_shows_the_letter_once_and_sets_apart_what_was_added(session: Session, sign_in: SignIn) -> None:
    number, copies, flagged, own = waiting_letter(session)
    moderator = sign_in(RoleName.MODERATOR)

    page = moderator.get(f"/en/staff/letters/{number}").get_data(as_text=True)

    assert f"added:</span> {OWN[:-1]}" in page
    for comment in (*copies, flagged, own):
        assert comment.tracking_number in page
    assert page.count('name="copy"') == 2
    assert page.count('name="comment"') == 2
    assert f"/en/staff/letters/{number}" in moderator.get("/en/staff/letters").get_data(as_text=True)
    assert "4 of the comments that wait are versions" in moderator.get("/en/staff/queue").get_data(
        as_text=True
    )


def test_one_decision_posts_all_copies_and_nothing_else(session: Session, sign_in: SignIn) -> None:
    number, copies, flagged, own = waiting_letter(session)

    sent = sign_in(RoleName.MODERATOR).send(
        f"/en/staff/letters/{number}",
        copies="y",
        copy=[comment.tracking_number for comment in copies],
        decision="post",
    )

    assert sent.status_code == 303
    assert states(session, *copies) == [Disposition.POSTED] * 2
    assert states(session, flagged, own) == [Disposition.RECEIVED] * 2


def test_a_copy_that_comes_meanwhile_is_not_decided_unseen(session: Session, sign_in: SignIn) -> None:
    number, copies, *_ = waiting_letter(session)
    (late,) = comments(session, copies[0].period, LETTER, **WAITING)
    group(session)

    sign_in(RoleName.MODERATOR).send(
        f"/en/staff/letters/{number}",
        copies="y",
        copy=[comment.tracking_number for comment in copies],
        decision="post",
    )

    assert states(session, late, *copies) == [Disposition.RECEIVED, Disposition.POSTED, Disposition.POSTED]


def test_several_are_kept_from_readers_for_one_reason_and_taken_back(
    session: Session, sign_in: SignIn
) -> None:
    number, copies, flagged, own = waiting_letter(session)
    moderator = sign_in(RoleName.MODERATOR)
    address = f"/en/staff/letters/{number}"

    sent = moderator.send(
        address,
        copies="y",
        copy=[comment.tracking_number for comment in copies],
        comment=[flagged.tracking_number],
        decision="restrict",
        reason="spam",
    )
    assert states(session, *copies, flagged, own) == [Disposition.RESTRICTED] * 3 + [Disposition.RECEIVED]
    reasons = session.scalars(sa.select(ModerationEvent.reason)).all()
    assert reasons == [LogReason.SPAM] * 3

    undone = moderator.send(sent.location, form=f".//main//form[@action='{address}/undo']")
    assert undone.status_code == 303
    assert states(session, *copies, flagged, own) == [Disposition.RECEIVED] * 4


def test_nothing_is_decided_without_a_tick_or_a_reason(session: Session, sign_in: SignIn) -> None:
    number, copies, _, own = waiting_letter(session)
    moderator = sign_in(RoleName.MODERATOR)
    address = f"/en/staff/letters/{number}"
    numbers = [comment.tracking_number for comment in copies]

    for typed in (
        {"decision": "post", "copy": numbers},
        {"decision": "restrict", "comment": own.tracking_number},
        {"decision": "burn", "comment": own.tracking_number},
    ):
        assert moderator.send(address, **typed).status_code == 422
    assert moderator.send(address, decision="post", comment="nothing").status_code == 404
    assert states(session, *copies, own) == [Disposition.RECEIVED] * 3


def test_staff_state_who_wrote_the_letter_and_everybody_reads_it(
    session: Session, sign_in: SignIn, client: Client
) -> None:
    number, copies, flagged, _ = waiting_letter(session)
    moderator = sign_in(RoleName.MODERATOR)
    address = f"/en/staff/letters/{number}"
    form = f".//main//form[@action='{address}/organiser']"

    assert moderator.send(address, form=form, organiser="<b>River</b> Coalition").status_code == 303
    session.rollback()
    for comment in (*copies, flagged):
        comment.disposition = Disposition.POSTED
    session.commit()
    page = client.get(f"/en/campaigns/{number}").get_data(as_text=True)
    assert "&lt;b&gt;River&lt;/b&gt; Coalition" in page

    assert moderator.send(address, form=form, organiser="").status_code == 303
    session.commit()
    assert session.get_one(Campaign, number, populate_existing=True).organiser is None


def test_a_letter_that_is_not_there_is_not_found(session: Session, sign_in: SignIn) -> None:
    assert sign_in(RoleName.MODERATOR).get("/en/staff/letters/12345").status_code == 404
