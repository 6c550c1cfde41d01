"""The builder's pages: what staff can do to a form, and that nobody else can."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import replace
from typing import Any

import pytest
import sqlalchemy as sa
from sqlalchemy.orm import Session
from werkzeug.test import TestResponse

from engage.accounts.models import RoleName
from engage.clock import utcnow
from engage.db.types import Localised
from engage.feedback.models import FeedbackForm
from engage.survey import parts, surveyjs
from engage.survey.definition import Choice, Definition, Flag, Kind, Page, Question, Section
from engage.survey.expressions import parse
from tests.support import makers
from tests.support.makers import both, feedback_form, questionnaire
from tests.support.pages import Client, page

SignIn = Callable[..., Client]
STAFF = "/en/staff/forms/trust"
QUESTIONS = f"{STAFF}/questions"
MARKERS = ("<script>alert(1)</script>", '"><img src=x onerror=alert(1)>', "{{ 7*7 }}", "%(x)s %s")


@pytest.fixture
def form(session: Session) -> FeedbackForm:
    """A draft that asks three questions on two pages."""
    form = feedback_form(session, slug="trust", published_at=None)
    session.commit()
    return form


@pytest.fixture
def clerk(form: FeedbackForm, sign_in: SignIn) -> Client:
    """A clerk's browser, when the form is there."""
    return sign_in(RoleName.CLERK)


def asked(session: Session) -> Definition:
    """The working definition as it is now."""
    session.rollback()
    session.expire_all()
    row = session.scalars(sa.select(FeedbackForm).where(FeedbackForm.slug == "trust")).one()
    return surveyjs.read(row.working)


def question(session: Session, name: str) -> Question:
    """A question as it is now."""
    found = parts.part(asked(session), name)
    assert isinstance(found, Question)
    return found


def press(client: Client, url: str, *, revision: int | None = None, **fields: Any) -> TestResponse:
    """Send what a button sends, with the revision that the list shows."""
    if revision is None:
        revision = int(page(client.get(QUESTIONS)).field("revision").get("value", ""))
    return client.post(url, data={"csrf_token": client.csrf_token(), "revision": revision} | fields)


class TestTheList:
    def test_a_part_that_is_gone_leads_back_to_the_form(self, clerk: Client) -> None:
        answer = clerk.get(f"{QUESTIONS}/nothing/condition")

        assert answer.status_code == 404
        assert page(answer).links()["Go to the questions of the form"] == QUESTIONS

    def test_shows_all_in_order_with_conditions_in_words(self, clerk: Client) -> None:
        text = page(clerk.get(QUESTIONS)).text()

        assert "Page 1 of 2: Opinion" in text
        assert (
            text.index("1. Do you trust it?")
            < text.index("2. Why not?")
            < text.index("3. Where do you live?")
        )
        assert "Only if “Do you trust it?” is “No”." in text
        assert "About the person" in text

    def test_says_what_is_wrong_beside_the_question(self, session: Session, clerk: Client) -> None:
        press(clerk, f"{QUESTIONS}/trust/move", direction="down")

        shown = page(clerk.get(QUESTIONS))
        assert "not asked before it" in shown.text(".//*[@id='part-why']")

    @pytest.mark.parametrize("marker", MARKERS)
    def test_shows_every_text_as_text(self, session: Session, sign_in: SignIn, marker: str) -> None:
        said = both(marker)
        choice = Choice("a", said)
        one = Question(name="one", kind=Kind.SINGLE, title=said, help=said, choices=(choice,))
        rows = Question(name="rows", kind=Kind.MATRIX, title=said, rows=(choice,), choices=(choice,))
        two = replace(one, name="two", visible_if=parse("{one} = 'a' and {rows.a} = 'a'"))
        section = Section(name="inner", title=said, help=said, questions=(two,))
        first = Page(name="first", title=said, help=said, elements=(one, rows, section))
        feedback_form(
            session,
            Definition(title=said, intro=said, thanks=said, pages=(first,)),
            slug="trust",
            published_at=None,
        )
        session.commit()
        clerk = sign_in(RoleName.CLERK)
        addresses = (
            "", "/all-texts", "/first/heading", "/inner/heading", "/one", "/rows", "/two/condition",
            "/two/condition/line?about=one", "/two/condition/line?about=rows.a", "/two/remove", "/one/remove",
            "/one/move", "/take-from", "/take-from/form/trust", "/what-to-add",
        )  # fmt: skip

        for url in (*(f"{QUESTIONS}{address}" for address in addresses), f"{STAFF}/preview"):
            answer = clerk.get(url)
            assert answer.status_code == 200, url
            shown = page(answer)
            assert not shown.all(".//main//img") + shown.all(".//main//script"), url
            assert marker in " ".join(shown.root.itertext()) or "/what-to-add" in url, url


