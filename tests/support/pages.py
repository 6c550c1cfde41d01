"""A client that refuses a bad page: every HTML answer must parse without errors and be usable by
everybody."""

from __future__ import annotations

import re
import secrets
from collections import Counter
from functools import lru_cache
from hashlib import blake2b
from typing import Any
from xml.etree.ElementTree import Element

import html5lib
from flask.testing import FlaskClient
from itsdangerous import URLSafeTimedSerializer
from werkzeug.test import TestResponse

# html5lib predates these, which are valid today.
_FALSE_ALARMS = frozenset({"expected-doctype-but-got-end-tag"})
_LABELLED = ("input", "select", "textarea")
_MARKS = re.compile(r' nonce="[\w+/=-]*"| value="[\w.-]{80,}"')
_PLAIN = re.compile(r"[\w/.-]+")
_TELLING = 8  # A shorter address may be a word of the page.
_RIGHT: set[bytes] = set()


class BadPage(AssertionError):
    """A page that a test refuses; the text lists what is wrong."""


class Page:
    """A parsed page, for assertions about what a person meets."""

    def __init__(self, html: str) -> None:
        parser = html5lib.HTMLParser(namespaceHTMLElements=False)
        self.root: Element = parser.parse(html)
        self.errors = [(line, code) for (line, _), code, _ in parser.errors if code not in _FALSE_ALARMS]

    def all(self, path: str) -> list[Element]:
        """Every element on an ElementPath such as ``.//h1``."""
        return self.root.findall(path)

    def one(self, path: str) -> Element:
        """The only element on a path."""
        found = self.all(path)
        assert len(found) == 1, f"{len(found)} elements at {path}"
        return found[0]

    def text(self, path: str = ".//main") -> str:
        """All the text of the first element on a path, spaces folded."""
        element = self.root.find(path)
        assert element is not None, f"nothing at {path}"
        return " ".join("".join(element.itertext()).split())

    def field(self, name: str) -> Element:
        """The control with a name."""
        found = [element for tag in _LABELLED for element in self.all(f".//{tag}[@name='{name}']")]
        assert found, f"no control named {name}"
        return found[0]

    def fields(self, form: str = ".//main//form") -> dict[str, str]:
        """What a browser would send of a form that nobody touched."""
        element = self.root.find(form)
        assert element is not None, f"no form at {form}"
        values: dict[str, str] = {}
        for control in element.iter():
            name, kind = control.get("name"), control.get("type", "")
            if name is None or control.tag not in _LABELLED:
                continue
            if kind in ("checkbox", "radio") and control.get("checked") is None:
                continue
            values[name] = _value(control)
        return values

    def links(self, path: str = ".//a") -> dict[str, str]:
        """The text and target of every link below a path."""
        return {" ".join("".join(a.itertext()).split()): a.get("href", "") for a in self.all(path)}


class Client(FlaskClient):
    """Flask's client, with eyes."""

    def open(self, *args: Any, **kwargs: Any) -> TestResponse:
        """Send a request; raise BadPage where the answer is a page that nobody should be given."""
        # A request would share an application context that the test holds open, and with it who is signed in.
        with self.application.app_context():
            # Read to its end at once, because a streamed answer would close its context too late.
            response = super().open(*args, **{"buffered": True} | kwargs)
        is_page = response.mimetype == "text/html" and response.request.method != "HEAD"
        is_page = is_page and "Content-Encoding" not in response.headers
        if is_page and response.status_code not in (301, 302, 303, 308):
            check_page(response.get_data(as_text=True), at=response.request.path)
        return response

    def csrf_token(self) -> str:
        """A token for a request that no page of this browser asked for."""
        with self.session_transaction() as cookie:
            raw = cookie.setdefault("csrf_token", secrets.token_hex(20))
        return str(
            URLSafeTimedSerializer(self.application.config["SECRET_KEY"], salt="wtf-csrf-token").dumps(raw)
        )

    def send(
        self,
        url: str,
        *,
        form: str = ".//main//form",
        to: str | None = None,
        **typed: Any,
    ) -> TestResponse:
        """Do as a browser does: open a page, type into its form, send it to where the form says (or to
        ``to``)."""
        opened = page(self.get(url))
        element = opened.root.find(form)
        assert element is not None, f"no form at {form} of {url}"
        action = to or element.get("action") or url
        return self.post(action, data=opened.fields(form) | typed)


