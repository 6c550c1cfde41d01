"""Every component, rendered without the site: what a reader, a screen reader and a browser are given."""

from __future__ import annotations

import math
import re
from typing import Any

import pytest
from flask import Flask
from werkzeug.datastructures import MultiDict

from engage import paths
from engage.db.types import Localised
from tests.support.pages import Page, check_page
from tests.web.preview import EXAMPLES, PreviewForm, gallery, received, render, render_source

LANGUAGES = ("en", "es")
ERRORS = sorted(path.name for path in (paths.TEMPLATES / "errors").glob("*.html"))
PAGES = ["pages/home.html", "pages/privacy.html", "pages/accessibility.html"]


def component(name: str, call: str, **context: Any) -> Page:
    """What one call of a macro of ``components/{name}.html`` gives, as a parsed page."""
    macro = call.split("(")[0]
    return Page(
        render_source(f'{{% from "components/{name}.html" import {macro} %}}{{{{ {call} }}}}', **context)
    )


def field(name: str, sent: dict[str, str] | None = None, options: str = "") -> Page:
    """One field of the preview's form; with ``sent`` after it was checked."""
    form = PreviewForm(MultiDict(sent) if sent is not None else None)
    if sent is not None:
        form.validate()
    return component("field", f"field(control{options})", control=form[name])


class TestWholePages:
    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("sent", [None, {}], ids=["fresh", "with errors"])
    def test_all_components_together_make_a_valid_page(
        self, language: str, sent: dict[str, list[str]] | None
    ) -> None:
        check_page(gallery(language, sent))

    @pytest.mark.parametrize("language", LANGUAGES)
    @pytest.mark.parametrize("template", [f"errors/{name}" for name in ERRORS] + PAGES)
    def test_every_page_of_ours_is_valid_in_both_languages(self, template: str, language: str) -> None:
        html = render(language, template, **EXAMPLES.get(template, {}))

        check_page(html)
        assert Page(html).root.get("lang") == language

    @pytest.mark.parametrize("html", [gallery("en"), gallery("es", {}), received("en")])
    def test_nothing_on_a_page_breaks_the_content_security_policy(self, html: str) -> None:
        root = Page(html).root

        attributes = [name for element in root.iter() for name in element.attrib]
        assert [name for name in attributes if name == "style" or name.startswith("on")] == []
        assert [script.get("nonce") for script in root.iter("script")] == ["preview-nonce"]
        # Only the way out in a hurry leads to another site, and only who presses it goes there.
        elsewhere = re.findall(r"""(src|href|action)=["']((?:https?:)?//[^"']*)""", html)
        assert set(elsewhere) <= {("href", "https://weather.example/")}


class TestPage:
    def test_begins_with_a_link_past_everything(self) -> None:
        page = Page(received("en"))

        first = next(element for element in page.one(".//body").iter("a"))
        assert (first.get("href"), page.one(".//main").get("id")) == ("#main", "main")

    def test_marks_the_language_that_is_shown_and_names_each_in_itself(self) -> None:
        links = Page(received("es")).all(".//nav[@class='languages']//a")

        assert [(a.get("lang"), a.text, a.get("aria-current")) for a in links] == [
            ("en", "English", None),
            ("es", "Español", "true"),
        ]

    def test_signs_out_by_a_form_with_a_token(self) -> None:
        person = {"name": "Ana", "role_names": ["Moderator"]}
        html = render("en", "pages/privacy.html", signed_in=person)

        form = Page(html).one(".//form")
        assert form.get("method") == "post"
        assert form.find(".//input[@name='csrf_token']") is not None

    def test_says_error_first_in_the_title_when_a_form_has_errors(self) -> None:
        assert Page(gallery("en", {})).text(".//title").startswith("Error: ")
        assert not Page(gallery("en")).text(".//title").startswith("Error")