class TestParts:
    def test_move_and_say_where_they_are(self, session: Session, clerk: Client) -> None:
        answer = press(clerk, f"{QUESTIONS}/area/move", direction="up")

        assert answer.location.endswith("?at=area#part-area")
        assert [one.name for one in asked(session).pages[0].questions()] == ["trust", "why", "area"]
        told = page(clerk.get(answer.location)).text(".//*[@id='part-area']")
        assert "is number 3 of 3 in “Opinion” now" in told

    def test_move_to_another_page(self, session: Session, clerk: Client) -> None:
        clerk.send(f"{QUESTIONS}/why/move", into="person")

        assert [one.name for one in asked(session).pages[1].questions()] == ["area", "why"]

    def test_at_the_end_stay(self, session: Session, clerk: Client) -> None:
        press(clerk, f"{QUESTIONS}/person/move", direction="down")

        assert [one.name for one in asked(session).pages] == ["opinion", "person"]

    def test_are_copied(self, session: Session, clerk: Client) -> None:
        answer = press(clerk, f"{QUESTIONS}/why/copy")

        assert answer.location.endswith("#part-why_2")
        assert question(session, "why_2").visible_if == parse("{trust} = 'no'")

    def test_are_removed_when_asked(self, session: Session, clerk: Client) -> None:
        assert "Remove “Why not?”" in page(clerk.get(f"{QUESTIONS}/why/remove")).text()
        clerk.send(f"{QUESTIONS}/why/remove")

        assert asked(session).question("why") is None

    def test_that_conditions_ask_for_are_not_removed(self, session: Session, clerk: Client) -> None:
        shown = page(clerk.get(f"{QUESTIONS}/trust/remove"))
        answer = press(clerk, f"{QUESTIONS}/trust/remove")

        assert "Why not?" in shown.links(".//main//a")
        assert answer.status_code == 409
        assert asked(session).question("trust") is not None

    def test_pages_and_sections_are_added_and_changed(self, session: Session, clerk: Client) -> None:
        clerk.send(f"{QUESTIONS}/new-page?after=opinion", title_en="Middle", title_es="Medio")
        clerk.send(f"{QUESTIONS}/new-section?into=middle", title_en="Inner", title_es="Interior")
        clerk.send(f"{QUESTIONS}/inner/heading", title_en="Innermost", help_en="Read this.")

        assert [one.name for one in asked(session).pages] == ["opinion", "middle", "person"]
        inner = parts.part(asked(session), "inner")
        assert (inner.title.en, inner.title.es, inner.help.en) == ("Innermost", "Interior", "Read this.")

    def test_a_section_needs_a_title_and_stands_in_no_section(self, session: Session, clerk: Client) -> None:
        assert clerk.send(f"{QUESTIONS}/new-section?into=opinion").status_code == 422
        clerk.send(f"{QUESTIONS}/new-section?into=opinion", title_en="Inner")
        assert clerk.get(f"{QUESTIONS}/new-section?into=inner").status_code == 404

    def test_the_forms_own_texts_are_written(self, session: Session, clerk: Client) -> None:
        assert clerk.send(f"{QUESTIONS}/all-texts", title_en="", title_es="").status_code == 422
        clerk.send(f"{QUESTIONS}/all-texts", title_en="Trust", title_es="Confianza", thanks_en="Thanks!")

        assert (asked(session).title.es, asked(session).thanks.en) == ("Confianza", "Thanks!")

    @pytest.mark.parametrize(
        "url",
        ["/nothing", "/opinion", "/nothing/move", "/trust/heading", "/nothing/remove",
         "/new-question?kind=odd", "/what-to-add?into=trust", "/what-to-add?after=opinion",
         "/what-to-add?after=nothing", "/opinion/move", "/trust/condition/line?about=why",
         "/why/condition/line?about=nothing", "/take-from/template/nothing"],
    )  # fmt: skip
    def test_that_are_not_there_are_not_found(self, clerk: Client, url: str) -> None:
        assert clerk.get(f"{QUESTIONS}{url}").status_code == 404


