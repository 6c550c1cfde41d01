"""Accounts and their roles, whoever asks for it."""

from __future__ import annotations

import time
from concurrent.futures import ThreadPoolExecutor

import pytest
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts import queries, service
from engage.accounts.models import RoleName, User
from engage.db.session import write_transaction
from engage.errors import NotFound
from tests.support import makers

LONG = "long enough to be one"


class TestAddUser:
    def test_stores_the_address_in_one_form(self, session: Session) -> None:
        user = service.add_user(session, email=" Ana@Example.ORG ", name=" Ana ", roles=[RoleName.HOST])

        assert (user.email, user.name, user.password) == ("ana@example.org", "Ana", None)
        assert user.role_names == {RoleName.HOST}

    def test_names_somebody_without_a_name_after_the_address(self, session: Session) -> None:
        assert (
            service.add_user(session, email="ana@example.org", name="", roles=[RoleName.HOST]).name == "ana"
        )

    def test_refuses_an_address_that_is_taken_in_any_spelling(self, session: Session) -> None:
        service.add_user(session, email="ana@example.org", name="Ana", roles=[RoleName.HOST])

        with pytest.raises(service.AddressTaken):
            service.add_user(session, email="ANA@example.org", name="Other", roles=[RoleName.HOST])

    @pytest.mark.parametrize("email", ["", "ana", "ana@", "@example.org", "ana@localhost", "a b@example.org"])
    def test_refuses_what_is_no_address(self, session: Session, email: str) -> None:
        with pytest.raises(service.BadAddress):
            service.add_user(session, email=email, name="Ana", roles=[RoleName.HOST])

    @pytest.mark.parametrize("password", ["elevenchars", "x" * 129])
    def test_refuses_a_password_of_the_wrong_length(self, session: Session, password: str) -> None:
        with pytest.raises(service.BadPassword):
            service.add_user(
                session, email="ana@example.org", name="", roles=[RoleName.HOST], password=password
            )


class TestLastAdministrator:
    @pytest.fixture
    def administrator(self, session: Session) -> User:
        """The only one, beside a deactivated one."""
        makers.user(session, RoleName.ADMINISTRATOR, active=False)
        return makers.user(session, RoleName.ADMINISTRATOR)

    def test_keeps_the_role(self, session: Session, administrator: User) -> None:
        with pytest.raises(service.LastAdministrator):
            service.set_roles(session, user=administrator, roles=[RoleName.HOST])

    def test_stays_active(self, session: Session, administrator: User) -> None:
        with pytest.raises(service.LastAdministrator):
            service.deactivate_user(session, user=administrator)

    def test_may_go_when_there_is_another(self, session: Session, administrator: User) -> None:
        makers.user(session, RoleName.ADMINISTRATOR)

        service.deactivate_user(session, user=administrator)

        assert not administrator.active

    def test_is_left_when_two_take_the_role_from_each_other_at_once(
        self, app: Flask, session: Session
    ) -> None:
        ids = [makers.user(session, RoleName.ADMINISTRATOR).id for _ in range(2)]
        session.commit()

        def demote(user_id: int) -> bool:
            with app.app_context(), write_transaction() as own:
                try:
                    service.set_roles(own, user=own.get_one(User, user_id), roles=[RoleName.HOST])
                except service.LastAdministrator:
                    return False
                return True

        with ThreadPoolExecutor(2) as pool:
            done = list(pool.map(demote, ids))

        assert sorted(done) == [False, True]


class TestSetRoles:
    def test_gives_exactly_these(self, session: Session) -> None:
        user = makers.user(session, RoleName.HOST, RoleName.CLERK)

        service.set_roles(session, user=user, roles=[RoleName.CLERK, RoleName.OFFICIAL])

        assert user.role_names == {RoleName.CLERK, RoleName.OFFICIAL}


class TestEndingSessions:
    def test_happens_with_every_change_that_may_answer_a_theft(self, session: Session) -> None:
        user = makers.user(session, RoleName.HOST)
        seen = {user.fs_uniquifier}
        service.set_password(session, user=user, password=LONG)
        seen.add(user.fs_uniquifier)
        service.reset_second_factor(session, user=user)
        seen.add(user.fs_uniquifier)
        makers.user(session, RoleName.ADMINISTRATOR)
        service.deactivate_user(session, user=user)
        seen.add(user.fs_uniquifier)

        assert len(seen) == 4


class TestInvitation:
    def test_is_for_one_account_until_its_password_is_set(self, session: Session) -> None:
        user = service.add_user(session, email="ana@example.org", name="Ana", roles=[RoleName.HOST])
        token = service.invitation_token(user)
        assert service.invited_user(session, token) is user

        service.set_password(session, user=user, password=LONG)

        assert service.invited_user(session, token) is None

    def test_does_not_work_when_it_is_made_up_or_the_account_is_not_active(self, session: Session) -> None:
        user = makers.user(session, RoleName.HOST, active=False)

        assert service.invited_user(session, "made-up") is None
        assert service.invited_user(session, service.invitation_token(user)) is None

    def test_works_for_three_days(self, session: Session, monkeypatch: pytest.MonkeyPatch) -> None:
        user, now = makers.user(session, RoleName.HOST), time.time()
        token = service.invitation_token(user)

        monkeypatch.setattr("itsdangerous.timed.time.time", lambda: now + 3 * 86400 + 60)

        assert service.invited_user(session, token) is None


def test_an_account_that_is_not_there_is_not_found(session: Session) -> None:
    with pytest.raises(NotFound):
        queries.get_user(session, 12345)
