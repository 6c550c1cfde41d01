"""Staff read all that is kept of them, and delete their account without leftovers."""

from __future__ import annotations

import json
from collections.abc import Callable

import sqlalchemy as sa
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName, User
from engage.comments.models import Disposition
from engage.db.session import db
from engage.models import Base
from engage.moderation.chain import verify_chain
from engage.moderation.service import post_comments
from tests.support import makers
from tests.support.makers import NOON
from tests.support.pages import Client

DELETE = "/en/staff/account/delete"


def moderator_who_posted(session: Session) -> User:
    person = makers.user(session, RoleName.MODERATOR, email="mo@example.org", name="Mo Marked")
    comment = makers.comment(session, makers.comment_period(session), disposition=Disposition.RECEIVED)
    post_comments(session, [comment], person, NOON)
    session.commit()
    return person


def test_the_file_holds_the_account_and_what_was_done_and_no_secret(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    person = moderator_who_posted(session)
    answer = sign_in(person).get("/en/staff/account/data.json")

    data = json.loads(answer.data)
    assert answer.headers["Content-Disposition"].startswith("attachment")
    assert data["account"]["email"] == "mo@example.org"
    assert [line["action"] for line in data["moderation"]] == ["post"]
    assert data["labels"] == []
    assert person.password is not None
    assert person.password not in answer.text


def test_a_deleted_account_leaves_a_number_and_a_log_that_holds(
    app: Flask, session: Session, sign_in: Callable[..., Client]
) -> None:
    person = moderator_who_posted(session)
    number = person.id
    browser = sign_in(person)

    assert browser.send(DELETE, email="MO@example.org").status_code == 303
    assert browser.get("/en/staff").status_code == 303

    session.expire_all()
    assert session.get_one(User, number).is_erased
    assert verify_chain(session).holds
    with db.engine.connect() as connection:
        rows = "".join(
            repr(row) for table in Base.metadata.sorted_tables for row in connection.execute(sa.select(table))
        )
    assert "mo@example.org" not in rows
    assert "Mo Marked" not in rows


def test_a_wrong_address_deletes_nothing(session: Session, sign_in: Callable[..., Client]) -> None:
    person = makers.user(session, RoleName.HOST, email="ho@example.org")
    session.commit()

    assert sign_in(person).send(DELETE, email="other@example.org").status_code == 422

    session.expire_all()
    assert not session.get_one(User, person.id).is_erased


def test_the_last_administrator_stays(session: Session, sign_in: Callable[..., Client]) -> None:
    person = makers.user(session, RoleName.ADMINISTRATOR, email="ad@example.org")
    session.commit()

    assert sign_in(person).send(DELETE, email="ad@example.org").status_code == 422


def test_an_erased_account_is_in_no_list_and_cannot_come_back(
    session: Session, sign_in: Callable[..., Client]
) -> None:
    person = makers.user(session, RoleName.HOST, email="ho@example.org")
    session.commit()
    sign_in(person).send(DELETE, email="ho@example.org")
    administrator = sign_in(RoleName.ADMINISTRATOR)

    assert "deleted.invalid" not in administrator.get("/en/staff/people").text
    again = administrator.post(
        f"/en/staff/people/{person.id}/reactivate", data={"csrf_token": administrator.csrf_token()}
    )
    assert again.status_code == 404
