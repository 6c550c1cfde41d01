"""The questions of a form as files: who may have which, and how a file takes the place of what is edited."""

from __future__ import annotations

import io
import json
from collections.abc import Callable
from pathlib import Path
from typing import Any

import pytest
import sqlalchemy as sa
from click.testing import CliRunner
from flask import Flask
from sqlalchemy.orm import Session

from engage.accounts.models import RoleName
from engage.errors import EngageError
from engage.feedback import cli
from engage.feedback.models import FeedbackForm
from engage.survey import surveyjs, xlsform, xlsform_read
from tests.support import makers
from tests.support.makers import questionnaire
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
UPLOAD = "/en/staff/forms/view/definition"
TWO = {
    "title": {"default": "Two", "es": "Dos"},
    "elements": [
        {"type": "text", "name": "First one", "title": {"default": "First?", "es": "¿Primera?"}},
        {"type": "rating", "name": "second", "title": {"default": "Second?", "es": "¿Segunda?"}},
    ],
}


@pytest.fixture
def form(session: Session) -> FeedbackForm:
    """A published form that somebody has answered."""
    form = makers.feedback_form(session, slug="view")
    makers.response(session, form, {"trust": "yes"})
    session.commit()
    return form


def working(session: Session) -> FeedbackForm:
    """The form as it is now."""
    session.rollback()
    session.expire_all()
    return session.scalars(sa.select(FeedbackForm)).one()


def look(browser: Client, survey: object, **fields: Any) -> Any:
    """Send a file to be looked at."""
    content = survey if isinstance(survey, bytes) else json.dumps(survey).encode()
    return browser.send(UPLOAD, file=(io.BytesIO(content), "form.json"), **fields)


def taking(looked_at: Any) -> dict[str, str]:
    """What the button under what was looked at sends."""
    fields = page(looked_at).fields()
    assert "definition" in fields
    return fields


