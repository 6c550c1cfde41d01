"""How many fields a form may send: more are refused before they are taken apart."""

from __future__ import annotations

import io
from typing import IO, Any

from flask import Request
from werkzeug.exceptions import RequestEntityTooLarge
from werkzeug.formparser import FormDataParser

MOST_FIELDS = 5_000
"""A form of 200 questions with all choices ticked has some 2,000. A hundred thousand, in a body that is no
larger than allowed, would keep a worker busy for seconds."""


class _FewFields(FormDataParser):
    """Counts the fields of what browsers send by default; werkzeug counts the parts of the other kind."""

    def _parse_urlencoded(
        self, stream: IO[bytes], mimetype: str, content_length: int | None, options: dict[str, str]
    ) -> Any:
        content = stream.read()
        if content.count(b"&") >= MOST_FIELDS:
            raise RequestEntityTooLarge
        return super()._parse_urlencoded(io.BytesIO(content), mimetype, content_length, options)


class SiteRequest(Request):
    """A request to this site."""

    form_data_parser_class = _FewFields
