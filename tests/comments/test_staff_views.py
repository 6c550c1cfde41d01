"""The staff's side of comment periods."""

from __future__ import annotations

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.comments.models import CommentPeriod
from engage.db.types import Localised
from tests.support import makers
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
NEW = "/en/staff/periods/new"
TYPED: dict[str, Any] = {
    "docket": "agreement",
    "slug": "jail",
    "title_en": "Jail agreement",
    "title_es": "Acuerdo de la cárcel",
    "summary_en": "What is proposed",
    "summary_es": "Lo que se propone",
    "plain_summary_en": "",
    "plain_summary_es": "",
    "instructions_en": "",
    "instructions_es": "",
    "notice_en": "The county asks",
    "notice_es": "El condado pregunta",
    "required_languages": ["en", "es"],
    "late_policy": "refuse",
    "time_zone": "America/Chicago",
    "opens_at": "2026-03-02T08:00",
    "closes_at": "2026-04-01T17:00",
    "text_limit": "3000",
    "is_published": "y",
}


@pytest.fixture
def clerk(session: Session, sign_in: SignIn) -> Client:
    """A clerk's browser, and a docket to add periods to."""
    makers.docket(session, slug="agreement")
    session.commit()
    return sign_in(RoleName.CLERK)


def only(session: Session) -> CommentPeriod:
    session.expire_all()
    return session.scalars(sa.select(CommentPeriod)).one()


def test_a_clerk_opens_a_period_in_both_languages_by_the_clocks_of_the_place(
    session: Session, clerk: Client, client: Client
) -> None:
    answer = clerk.send(NEW, **TYPED)

    period = only(session)
    assert (answer.status_code, answer.location) == (303, "/en/staff/periods/jail/edit")
    assert period.docket.slug == "agreement"
    assert period.title == Localised("Jail agreement", "Acuerdo de la cárcel")
    # Summer time begins between the two.
    assert period.opens_at == datetime(2026, 3, 2, 14, 0, tzinfo=UTC)
    assert period.closes_at == datetime(2026, 4, 1, 22, 0, tzinfo=UTC)
    assert period.text_limit == 3000
    assert "Acuerdo de la cárcel" in page(client.get("/es/periods/jail")).text(".//h1")
    assert "Jail agreement" in page(clerk.get("/en/staff/periods")).text()


def test_what_is_saved_comes_back_into_the_form(session: Session, clerk: Client) -> None:
    clerk.send(NEW, **TYPED)

    form = page(clerk.get("/en/staff/periods/jail/edit"))

    assert form.fields()["notice_es"].strip() == "El condado pregunta"
    assert form.field("title_es").get("value") == "Acuerdo de la cárcel"
    assert form.field("is_published").get("checked") is not None


def test_a_period_is_changed_and_keeps_its_address_and_the_dates_that_residents_have_seen(
    session: Session, clerk: Client
) -> None:
    clerk.send(NEW, **TYPED)

    changes = TYPED | {
        "closes_at": "2026-05-01T17:00",
        "slug": "other",
        "docket": "other",
        "title_en": "Jail",
    }
    changes |= {"late_policy": "accept_marked", "time_zone": "America/Denver", "published_at": "", "id": "9"}
    answer = clerk.send("/en/staff/periods/jail/edit", **changes)

    period = only(session)
    assert answer.status_code == 303
    assert period.title.en == "Jail"
    assert period.closes_at == datetime(2026, 4, 1, 22, 0, tzinfo=UTC)
    assert (period.slug, period.time_zone, period.late_policy) == ("jail", "America/Chicago", "refuse")
    assert period.published_at is not None


def test_a_draft_may_still_have_other_dates(session: Session, clerk: Client) -> None:
    draft = {name: value for name, value in TYPED.items() if name != "is_published"}
    clerk.send(NEW, **draft)
    late = {"late_policy": "accept_marked", "late_until": "2026-05-09T17:00"}

    clerk.send("/en/staff/periods/jail/edit", **draft | {"closes_at": "2026-05-01T17:00"} | late)

    assert only(session).closes_at == datetime(2026, 5, 1, 22, 0, tzinfo=UTC)
    assert only(session).late_until == datetime(2026, 5, 9, 22, 0, tzinfo=UTC)


@pytest.mark.parametrize(
    ("changes", "field"),
    [
        ({"slug": "Bad Slug"}, "slug"),
        ({"slug": ""}, "slug"),
        ({"docket": "no-such"}, "docket"),
        ({"opens_at": "2026-03-08T02:30"}, "opens_at"),
        ({"closes_at": "2026-03-02T08:00"}, "closes_at"),
        ({"closes_at": "soon"}, "closes_at"),
        ({"opens_at": ""}, "opens_at"),
        ({"time_zone": "Mars/Olympus"}, "time_zone"),
        ({"text_limit": "199"}, "text_limit"),
        ({"text_limit": "many"}, "text_limit"),
        ({"title_es": ""}, "title_es"),
        ({"summary_es": ""}, "summary_es"),
        ({"notice_en": ""}, "notice_en"),
        ({"notice_en": "", "notice_es": ""}, "notice_es"),
        ({"instructions_en": "By mail"}, "instructions_es"),
        ({"required_languages": []}, "required_languages"),
        ({"required_languages": ["fr"]}, "required_languages"),
        ({"late_policy": "shred"}, "late_policy"),
        ({"late_until": "2026-04-02T17:00"}, "late_until"),
        ({"late_policy": "accept_marked", "late_until": "2026-04-01T17:00"}, "late_until"),
        ({"late_policy": "accept_marked", "late_until": "2027-03-14T02:30"}, "late_until"),
    ],
)
def test_what_cannot_be_is_refused_with_what_was_typed(
    session: Session, clerk: Client, changes: dict[str, str], field: str
) -> None:
    answer = clerk.send(NEW, **TYPED | changes)

    assert answer.status_code == 422
    targets = page(answer).links(".//*[@class='errors']//a").values()
    assert any(target.removesuffix("-0") == f"#{field}" for target in targets)
    assert page(answer).all(".//*[@class='errors']//li")
    assert page(answer).field("title_en").get("value") == "Jail agreement"
    assert session.scalar(sa.select(sa.func.count()).select_from(CommentPeriod)) == 0