class TestAQuestion:
    def test_of_every_kind_is_written(self, session: Session, clerk: Client) -> None:
        for kind in Kind:
            url = f"{QUESTIONS}/new-question?kind={kind}&into=opinion"
            lists = {"choices_en": ["A", "B"], "choices_es": ["A", "B"], "choices_value": ["", "two"]}
            rows = {"rows_en": ["R"], "rows_es": ["F"], "rows_value": [""]}
            typed: dict[str, Any] = {"title_en": f"My {kind}", "title_es": "Mía"} | lists | rows
            answer = clerk.send(url, **typed)
            assert answer.status_code == 303, (kind, page(answer).text())
            made = question(session, f"my_{kind}")
            assert made.kind is kind
            assert surveyjs.loads(surveyjs.dumps(asked(session))) == asked(session)
        assert question(session, "my_single").choices == (
            Choice("a", Localised("A", "A")),
            Choice("two", Localised("B", "B")),
        )
        assert [row.value for row in question(session, "my_matrix").rows] == ["r"]
        assert question(session, "my_short_text").choices == ()

    def test_keeps_its_condition_and_its_name_when_it_is_changed(
        self, session: Session, clerk: Client
    ) -> None:
        clerk.send(f"{QUESTIONS}/why", title_en="Why?", longest="500", confidential="y")

        why = question(session, "why")
        assert (why.title.en, why.longest, why.visible_if) == ("Why?", 500, parse("{trust} = 'no'"))
        assert why.flags == {Flag.CONFIDENTIAL}

    def test_under_a_new_name_takes_conditions_with_it(self, session: Session, clerk: Client) -> None:
        clerk.send(f"{QUESTIONS}/trust", name="confidence")

        assert question(session, "why").visible_if == parse("{confidence} = 'no'")

    def test_lists_are_edited_with_buttons_that_keep_nothing(self, session: Session, clerk: Client) -> None:
        url = f"{QUESTIONS}/trust"
        lists = {"choices_en": ["Yes", "No"], "choices_es": ["Sí", "No"], "choices_value": ["yes", "no"]}
        typed: dict[str, Any] = page(clerk.get(url)).fields() | lists

        def values(button: str, **more: Any) -> list[str | None]:
            shown = page(clerk.post(url, data=typed | more | {"do": button}))
            return [one.get("value") for one in shown.all(".//input[@name='choices_en']")]

        assert values("choices-add") == ["Yes", "No", ""]
        assert values("choices-up-1") == ["No", "Yes"]
        assert values("choices-up-0") == values("choices-down-1") == values("choices-odd-7") == ["Yes", "No"]
        assert values("choices-remove-0") == ["No"]
        assert values("choices-paste", choices_paste="Maybe | Quizás\n\nNever\tNunca") == [
            "Yes",
            "No",
            "Maybe",
            "Never",
        ]
        assert [one.value for one in question(session, "trust").choices] == ["yes", "no"]

    def test_pasted_lines_are_kept_when_it_is_saved(self, session: Session, clerk: Client) -> None:
        lists: dict[str, Any] = {"choices_en": ["Yes"], "choices_es": ["Sí"], "choices_value": ["yes"]}
        clerk.send(f"{QUESTIONS}/trust", **lists, choices_paste="Other | Otra\nYes|Sí")

        assert [one.value for one in question(session, "trust").choices] == ["yes", "other_2", "yes_2"]

    def test_shows_the_fields_of_another_kind_before_it_keeps_it(
        self, session: Session, clerk: Client
    ) -> None:
        looked = clerk.send(f"{QUESTIONS}/trust", kind="matrix")
        assert looked.status_code == 200
        assert page(looked).all(".//input[@name='rows_en']")
        assert question(session, "trust").kind is Kind.SINGLE

        lists = {"choices_en": ["Yes", "No"], "choices_es": ["", ""], "choices_value": ["yes", "no"]}
        fields = page(looked).fields() | {"rows_en": "Row"} | lists
        clerk.post(f"{QUESTIONS}/trust", data=fields)
        assert question(session, "trust").kind is Kind.MATRIX

    @pytest.mark.parametrize(
        ("kind", "typed", "said"),
        [
            ("single", {"title_en": "", "title_es": ""}, "Write what is asked"),
            ("single", {"title_en": "a\nb"}, "in one line"),
            ("single", {"name": "two words"}, "Begin with a letter"),
            ("single", {"name": "WHY"}, "is called “WHY”"),
            ("single", {"demographic": "y", "help_es": ""}, "say here what the answer is for"),
            ("single", {"choices_value": ["bad value", "b"]}, "A value begins with"),
            ("single", {"choices_value": ["other", "b"]}, "The value “other” is taken"),
            ("single", {"choices_value": ["b", "B"]}, "The value “B” is taken"),
            ("single", {"choices_en": ["x" * 301, "b"]}, "at most 300"),
            (
                "single",
                {"choices_en": ["", "b"], "choices_es": ["", ""], "choices_value": ["v", ""]},
                "Write what it",
            ),
            ("single", {"choices_paste": "\n".join(f"c{n}" for n in range(400))}, "300 lines at most"),
            ("number", {"minimum": "5", "maximum": "4"}, "has to be more"),
            ("number", {"minimum": "inf"}, "number in digits"),
            ("date", {"minimum": "20261126"}, "year, month, day"),
            ("scale", {"minimum": "1", "maximum": "30"}, "from 2 to 20 steps"),
            ("scale", {"minimum": "x"}, "whole number"),
            ("multiple", {"most_choices": "0"}, "from 1 to 300"),
            ("long_text", {"longest": "10001"}, "from 1 to 10,000"),
        ],
    )
    def test_says_what_is_wrong_and_keeps_what_was_typed(
        self, session: Session, clerk: Client, kind: str, typed: dict[str, Any], said: str
    ) -> None:
        lists = {"choices_en": ["A", "B"], "choices_es": ["A", "B"], "choices_value": ["a", "b"]}
        sent = {"title_en": "Title", "title_es": "Mío", "help_es": "Ayuda"} | lists | typed
        answer = clerk.send(f"{QUESTIONS}/new-question?kind={kind}", **sent)

        assert answer.status_code == 422
        shown = page(answer)
        assert said in shown.text(".//*[@class='errors']")
        for name in ("title_es", "help_es"):
            assert shown.fields()[name] == sent[name]
        assert len(list(asked(session).questions())) == 3

    def test_about_the_person_is_optional_and_can_be_refused(self, session: Session, clerk: Client) -> None:
        clerk.send(f"{QUESTIONS}/trust", demographic="y", is_required="y", help_en="To see whom we miss.")

        assert question(session, "trust").is_required is False
        assert question(session, "trust").refuse is True

    def test_more_than_two_hundred_are_refused(
        self, session: Session, clerk: Client, form: FeedbackForm
    ) -> None:
        many = tuple(Question(name=f"q{n}", kind=Kind.NOTE, title=both("Note")) for n in range(200))
        form = session.merge(form)
        form.working = surveyjs.write(
            Definition(title=both("Many"), pages=(Page(name="one", elements=many),))
        )
        session.commit()

        answer = clerk.send(f"{QUESTIONS}/new-question?kind=note", title_en="One more")
        assert answer.status_code == 422
        assert "200 questions at most" in page(answer).text()
        assert press(clerk, f"{QUESTIONS}/q1/copy").status_code == 409


