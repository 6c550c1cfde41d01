"""The site answers to its own names only, and knows whether people reach it over TLS; asked before anything
else is."""

from __future__ import annotations

from collections.abc import Iterable, Sequence
from typing import TYPE_CHECKING

from werkzeug.exceptions import SecurityError
from werkzeug.wrappers import Response
from werkzeug.wsgi import get_host

if TYPE_CHECKING:
    from _typeshed.wsgi import StartResponse, WSGIApplication, WSGIEnvironment


class TrustedHosts:
    """Around the whole site, static files too: a request for another host gets a bare 400, nothing more.

    An address in a mail or a redirect must never be made of a name that somebody else chose. The scheme is
    that of the site's public address, because the proxy in front that speaks TLS talks to us without.
    """

    def __init__(self, application: WSGIApplication, hosts: Sequence[str], *, is_https: bool) -> None:
        self._application = application
        self._hosts = list(hosts)
        self._scheme = "https" if is_https else "http"

    def __call__(self, environ: WSGIEnvironment, start_response: StartResponse) -> Iterable[bytes]:
        environ["wsgi.url_scheme"] = self._scheme
        try:
            get_host(environ, self._hosts)
        except SecurityError:
            return _refusal()(environ, start_response)
        return self._application(environ, start_response)


def _refusal() -> Response:
    return Response(
        "This site does not answer to that name.\n",
        400,
        {
            "Cache-Control": "no-store",
            "Content-Security-Policy": "default-src 'none'",
            "X-Content-Type-Options": "nosniff",
        },
        mimetype="text/plain",
    )