class TestErrorPages:
    def test_show_the_id_that_finds_the_log_line(self) -> None:
        assert "5f3a9c" in Page(render("en", "errors/500.html", error_id="5f3a9c")).text()

    def test_ask_for_no_account_and_no_message(self) -> None:
        def refuse(**_options: bool) -> list[str]:
            raise AssertionError("the session was read")

        for name in ERRORS:
            context = EXAMPLES.get(f"errors/{name}", {}) | {"get_flashed_messages": refuse}
            html = render("en", f"errors/{name}", **context)
            assert "accounts" not in html

    def test_give_the_text_back_in_a_form_that_can_be_sent_again(self) -> None:
        typed = [("client_token", "k2"), ("body", 'First\n"second" & <b>'), ("position", "oppose")]

        page = Page(render("en", "errors/stale.html", typed=typed))

        assert page.fields() == {
            "csrf_token": "preview-token",
            "client_token": "k2",
            "body": 'First\n"second" & <b>',
            "position": "oppose",
        }

    @pytest.mark.parametrize("words", ["two words", "No.", "我反对", "one\nbreak"])
    def test_give_the_text_back_to_copy_where_it_cannot_be_sent_again(self, words: str) -> None:
        page = Page(
            render(
                "en", "errors/409.html", message="Closed.", typed=[("client_token", "k2"), ("body", words)]
            )
        )

        assert page.one(".//textarea").text == words or page.one(".//textarea").text == f"\n{words}"
        assert page.all(".//main//form") == []


class TestField:
    def test_ties_hint_limit_and_error_to_the_control(self) -> None:
        page = field("body", {"body": ""})
        control = page.field("body")

        assert control.get("aria-invalid") == "true"
        described = (control.get("aria-describedby") or "").split()
        assert [page.text(f".//*[@id='{name}']") for name in described] == [
            "Write in any language. Leave out phone numbers and addresses.",
            "You can write up to 200 characters.",
            "Error: Write your comment.",
        ]

    def test_lets_a_text_be_too_long_instead_of_cutting_it(self) -> None:
        page = field("body", {"body": "x" * 300})

        assert page.field("body").get("maxlength") is None
        assert page.one(".//*[@data-counter]").get("data-counter") == "200"
        assert (page.field("body").text or "").strip() == "x" * 300

    def test_is_silent_where_nothing_has_to_be_said(self) -> None:
        control = field("district").field("district")

        assert control.get("aria-describedby") is None
        assert control.get("aria-invalid") is None

    def test_passes_other_attributes_to_the_control(self) -> None:
        control = field("email", options=', autocomplete="email", class="input--medium"').field("email")

        assert control.get("autocomplete") == "email"
        assert control.get("class") == "usa-input input--medium"

    @pytest.mark.parametrize(("name", "kind", "count"), [("position", "radio", 3), ("topics", "checkbox", 3)])
    def test_groups_choices_under_a_legend(self, name: str, kind: str, count: int) -> None:
        page = field(name, {})
        options = page.all(".//fieldset//input")

        assert page.all(".//legend") != []
        assert [option.get("type") for option in options] == [kind] * count
        assert len({option.get("id") for option in options}) == count

    @pytest.mark.parametrize(("name", "expected"), [("name", True), ("body", False), ("agree", False)])
    def test_says_what_is_optional(self, name: str, expected: bool) -> None:
        page = field(name)

        assert ("(optional)" in "".join(page.root.itertext())) is expected

    def test_shows_script_as_text(self) -> None:
        page = field("name", {"name": '"><script>alert(1)</script>'})

        assert page.all(".//script") == []
        assert page.field("name").get("value") == '"><script>alert(1)</script>'


class TestErrorSummary:
    def test_links_to_each_control_and_takes_the_focus(self) -> None:
        page = Page(gallery("en", {"district": [""]}))
        summary = page.one(".//div[@class='errors']")

        targets = [(a.get("href") or "")[1:] for a in summary.iter("a")]
        assert targets == ["body", "position-0", "email"]
        assert all(page.one(f".//*[@id='{target}']").tag in ("input", "textarea") for target in targets)
        assert summary.get("autofocus") is not None
        assert summary.get("tabindex") == "-1"

    def test_is_absent_when_all_is_well(self) -> None:
        assert Page(gallery("en")).all(".//div[@class='errors']") == []