class TestAChangeMeanwhile:
    def test_keeps_what_was_typed_and_is_overwritten_only_knowingly(
        self, session: Session, clerk: Client
    ) -> None:
        url = f"{QUESTIONS}/why"
        typed = page(clerk.get(url)).fields() | {"title_en": "My words"}
        press(clerk, f"{QUESTIONS}/area/move", direction="up")

        answer = clerk.post(url, data=typed)
        assert answer.status_code == 409
        shown = page(answer)
        assert "Somebody else has changed this form meanwhile" in shown.text()
        assert shown.fields()["title_en"] == "My words"
        assert question(session, "why").title.en == "Why not?"

        clerk.post(url, data=shown.fields())
        assert question(session, "why").title.en == "My words"
        assert [one.name for one in asked(session).pages[0].questions()] == ["trust", "why", "area"]

    @pytest.mark.parametrize("revision", ["1", "-1", "x", "", "99999999999999999999", "٣"])
    def test_a_button_of_an_old_list_does_nothing(
        self, session: Session, clerk: Client, revision: Any
    ) -> None:
        answer = press(clerk, f"{QUESTIONS}/trust/move", revision=revision, direction="down")

        assert answer.status_code == 409
        assert [one.name for one in asked(session).pages[0].questions()] == ["trust", "why"]