def test_an_address_that_is_taken_is_told_at_the_field(session: Session, clerk: Client) -> None:
    clerk.send(NEW, **TYPED)

    again = clerk.send(NEW, **TYPED)

    assert again.status_code == 422
    assert "#slug" in page(again).links(".//*[@class='errors']//a").values()


def test_the_hour_that_comes_twice_is_the_later_one(session: Session, clerk: Client) -> None:
    clerk.send(NEW, **TYPED | {"closes_at": "2026-11-01T01:30"})

    assert only(session).closes_at == datetime(2026, 11, 1, 7, 30, tzinfo=UTC)


def test_a_draft_is_seen_by_staff_only_and_cannot_be_drafted_again(
    session: Session, clerk: Client, client: Client
) -> None:
    clerk.send(NEW, **{name: value for name, value in TYPED.items() if name != "is_published"})
    assert client.get("/en/periods/jail").status_code == 404

    drafted = page(clerk.get("/en/staff/periods/jail/edit"))
    assert "Missing" not in drafted.text()
    clerk.send("/en/staff/periods/jail/edit", is_published="y", required_languages=["en", "es"])
    assert client.get("/en/periods/jail").status_code == 200

    form = page(clerk.get("/en/staff/periods/jail/edit")).fields()
    hidden = clerk.post(
        "/en/staff/periods/jail/edit",
        data={name: value for name, value in form.items() if name != "is_published"}
        | {"required_languages": ["en", "es"]},
    )
    assert hidden.status_code == 422
    assert client.get("/en/periods/jail").status_code == 200


@pytest.mark.parametrize("address", ["/en/staff/periods", NEW, "/en/staff/periods/jail/edit"])
def test_only_clerks_and_administrators_edit_periods(
    session: Session, client: Client, sign_in: SignIn, address: str
) -> None:
    makers.comment_period(session, slug="jail")
    session.commit()

    assert client.get(address).status_code == 303
    for role in RoleName:
        allowed = role in (RoleName.CLERK, RoleName.ADMINISTRATOR)
        assert sign_in(role).get(address).status_code == (200 if allowed else 403), role


def test_a_period_that_is_not_there_cannot_be_changed(clerk: Client) -> None:
    assert clerk.get("/en/staff/periods/never/edit").status_code == 404


def test_what_is_missing_is_told_with_the_name_of_its_field(clerk: Client) -> None:
    answer = clerk.send(NEW, **TYPED | {"title_es": "", "notice_es": ""})

    told = page(answer).links(".//*[@class='errors']//a")
    assert told == {
        "Title in Spanish: residents need this text in this language.": "#title_es",
        f"{label_of(answer, 'notice_es')}: residents need this text in this language.": "#notice_es",
    }


def label_of(answer: TestResponse, name: str) -> str:
    return page(answer).text(f".//label[@for='{name}']").removesuffix("(optional)").strip()


def test_the_list_of_what_is_missing_names_text_and_language(clerk: Client) -> None:
    clerk.send(
        NEW, **{name: value for name, value in TYPED.items() if name not in ("is_published", "notice_es")}
    )

    rows = [row.text for row in page(clerk.get("/en/staff/periods/jail/edit")).all(".//main//tbody//td")]

    assert [cell for cell in rows if cell] == ["English", "Written", "Español", "Written"] * 2 + [
        "English",
        "Written",
        "Español",
        "Missing",
    ]


def test_a_period_of_a_draft_docket_stays_a_draft_until_the_docket_is_published(
    session: Session, clerk: Client
) -> None:
    makers.docket(session, slug="hidden", published_at=None)
    session.commit()

    refused = clerk.send(NEW, **TYPED | {"docket": "hidden"})

    assert refused.status_code == 422
    assert "Publish the docket first" in page(refused).text(".//*[@role='alert']")
    # The address is still free: nothing was made.
    kept = clerk.send(NEW, **TYPED | {"docket": "hidden", "is_published": []})
    assert kept.status_code == 303
    edit = "/en/staff/periods/jail/edit"
    assert "/en/staff/dockets/hidden" in page(clerk.get(edit)).links(".//main//a").values()
    again = clerk.send(edit, is_published="y")
    assert again.status_code == 422
    assert "Publish the docket first" in page(again).text(".//*[@role='alert']")
    assert only(session).published_at is None