class TestSmallComponents:
    def test_a_value_in_another_language_says_so(self) -> None:
        page = component("localised", 'localised(value, "es")', value=Localised(en="Budget"))

        assert (page.one(".//span").get("lang"), page.one(".//span").text) == ("en", "Budget")

    @pytest.mark.parametrize(("value", "text"), [(Localised("A", "B"), "B"), (Localised(), ""), (None, "")])
    def test_a_value_in_the_page_s_language_needs_no_mark(self, value: Localised | None, text: str) -> None:
        page = component("localised", 'localised(value, "es")', value=value)

        assert page.all(".//span") == []
        assert page.text(".//body") == text

    @pytest.mark.parametrize(
        ("kind", "word"),
        [
            ("info", "Note"),
            ("success", "Done"),
            ("warning", "Warning"),
            ("error", "Problem"),
            ("message", "Note"),
        ],
    )
    def test_a_notice_tells_its_kind_in_a_word(self, kind: str, word: str) -> None:
        assert (
            component("notice", f'notice("It rains.", kind="{kind}")').text(".//body") == f"{word}: It rains."
        )

    def test_a_notice_speaks_up_only_when_told(self) -> None:
        assert component("notice", 'notice("It rains.")').all(".//*[@role]") == []
        assert (
            component("notice", 'notice("It rains.", role="alert")').one(".//*[@role]").get("role") == "alert"
        )

    def test_phases_are_told_in_words_and_one_is_the_current_step(self) -> None:
        states = [
            {"name": "A", "state": "past"},
            {"name": "B", "state": "current"},
            {"name": "C", "state": "upcoming"},
        ]
        page = component("phases", "phases(items)", items=states)

        assert page.text(".//ol") == "Done: A Now: B Later: C"
        assert [item.get("aria-current") for item in page.all(".//li")] == [None, "step", None]

    def test_a_tag_is_told_by_its_word(self) -> None:
        page = component("tag", 'tag("Restricted", kind="refused")')

        assert page.text(".//body") == "Restricted"
        assert page.one(".//{*}svg").get("aria-hidden") == "true"

    def test_breadcrumbs_end_with_this_page(self) -> None:
        page = component(
            "breadcrumbs", "breadcrumbs(trail)", trail=[("Dockets", "/en/dockets"), ("Jail", None)]
        )

        assert page.links() == {"Dockets": "/en/dockets"}
        assert page.one(".//*[@aria-current='page']").text == "Jail"

    def test_a_button_writes_only_the_attributes_that_are_given(self) -> None:
        page = component("button", 'button("Go", name="a", data_confirm="b", hidden=false, autofocus=true)')

        assert page.one(".//button").attrib == {
            "type": "submit", "class": "usa-button", "name": "a", "data-confirm": "b", "autofocus": "",
        }  # fmt: skip

    def test_key_facts_are_terms_with_values_and_notes(self) -> None:
        page = component(
            "key_facts", "key_facts(items)", items=[("Sent", {"text": 1204, "href": "/x"}, "so far")]
        )

        assert page.text(".//dt") == "Sent"
        assert page.text(".//dd") == "1,204 so far"
        assert page.links() == {"1,204": "/x"}


class TestTable:
    def test_has_a_caption_scopes_and_the_column_s_name_at_each_cell(self) -> None:
        page = component(
            "table",
            'table("Languages", ["Language", "Comments"], rows, numbers=[1])',
            rows=[["English", 1312]],
        )

        assert page.text(".//caption") == "Languages"
        assert [th.get("scope") for th in page.all(".//th")] == ["col", "col", "row"]
        cell = page.one(".//td")
        assert (cell.text, cell.get("data-label"), cell.get("class")) == (
            "1,312",
            "Comments",
            "table__number",
        )

    def test_says_that_it_is_empty(self) -> None:
        page = component("table", 'table("Languages", ["Language"], [], empty="None yet.")')

        assert page.all(".//table") == []
        assert page.text(".//p") == "None yet."


class TestPagination:
    @pytest.mark.parametrize(
        ("page_number", "expected"),
        [
            (1, "1 2 3 … 12 Next →"),
            (6, "← Previous 1 … 4 5 6 7 8 … 12 Next →"),
            (12, "← Previous 1 … 10 11 12"),
        ],
    )
    def test_names_the_pages_around_this_one(self, page_number: int, expected: str) -> None:
        page = component("pagination", f'pagination({page_number}, 12, "comments.room")')

        assert page.text(".//nav") == expected
        assert page.one(".//*[@aria-current='page']").text == str(page_number)

    def test_keeps_the_filters(self) -> None:
        page = component("pagination", 'pagination(1, 2, "comments.room", slug="jail", position=["a", "b"])')

        assert (
            page.all(".//a[@rel='next']")[0].get("href")
            == "/en/comments/room?page=2&slug=jail&position=a&position=b"
        )

    def test_is_absent_for_one_page(self) -> None:
        assert component("pagination", 'pagination(1, 1, "comments.room")').all(".//nav") == []


