"""Markdown that staff write, as safe HTML: no raw HTML, no images, links only to http(s), mailto and our own
pages."""

from markdown_it import MarkdownIt
from markupsafe import Markup
from nh3 import clean

_PARSER = MarkdownIt("commonmark", {"html": False}).enable("table").disable("image")
_TAGS = frozenset(
    [
        "p",
        "h2",
        "h3",
        "h4",
        "ul",
        "ol",
        "li",
        "strong",
        "em",
        "a",
        "code",
        "pre",
        "blockquote",
        "hr",
        "br",
        "table",
        "thead",
        "tbody",
        "tr",
        "th",
        "td",
    ]
)


def render_markdown(source: str) -> Markup:
    """HTML of a Markdown text. Headings begin at the second level: the first is the page's own."""
    html = _PARSER.render(source).replace("<h1>", "<h2>").replace("</h1>", "</h2>")
    safe = clean(
        html,
        tags=set(_TAGS),
        attributes={"a": {"href"}, "ol": {"start"}, "th": set(), "td": set()},
        url_schemes={"http", "https", "mailto"},
        link_rel="noopener noreferrer",
    )
    return Markup(safe)  # noqa: S704 - cleaned on the line above.