class TestDownloads:
    def test_everybody_may_have_what_is_asked(self, client: Client, form: FeedbackForm) -> None:
        answer = client.get("/en/forms/view/definition.json")

        assert answer.mimetype == "application/json"
        assert answer.headers["Content-Disposition"] == "attachment; filename=view-v1.json"
        assert surveyjs.loads(answer.text) == questionnaire()

    def test_a_version_is_named_by_its_number(
        self, client: Client, form: FeedbackForm, session: Session
    ) -> None:
        assert client.get("/en/forms/view/definition.json?version=1").status_code == 200
        for number in (2, 0, -1, 10**30):
            assert client.get(f"/en/forms/view/definition.json?version={number}").status_code == 404

    def test_nobody_else_may_have_a_draft(self, client: Client, session: Session) -> None:
        makers.feedback_form(session, slug="view", published_at=None)
        session.commit()

        assert client.get("/en/forms/view/definition.json").status_code == 404

    def test_staff_may_have_the_workbook_and_the_json_of_what_is_edited(
        self, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        browser = sign_in(RoleName.CLERK)

        book = browser.get("/en/staff/forms/view/definition.xlsx")
        text = browser.get("/en/staff/forms/view/definition.json")

        assert book.mimetype == xlsform.MEDIA_TYPE
        assert xlsform_read.take(book.data).definition == questionnaire()
        assert surveyjs.loads(text.text) == questionnaire()

    def test_the_page_of_the_form_leads_to_them(self, sign_in: SignIn, form: FeedbackForm) -> None:
        links = page(sign_in(RoleName.CLERK).get("/en/staff/forms/view")).links(".//main//a")

        assert "/en/staff/forms/view/definition.xlsx?version=1" in links.values()
        assert UPLOAD in links.values()

    def test_another_hosts_form_is_not_there(self, sign_in: SignIn, form: FeedbackForm) -> None:
        browser = sign_in(RoleName.HOST)

        for address in ("definition.xlsx", "definition.json", "definition"):
            assert browser.get(f"/en/staff/forms/view/{address}").status_code == 404


class TestUpload:
    def test_a_look_changes_nothing_and_tells_what_would_be_asked(
        self, sign_in: SignIn, session: Session, form: FeedbackForm
    ) -> None:
        looked_at = look(sign_in(RoleName.CLERK), TWO)

        assert looked_at.status_code == 200
        assert "First?" in page(looked_at).text()
        assert "The question “First one” is called “First_one” here." in page(looked_at).text()
        assert surveyjs.read(working(session).working) == questionnaire()

    def test_a_look_tells_what_differs_in_both_languages_and_words(
        self, sign_in: SignIn, form: FeedbackForm
    ) -> None:
        browser = sign_in(RoleName.CLERK)
        told = page(look(browser, xlsform.write(questionnaire(), form_id="view"))).text()
        assert "Nothing: the file asks just what is edited now." in told
        assert "Only if “Do you trust it?” is “No”" in told
        assert "Do you trust it? (es)" in told

        told = page(look(browser, json.dumps(TWO).encode())).text()
        assert "Question taken out: trust" in told
        assert "New question: second" in told

    def test_taking_it_replaces_what_is_edited_and_leaves_the_versions(
        self, sign_in: SignIn, session: Session, form: FeedbackForm
    ) -> None:
        browser = sign_in(RoleName.CLERK)
        fields = taking(look(browser, TWO))

        answer = browser.post(UPLOAD, data=fields)

        assert answer.status_code == 303
        now = working(session)
        asked = surveyjs.read(now.working)
        assert [question.name for question in asked.questions()] == ["First_one", "second"]
        assert now.revision == 1
        assert [version.number for version in now.versions] == [1]
        assert now.versions[0].asked == questionnaire()

    def test_a_workbook_is_taken_too(self, sign_in: SignIn, session: Session, form: FeedbackForm) -> None:
        content = xlsform.write(questionnaire(), form_id="view")

        looked_at = look(sign_in(RoleName.CLERK), content)

        assert surveyjs.loads(taking(looked_at)["definition"]) == questionnaire()

    def test_pasted_json_is_taken_too(self, sign_in: SignIn, form: FeedbackForm) -> None:
        looked_at = sign_in(RoleName.CLERK).send(UPLOAD, text=json.dumps(TWO))

        assert "Second?" in page(looked_at).text()

    def test_an_error_names_its_place_and_changes_nothing(
        self, sign_in: SignIn, session: Session, form: FeedbackForm
    ) -> None:
        book = b"| survey |\n| | type | name | label |\n| | text | a | A |\n| | geopoint | b | B |\n"

        answer = sign_in(RoleName.CLERK).send(UPLOAD.replace("/en/", "/es/"), text=book.decode())

        assert answer.status_code == 422
        assert "Hoja “survey”, fila 3: “geopoint” revelaría dónde está la persona." in page(answer).text()
        assert surveyjs.read(working(session).working) == questionnaire()

    def test_who_was_overtaken_is_told_and_overwrites_nothing(
        self, sign_in: SignIn, session: Session, form: FeedbackForm
    ) -> None:
        browser = sign_in(RoleName.CLERK)
        fields = taking(look(browser, TWO))
        overtaking = working(session)
        overtaking.revision += 1
        session.commit()

        answer = browser.post(UPLOAD, data=fields)

        assert answer.status_code == 409
        assert "Somebody else has changed this form meanwhile" in page(answer).text()
        assert surveyjs.read(working(session).working) == questionnaire()

    @pytest.mark.parametrize("forged", ["{", '{"elements":[{"type":"file","name":"x"}]}', "[" * 5000])
    def test_what_a_browser_makes_up_is_read_like_any_file(
        self, sign_in: SignIn, session: Session, form: FeedbackForm, forged: str
    ) -> None:
        answer = sign_in(RoleName.CLERK).send(UPLOAD, definition=forged)

        assert answer.status_code == 422
        assert working(session).revision == 0

    @pytest.mark.parametrize("revision", ["", "x", "-1", "9" * 50])
    def test_a_revision_that_is_none_overwrites_nothing(
        self, sign_in: SignIn, session: Session, form: FeedbackForm, revision: str
    ) -> None:
        answer = sign_in(RoleName.CLERK).send(UPLOAD, definition=json.dumps(TWO), revision=revision)

        assert answer.status_code == 409
        assert working(session).revision == 0

    @pytest.mark.parametrize("content", [b"", b"hello", b"PK\x03\x04x", b"\xff\xfe", b"%PDF"])
    def test_what_is_no_form_gets_an_error(self, sign_in: SignIn, form: FeedbackForm, content: bytes) -> None:
        assert look(sign_in(RoleName.CLERK), content).status_code == 422

    def test_texts_of_a_file_are_texts_on_the_page(self, sign_in: SignIn, form: FeedbackForm) -> None:
        marker = "<script>alert(1)</script>{{ 7*7 }}%(x)s"
        survey = {"title": marker, "elements": [{"type": "text", "name": marker, "title": marker}]}

        looked_at = look(sign_in(RoleName.CLERK), survey)

        assert marker in page(looked_at).text()
        assert "<script>alert(1)" not in looked_at.text

    def test_a_host_may_not_once_the_form_is_with_the_clerks(self, sign_in: SignIn, session: Session) -> None:
        host = makers.user(session, RoleName.HOST)
        handed_over: dict[str, Any] = {"host_id": host.id, "published_at": None, "submitted_at": makers.NOON}
        makers.feedback_form(session, slug="view", **handed_over)
        session.commit()

        assert sign_in(host).get(UPLOAD).status_code == 403


class TestCommands:
    @pytest.fixture
    def run(self, app: Flask, monkeypatch: pytest.MonkeyPatch) -> Callable[..., Any]:
        """Run ``engage form`` on the site under test."""
        monkeypatch.setattr(cli, "create_app", lambda: app)
        return lambda *words: CliRunner().invoke(cli.form_group, list(map(str, words)))

    @pytest.mark.parametrize("kind", ["json", "xlsform"])
    def test_what_is_exported_is_imported_again(
        self, run: Callable[..., Any], session: Session, form: FeedbackForm, tmp_path: Path, kind: str
    ) -> None:
        out = tmp_path / "form"

        exported = run("export", "view", "--format", kind, "--out", out)
        imported = run("import", out, "--slug", "again")

        assert (exported.exit_code, imported.exit_code) == (0, 0), imported.output
        assert "3 questions on 2 pages" in imported.output
        made = session.scalars(sa.select(FeedbackForm).where(FeedbackForm.slug == "again")).one()
        assert surveyjs.read(made.working) == questionnaire()
        assert made.published_at is None

    def test_a_version_can_be_exported(
        self, run: Callable[..., Any], form: FeedbackForm, tmp_path: Path
    ) -> None:
        out = tmp_path / "form"

        assert run("export", "view", "--format", "json", "--out", out, "--version", 1).exit_code == 0
        missing = run("export", "view", "--format", "json", "--out", out, "--version", 2)
        assert isinstance(missing.exception, EngageError)

    def test_importing_into_a_form_replaces_what_is_edited(
        self, run: Callable[..., Any], session: Session, form: FeedbackForm, tmp_path: Path
    ) -> None:
        file = tmp_path / "form.json"
        file.write_text(json.dumps(TWO))

        dry = run("import", file, "--slug", "view", "--dry-run")
        assert working(session).revision == 0
        done = run("import", file, "--slug", "view")

        assert "Would be in “view”: 2 questions on 1 page" in dry.output
        assert done.exit_code == 0
        assert working(session).revision == 1
        assert working(session).versions[0].asked == questionnaire()

    def test_each_error_is_a_line_with_its_place(
        self, run: Callable[..., Any], form: FeedbackForm, tmp_path: Path
    ) -> None:
        file = tmp_path / "form.json"
        file.write_text(
            json.dumps({"elements": [{"type": "file", "name": "a"}, {"type": "image", "name": "b"}]})
        )

        result = run("import", file, "--slug", "view")

        assert isinstance(result.exception, EngageError)
        lines = [line.partition(":")[0] for line in result.output.splitlines()]
        assert lines == ["pages[0].elements[0]", "pages[0].elements[1]"]

    def test_an_address_that_is_none_is_refused(self, run: Callable[..., Any], tmp_path: Path) -> None:
        file = tmp_path / "form.json"
        file.write_text(json.dumps(TWO))

        assert isinstance(run("import", file, "--slug", "No Slug").exception, EngageError)