def _value(control: Element) -> str:
    if control.tag == "textarea":
        return (control.text or "").removeprefix("\n")
    if control.tag == "select":
        options = control.findall(".//option")
        chosen = [option for option in options if option.get("selected") is not None] or options
        return chosen[0].get("value", "") if chosen else ""
    return control.get("value", "")


def page(response: TestResponse) -> Page:
    """The page of an answer. Not to be written to: whoever asks again is given the same."""
    return _parsed(response.get_data(as_text=True))


@lru_cache(maxsize=4)
def _parsed(html: str) -> Page:
    """A page is checked when it comes and looked at by the test; parsing is most of the work of both."""
    return Page(html)


def check_page(html: str, *, at: str = "") -> None:
    """Raise BadPage with everything that is wrong with a page, which stands ``at`` a path.

    One that was right is not looked at again where only random marks and its own address are others: so are
    a thousand pages that say that nothing is there.
    """
    shape = _shape(html, at)
    if shape in _RIGHT:
        return
    parsed = _parsed(html)
    problems = [f"line {line}: {code}" for line, code in parsed.errors]
    problems += _structure(parsed) + _names(parsed)
    if problems:
        raise BadPage("; ".join(problems))
    _RIGHT.add(shape)


def _shape(html: str, at: str) -> bytes:
    """A digest of a page without its marks and its address, whose letters cannot be markup."""
    bare = _MARKS.sub("", html)
    place = at.partition("/")[2].partition("/")[2]
    if len(place) >= _TELLING and _PLAIN.fullmatch(place):
        bare = bare.replace(place, "")
    return blake2b(bare.encode(), digest_size=16).digest()


def _structure(parsed: Page) -> list[str]:
    problems = []
    headings = parsed.all(".//h1")
    title = parsed.text(".//title") if parsed.all(".//title") else ""
    if len(headings) != 1:
        problems.append(f"{len(headings)} h1")
    elif " ".join("".join(headings[0].itertext()).split()) not in title:
        problems.append(f"the title “{title}” does not name the h1")
    if not parsed.root.get("lang"):
        problems.append("no language")
    if len(parsed.all(".//main")) != 1:
        problems.append("not one main")
    ids = Counter(element.get("id") for element in parsed.root.iter() if element.get("id"))
    problems += [f"id {name} {count} times" for name, count in ids.items() if count > 1]
    return problems


def _names(parsed: Page) -> list[str]:
    return _unlabelled(parsed) + _wordless(parsed)


def _unlabelled(parsed: Page) -> list[str]:
    labels = parsed.all(".//label")
    labelled = {label.get("for") for label in labels}
    wrapped = {id(control) for label in labels for control in label.iter()}
    ids = {element.get("id") for element in parsed.root.iter()}
    problems = []
    for control in (control for tag in _LABELLED for control in parsed.all(f".//{tag}")):
        if control.get("type") in ("hidden", "submit", "button"):
            continue
        said = control.get("aria-label") or control.get("aria-labelledby")
        if not (said or control.get("id") in labelled or id(control) in wrapped):
            problems.append(f"{control.tag} {control.get('name')} has no label")
        missing = set((control.get("aria-describedby") or "").split()) - ids
        problems += [f"{control.get('name')} is described by {name}, which is not there" for name in missing]
    return problems


def _wordless(parsed: Page) -> list[str]:
    def says_nothing(element: Element) -> bool:
        return not "".join(element.itertext()).strip() and not element.get("aria-label")

    links = [link for link in parsed.all(".//a[@href]") if says_nothing(link)]
    problems = [f"a link without words to {link.get('href')}" for link in links]
    problems += ["a button without words" for button in parsed.all(".//button") if says_nothing(button)]
    problems += ["an image without alt" for image in parsed.all(".//img") if image.get("alt") is None]
    return problems