class TestBarChart:
    ROWS = (
        {"label": "Oppose", "value": 40, "href": "/a"},
        {"label": "Support", "value": 10, "href": "/b"},
        {"label": "Mixed", "value": None, "text": "fewer than 10", "href": "/c"},
    )

    def chart(self, *, patterns: bool = True, rows: object = ROWS) -> Page:
        """A chart of positions."""
        call = 'bar_chart("p", "Positions", "Most oppose.", rows, "Position", "Comments", patterns=patterns)'
        return component("bar_chart", call, rows=rows, patterns=patterns)

    def test_has_a_name_and_a_description_of_its_own(self) -> None:
        page = self.chart()
        names = (page.one(".//{*}svg").get("aria-labelledby") or "").split()

        assert [page.text(f".//*[@id='{name}']") for name in names] == ["Positions", "Most oppose."]

    def test_draws_bars_in_proportion_and_none_for_a_number_that_is_not_told(self) -> None:
        bars = self.chart().all(".//{*}rect[@class='chart__bar']")

        widths = [float((bar.get("width") or "").rstrip("%")) for bar in bars]
        assert len(widths) == 2
        assert widths[0] == pytest.approx(4 * widths[1], abs=0.02)

    def test_tells_kinds_apart_by_patterns_that_are_defined(self) -> None:
        page = self.chart()
        fills = [bar.get("fill") or "" for bar in page.all(".//{*}rect[@class='chart__bar']")]

        assert len(set(fills)) == 2
        assert {fill[5:-1] for fill in fills} <= {pattern.get("id") for pattern in page.all(".//{*}pattern")}

    def test_leads_from_every_number_in_the_table_to_what_is_behind_it(self) -> None:
        page = self.chart()

        assert page.links(".//table//a") == {"40": "/a", "10": "/b", "fewer than 10": "/c"}

    def test_stands_without_any_number(self) -> None:
        assert self.chart(rows=[{"label": "Oppose", "value": 0}]).all(".//{*}rect[@class='chart__bar']") == []
        assert self.chart(rows=[]).all(".//tbody/tr") == []

    def test_breaks_long_labels_into_lines(self) -> None:
        label = "Trust between residents and the sheriff's office in the county"
        page = self.chart(rows=[{"label": label, "value": 1}], patterns=False)

        lines = [text.text or "" for text in page.all(".//{*}text")][:-1]
        assert " ".join(lines) == label
        assert max(map(len, lines)) <= 34


class TestDayChart:
    def test_keeps_the_place_of_a_day_without_comments(self) -> None:
        days = [{"label": str(day), "value": value} for day, value in enumerate([5, 0, 10], start=1)]
        page = component("day_chart", 'day_chart("d", "By day", "Few.", days, "Day", "Comments")', days=days)

        columns = page.all(".//{*}rect")
        starts = [float((column.get("x") or "").rstrip("%")) for column in columns]
        assert starts == pytest.approx([3.333, 70.0], abs=0.01)
        assert float(columns[1].get("height") or 0) == pytest.approx(2 * float(columns[0].get("height") or 0))
        assert [row.text for row in page.all(".//tbody//td")] == ["5", "0", "10"]


@pytest.mark.parametrize("name", ["400", "403", "405", "409", "410", "413", "429", "500", "503", "stale"])
def test_no_error_page_loses_what_was_typed(name: str) -> None:
    """Each gives the words back; one that may be sent again keeps the form's own token: it arrives once."""
    typed = [("client_token", "k2" * 32), ("body", "I live near\nthe jail.")]

    page = Page(render("en", f"errors/{name}.html", typed=typed))

    texts = [(area.text or "").removeprefix("\n") for area in page.all(".//main//textarea")]
    assert texts == ["I live near\nthe jail."]
    if page.all(".//main//form"):
        assert page.fields()["client_token"] == "k2" * 32


def test_a_site_keeps_as_many_templates_as_it_has(app: Flask) -> None:
    room = getattr(app.jinja_env.cache, "capacity", math.inf)

    assert room >= len(app.jinja_env.list_templates(extensions=["html"]))