class TestConditions:
    def test_are_put_together_line_by_line(self, session: Session, clerk: Client) -> None:
        clerk.send(f"{QUESTIONS}/new-question?kind=number&into=opinion", title_en="Age")
        url = f"{QUESTIONS}/person/condition"
        assert set(page(clerk.get(url)).field("about").itertext()) >= {"Do you trust it?", "Why not?", "Age"}
        clerk.send(f"{url}/line?about=trust", operator="anyof", value=["yes", "no"])
        clerk.send(f"{url}/line?about=age", operator=">=", value="18")

        assert parts.part(asked(session), "person").visible_if == parse(
            "{trust} anyof ['yes', 'no'] and {age} >= 18"
        )
        press(clerk, url, do="join", join="any")
        assert parts.part(asked(session), "person").visible_if == parse(
            "{trust} anyof ['yes', 'no'] or {age} >= 18"
        )
        press(clerk, url, do="remove-0")
        assert parts.part(asked(session), "person").visible_if == parse("{age} >= 18")
        press(clerk, url, do="clear")
        assert parts.part(asked(session), "person").visible_if is None

    @pytest.mark.parametrize(
        "typed",
        [{"operator": "odd"}, {"operator": "="}, {"operator": "=", "value": "odd"},
         {"operator": "=", "value": ["yes", "no"]}, {"operator": ">", "value": "yes"}],
    )  # fmt: skip
    def test_lines_that_say_nothing_are_refused(
        self, session: Session, clerk: Client, typed: dict[str, Any]
    ) -> None:
        answer = press(clerk, f"{QUESTIONS}/person/condition/line?about=trust", **typed)

        assert answer.status_code == 422
        assert parts.part(asked(session), "person").visible_if is None

    def test_what_lines_cannot_say_is_shown_in_words_and_kept(
        self, session: Session, clerk: Client, form: FeedbackForm
    ) -> None:
        url = f"{QUESTIONS}/area/condition"
        press(clerk, url, do="text", text="{trust} = 'no' or ({trust} = 'yes' and !({why} empty))")

        shown = page(clerk.get(url))
        assert (
            "“Do you trust it?” is “No” or (“Do you trust it?” is “Yes” and “Why not?” is answered)"
            in shown.text()
        )
        assert not shown.all(".//select[@name='about']")
        assert clerk.get(f"{url}/line?about=trust").status_code == 404

    def test_a_text_that_cannot_be_read_says_at_which_character(
        self, session: Session, clerk: Client
    ) -> None:
        answer = press(clerk, f"{QUESTIONS}/area/condition", do="text", text="{trust} = 'no' nonsense")
        assert answer.status_code == 422
        assert "“nonsense” is not understood here (character 16)" in page(answer).text(
            ".//*[@class='errors']"
        )
        assert page(answer).field("text").text == "{trust} = 'no' nonsense"

        early = press(clerk, f"{QUESTIONS}/area/condition", do="text", text="{trust} =")
        assert "ends too early" in page(early).text(".//*[@class='errors']")

    @pytest.mark.parametrize(
        ("typed", "told"),
        [
            ("{nobody} = 'no'", "a question that does not exist. It is this: “nobody”."),
            ("{area} = 'no'", "a question that is not asked before it. It is this: “area”."),
            ("{trust} = 'maybe'", "an answer that the earlier question does not offer. It is this: “maybe”."),
        ],
    )
    def test_a_text_that_it_cannot_go_by_is_refused_and_kept_as_typed(
        self, session: Session, clerk: Client, typed: str, told: str
    ) -> None:
        before = parts.part(asked(session), "area").visible_if
        answer = press(clerk, f"{QUESTIONS}/area/condition", do="text", text=typed)

        assert answer.status_code == 422
        assert told in page(answer).text(".//*[@class='errors']")
        assert page(answer).field("text").text == typed
        assert parts.part(asked(session), "area").visible_if == before

    def test_there_are_five_lines_at_most(self, session: Session, clerk: Client) -> None:
        url = f"{QUESTIONS}/area/condition"
        press(clerk, url, do="text", text=" and ".join(["{trust} = 'no'"] * 5))

        assert "five lines" in page(clerk.get(url)).text()
        assert clerk.get(f"{url}/line?about=trust").status_code == 404


