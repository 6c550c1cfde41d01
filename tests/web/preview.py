"""All components on one page, without the site: for the tests, and to look at while working on them.

``python -m tests.web.preview`` serves it on http://127.0.0.1:8765/en and /es, with what ``static/build.py``
built, and any other template by its name, such as /es/pages/privacy or /en/errors/404.
"""

from __future__ import annotations

import io
import sys
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from functools import cache, partial
from gettext import GNUTranslations, NullTranslations
from http import HTTPStatus
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from types import SimpleNamespace
from typing import Any
from urllib.parse import parse_qs, urlencode, urlsplit

from babel.messages.mofile import write_mo
from babel.messages.pofile import read_po
from jinja2 import Environment, FileSystemLoader, StrictUndefined
from werkzeug.datastructures import MultiDict
from wtforms import (
    BooleanField,
    Form,
    HiddenField,
    RadioField,
    SelectField,
    SelectMultipleField,
    StringField,
    TextAreaField,
    widgets,
)
from wtforms.fields.choices import SelectChoice
from wtforms.validators import DataRequired, Length

from engage import paths
from engage.db.types import Localised
from engage.web.markdown import render_markdown
from engage.web.templating import asset

NONCE = "preview-nonce"
POLICY = (
    "default-src 'none'; style-src 'self'; font-src 'self'; img-src 'self'; form-action 'self'; "
    f"script-src 'self' 'nonce-{NONCE}'"
)
Sent = dict[str, list[str]]


class PreviewForm(Form):
    """One field of every kind that the component ``field`` knows."""

    token = HiddenField(render_kw={"data-draft-keep": True})
    body = TextAreaField(
        "Your comment",
        description="Write in any language. Leave out phone numbers and addresses.",
        validators=[
            DataRequired("Write your comment."),
            Length(max=200, message="Your comment is too long."),
        ],
    )
    position = RadioField(
        "Your position on the agreement",
        choices=[
            SelectChoice("support", "I support it"),
            SelectChoice("oppose", "I oppose it"),
            SelectChoice("neutral", "I am neutral"),
        ],
        validators=[DataRequired("Choose a position.")],
    )
    topics = SelectMultipleField(
        "What it is about",
        choices=[
            SelectChoice("jail", "The jail"),
            SelectChoice("cost", "Costs"),
            SelectChoice("trust", "Trust in the sheriff's office"),
        ],
        widget=widgets.ListWidget(prefix_label=False),
        option_widget=widgets.CheckboxInput(),
    )
    district = SelectField(
        "District", choices=[SelectChoice("", "I would rather not say"), SelectChoice("1", "District 1")]
    )
    name = StringField("Name", description="Public, if you give it.", validators=[Length(max=80)])
    email = StringField("E-mail", validators=[DataRequired("Write your e-mail address.")])
    agree = BooleanField("I have read what becomes public")


def translations(language: str) -> NullTranslations:
    """The catalogue of ``language``, straight from its source; English needs none."""
    if language == "en":
        return NullTranslations()
    compiled = io.BytesIO()
    with (paths.TRANSLATIONS / language / "LC_MESSAGES" / "messages.po").open("rb") as source:
        write_mo(compiled, read_po(source, locale=language))
    compiled.seek(0)
    return GNUTranslations(compiled)


def url_for(language: str, endpoint: str, **arguments: Any) -> str:
    """An address that names the endpoint, with its arguments as a query."""
    query = f"?{urlencode(arguments, doseq=True)}" if arguments else ""
    return f"/{language}/{endpoint.replace('.', '/')}{query}"


@cache
def environment(language: str) -> Environment:
    """The templates, with all that the site gives every one of them."""
    catalogue = translations(language)
    env = Environment(
        loader=FileSystemLoader([paths.TEMPLATES, paths.PACKAGE.parent / "tests" / "web"]),
        autoescape=True,
        extensions=["jinja2.ext.i18n", "jinja2.ext.do"],
        undefined=StrictUndefined,
        trim_blocks=True,
        lstrip_blocks=True,
    )
    install: Callable[..., None] = env.install_gettext_translations  # type: ignore[attr-defined]
    install(catalogue, newstyle=True)
    env.filters.update(markdown=render_markdown, localised=lambda value: value.en)
    env.filters.update(day=str, moment=lambda value, zone: f"{value:%Y-%m-%d %H:%M} ({zone})")
    menu = [catalogue.gettext("Privacy"), catalogue.gettext("Accessibility")]
    env.globals.update(
        url_for=partial(url_for, language),
        asset=asset,
        parts=lambda _place, **_known: "",
        personal_data_kinds={"phone": "telephone number"},
        csp_nonce=lambda: NONCE,
        csrf_token=lambda: "preview-token",
        get_flashed_messages=lambda **_options: [],
        language=language,
        languages=[
            SimpleNamespace(code="en", name="English", url="/en"),
            SimpleNamespace(code="es", name="Español", url="/es"),
        ],
        site=SimpleNamespace(
            name="Olmeda County",
            short_name="Olmeda",
            contact="comments@olmeda.example",
            exit_url="https://weather.example/",
        ),
        signed_in=None,
        navigation=[
            SimpleNamespace(label=label, url=f"/{language}", current=label == menu[0]) for label in menu
        ],
        staff_navigation=[
            SimpleNamespace(label="Queue", url=f"/{language}", current=True),
            SimpleNamespace(label="Reports", url=f"/{language}", current=False),
        ],
    )
    return env


def render(language: str, template: str, **context: Any) -> str:
    """Any template of the site, with the preview's context and ``context``."""
    return environment(language).get_template(template).render(**context)