class TestTaking:
    def test_a_whole_template(self, session: Session, clerk: Client) -> None:
        url = f"{QUESTIONS}/take-from/template/meeting-feedback?into=person"
        names = [one.get("value") for one in page(clerk.get(url)).all(".//input[@name='question']")]
        answer = press(clerk, url, question=names)

        assert answer.location.endswith("#part-satisfaction")
        assert question(session, "interpretation").visible_if == parse("{used_interpretation} = 'yes'")

    def test_single_questions_leave_their_condition_and_say_so(self, session: Session, clerk: Client) -> None:
        answer = press(clerk, f"{QUESTIONS}/take-from/template/meeting-feedback", question=["interpretation"])

        assert question(session, "interpretation").visible_if is None
        title = question(session, "interpretation").title.en
        assert f"shown to everybody: “{title}”" in page(clerk.get(answer.location)).text()

    def test_from_another_form_under_names_that_are_free(self, session: Session, clerk: Client) -> None:
        other = questionnaire()
        inner = Section(name="inner", title=both("Inner"), questions=tuple(other.pages[0].questions()))
        feedback_form(session, replace(other, pages=(Page(name="one", elements=(inner,)),)), slug="other")
        session.commit()
        assert "Trust in the sheriff" in page(clerk.get(f"{QUESTIONS}/take-from")).links(".//main//a")
        press(clerk, f"{QUESTIONS}/take-from/form/other?into=person", question=["trust", "why"])

        assert question(session, "why_2").visible_if == parse("{trust_2} = 'no'")
        assert isinstance(parts.part(asked(session), "inner"), Section)

    def test_nothing_is_refused(self, clerk: Client) -> None:
        assert press(clerk, f"{QUESTIONS}/take-from/template/about-you").status_code == 422


class TestWhoMay:
    @pytest.mark.parametrize("role", [RoleName.RESIDENT, RoleName.OFFICIAL, RoleName.MODERATOR])
    def test_residents_officials_and_moderators_build_nothing(
        self, session: Session, form: FeedbackForm, sign_in: SignIn, role: RoleName
    ) -> None:
        other = sign_in(role)
        for url in (
            "",
            "/all-texts",
            "/what-to-add",
            "/new-question?kind=note",
            "/trust",
            "/trust/remove",
            "/trust/condition",
            "/take-from",
        ):
            assert other.get(f"{QUESTIONS}{url}").status_code == 403
        sent = {"csrf_token": other.csrf_token(), "revision": 0, "direction": "down"}
        assert other.post(f"{QUESTIONS}/trust/move", data=sent).status_code == 403
        assert other.get(f"{STAFF}/preview").status_code == 403

    def test_a_host_builds_their_own_and_finds_no_other(self, session: Session, sign_in: SignIn) -> None:
        host, other = makers.user(session, RoleName.HOST), makers.user(session, RoleName.HOST)
        feedback_form(session, slug="trust", published_at=None, host_id=host.id)
        feedback_form(session, slug="foreign", published_at=None, host_id=other.id)
        session.commit()
        mine = sign_in(host)

        mine.send(f"{QUESTIONS}/why", title_en="Mine")
        assert question(session, "why").title.en == "Mine"
        assert mine.get("/en/staff/forms/foreign/questions").status_code == 404
        assert mine.get("/en/staff/forms/foreign/preview").status_code == 404
        assert mine.get(f"{QUESTIONS}/take-from/form/foreign").status_code == 404
        assert "foreign" not in mine.get(f"{QUESTIONS}/take-from").get_data(as_text=True)
        sent = {"csrf_token": mine.csrf_token(), "revision": 0, "question": "trust"}
        assert mine.post(f"{QUESTIONS}/take-from/form/foreign", data=sent).status_code == 404

    def test_a_host_reads_and_does_not_write_what_is_with_the_clerks(
        self, session: Session, sign_in: SignIn
    ) -> None:
        host = makers.user(session, RoleName.HOST)
        feedback_form(session, slug="trust", published_at=None, host_id=host.id, submitted_at=utcnow())
        session.commit()
        mine = sign_in(host)

        shown = page(mine.get(QUESTIONS))
        assert "with the clerks" in shown.text()
        assert not shown.all(".//main//button")
        assert mine.get(f"{QUESTIONS}/why").status_code == 403
        assert press(mine, f"{QUESTIONS}/trust/move", direction="down").status_code == 403

    def test_nothing_but_the_questions_is_written(self, session: Session, clerk: Client) -> None:
        more = {"slug": "stolen", "host_id": "1", "published_at": "2020-01-01", "status": "open",
                "entry": "code", "submitted_at": "2020-01-01", "working": "{}"}  # fmt: skip
        clerk.send(f"{QUESTIONS}/why", title_en="New", **more)
        clerk.send(f"{QUESTIONS}/all-texts", title_en="New", **more)

        session.rollback()
        session.expire_all()
        kept = session.scalars(sa.select(FeedbackForm)).one()
        assert (kept.slug, kept.host_id, kept.published_at, kept.submitted_at) == ("trust", None, None, None)
        assert kept.entry == "anybody"
        assert kept.revision == 2


class TestThePreview:
    def test_goes_page_by_page_with_conditions_at_work_and_keeps_nothing(
        self, session: Session, clerk: Client
    ) -> None:
        url = f"{STAFF}/preview"
        first = page(clerk.get(url))
        assert "Do you trust it?" in first.text()
        assert "Why not?" not in first.text()
        shown = clerk.post(url, data=first.fields() | {"q-trust": "no", "do": "stay"})
        assert "Why not?" in page(shown).text()

        assert clerk.post(url, data=first.fields() | {"do": "next"}).status_code == 422
        second = page(clerk.post(url, data=first.fields() | {"q-trust": "no", "do": "next"}))
        assert "Where do you live?" in second.text()
        assert second.fields()["q-trust"] == "no"
        back = page(clerk.post(url, data=second.fields() | {"q-area": "north", "do": "back"}))
        assert "Why not?" in back.text()
        done = page(clerk.post(url, data=second.fields() | {"q-area": "north", "do": "next"}))
        assert "Thank you" in done.text()

    def test_is_there_in_both_languages(self, clerk: Client) -> None:
        first = page(clerk.get(f"{STAFF}/preview"))

        spanish = page(clerk.post("/es/staff/forms/trust/preview", data=first.fields() | {"q-trust": "no"}))
        assert spanish.root.get("lang") == "es"
        assert "Why not? (es)" in spanish.text() or "Why not?" in spanish.text()


class TestAFormWithNothing:
    def test_begins_with_a_page_that_is_kept_with_its_first_question(
        self, session: Session, sign_in: SignIn
    ) -> None:
        feedback_form(session, Definition(title=both("New")), slug="trust", published_at=None)
        session.commit()
        clerk = sign_in(RoleName.CLERK)

        assert "Page 1 of 1" in page(clerk.get(QUESTIONS)).text()
        assert "nothing to ask yet" in page(clerk.get(f"{STAFF}/preview")).text()
        clerk.send(f"{QUESTIONS}/new-question?kind=note", title_en="Hello")
        assert [one.name for one in asked(session).pages] == ["page_1"]