def render_source(source: str, language: str = "en", **context: Any) -> str:
    """A line of a template, such as a call of one component."""
    return environment(language).from_string(source).render(**context)


def gallery(language: str, sent: Sent | None = None) -> str:
    """The page with every component; with ``sent`` the form comes back checked."""
    form = PreviewForm(MultiDict(sent) if sent is not None else None)
    if sent is not None:
        form.validate()
    return render(language, "gallery.html", form=form, days=DAYS, budget=Localised(es="Presupuesto"))


def received(language: str) -> str:
    """The page that follows a comment that was taken."""
    return render_source(
        '{% extends "layouts/page.html" %}{% block title %}Received{% endblock %}'
        '{% block main %}<h1 data-draft-clear="preview">Received</h1>{% endblock %}',
        language,
    )


DAYS = [
    {"label": f"May {number}", "value": value, "href": f"/en?day={number}"}
    for number, value in enumerate(
        [3, 40, 52, 18, 9, 0, 4, 12, 30, 7, 2, 1, 0, 6, 11, 15, 4, 2, 20, 88], start=1
    )
]
DOCKET = SimpleNamespace(
    title=Localised("Agreement on the county jail", "Acuerdo sobre la cárcel del condado"),
    summary=Localised(
        "Whether deputies in the jail take part in the federal program under section 287(g).",
        "Si los agentes de la cárcel participan en el programa federal de la sección 287(g).",
    ),
    slug="jail",
)
PHASE = SimpleNamespace(
    title=Localised("Engage stakeholders", "Diálogo con la comunidad"), kind="engage_stakeholders"
)
PERIOD = SimpleNamespace(
    title=Localised("Comments on the draft agreement", "Comentarios sobre el borrador del acuerdo"),
    summary=Localised("Read the draft, then tell the Board what you think of it.", ""),
    slug="draft",
    closes_at=datetime(2026, 12, 18, 22, tzinfo=UTC),
    time_zone="America/New_York",
    docket=DOCKET,
)
EXAMPLES: dict[str, dict[str, Any]] = {
    "pages/home.html": {
        "open_periods": [PERIOD],
        "current_dockets": [(DOCKET, PHASE)],
        "next_meetings": [],
        "open_forms": [],
    },
    "errors/not_fresh.html": {"way": "/en/staff/sign-in"},
    "errors/part_gone.html": {"way": "/en/staff/forms/roads/questions"},
    "errors/signed_out.html": {"way": "/en/staff/sign-in"},
    "errors/500.html": {"error_id": "5f3a9c01b2d4"},
    "errors/stale.html": {
        "typed": [("token", "k2"), ("body", "I live near\nthe jail."), ("position", "oppose")]
    },
    "errors/409.html": {
        "message": "Comments closed.",
        "typed": [("token", "k2"), ("body", "I live near it.")],
    },
}


class Handler(SimpleHTTPRequestHandler):
    """Serves the gallery, the other templates and the built files; keeps what forms send."""

    def __init__(self, *arguments: Any, forms: list[Sent], **options: Any) -> None:
        self.forms = forms
        super().__init__(*arguments, directory=str(paths.STATIC / "dist"), **options)

    def do_GET(self) -> None:
        """Answer with a page of the preview or a built file."""
        path = urlsplit(self.path).path
        if path.startswith("/static/"):
            self.path = path.removeprefix("/static")
            super().do_GET()
            return
        language, _, name = path.lstrip("/").partition("/")
        template = f"{name}.html"
        if language not in ("en", "es"):
            self.send_error(HTTPStatus.NOT_FOUND)
        elif name in ("", "received"):
            self.answer(received(language) if name else gallery(language))
        elif (paths.TEMPLATES / template).is_file():
            self.answer(render(language, template, **EXAMPLES.get(template, {})))
        else:
            self.answer(render(language, "errors/404.html"), HTTPStatus.NOT_FOUND)

    def do_POST(self) -> None:
        """Keep what was sent; give the gallery back checked, or say that it was received."""
        sent = parse_qs(self.rfile.read(int(self.headers["Content-Length"])).decode(), keep_blank_values=True)
        self.forms.append(sent)
        language = self.path.strip("/").partition("/")[0]
        self.answer(gallery(language, sent) if "check" in sent else received(language))

    def answer(self, html: str, status: HTTPStatus = HTTPStatus.OK) -> None:
        """Send a page under the site's own content security policy."""
        body = html.encode()
        self.send_response(status)
        self.send_header("Content-Type", "text/html; charset=utf-8")
        self.send_header("Content-Security-Policy", POLICY)
        self.send_header("Content-Length", str(len(body)))
        self.end_headers()
        self.wfile.write(body)

    def log_message(self, *_arguments: Any) -> None:
        """Stay silent."""


@contextmanager
def serving(port: int = 0) -> Iterator[tuple[str, list[Sent]]]:
    """Serve the preview on loopback; give its address and the growing list of what forms sent to it."""
    forms: list[Sent] = []
    server = ThreadingHTTPServer(("127.0.0.1", port), partial(Handler, forms=forms))
    thread = Thread(target=server.serve_forever, daemon=True)
    thread.start()
    try:
        yield f"http://127.0.0.1:{server.server_port}", forms
    finally:
        server.shutdown()
        server.server_close()
        thread.join()


if __name__ == "__main__":
    with serving(8765) as (address, _):
        sys.stdout.write(f"{address}/en and {address}/es; stop with Enter\n")
        sys.stdin.readline()
