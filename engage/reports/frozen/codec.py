"""The inputs of a report as bytes and back. Equal inputs are equal bytes, so their digest names them.

Which fields there are is read from the dataclasses: a later version of this site may add some, and what was
stored before is read with their defaults. A field that has its default is not written, so that what is read
and written again by a later version is still the same.
"""

from __future__ import annotations

import hashlib
import json
import zlib
from collections import defaultdict
from datetime import UTC, date, datetime
from typing import Any

from cattrs import Converter

from engage.reports.inputs import Inputs, Numbers
from engage.reports.measures import TallyKey

_LEVEL = 6


def dump(inputs: Inputs) -> bytes:
    """Inputs as canonical JSON: UTF-8, names in order, no spaces."""
    told = _converter.unstructure(inputs)
    text = json.dumps(told, ensure_ascii=False, allow_nan=False, sort_keys=True, separators=(",", ":"))
    return text.encode()


def load(content: bytes) -> Inputs:
    """What dump wrote, by this version of the site or by an earlier one."""
    return _converter.structure(json.loads(content), Inputs)


def digest_of(content: bytes) -> str:
    """The name of a content: its SHA-256."""
    return hashlib.sha256(content).hexdigest()


def pack(content: bytes) -> bytes:
    """As it is stored."""
    return zlib.compress(content, _LEVEL)


def unpack(stored: bytes) -> bytes:
    """What pack was given."""
    return zlib.decompress(stored)


def _numbers_to_json(numbers: Numbers) -> dict[str, dict[str, int]]:
    """By measure: JSON's names are texts, and so the measure is written once."""
    told: dict[str, dict[str, int]] = defaultdict(dict)
    for name, n in numbers.items():
        told[name.measure][name.key] = n
    return dict(told)


def _numbers_from_json(told: dict[str, dict[str, int]], _type: object) -> Numbers:
    return {TallyKey(measure, key): n for measure, of in told.items() for key, n in of.items()}


def _make_converter() -> Converter:
    converter = Converter(omit_if_default=True)
    converter.register_unstructure_hook(datetime, lambda value: value.astimezone(UTC).isoformat())
    converter.register_structure_hook(
        datetime, lambda value, _: datetime.fromisoformat(value).astimezone(UTC)
    )
    converter.register_unstructure_hook(date, lambda value: value.isoformat())
    converter.register_structure_hook(date, lambda value, _: date.fromisoformat(value))
    converter.register_unstructure_hook_func(_is_numbers, _numbers_to_json)
    converter.register_structure_hook_func(_is_numbers, _numbers_from_json)
    return converter


def _is_numbers(kind: Any) -> bool:
    return bool(kind == Numbers)


_converter = _make_converter()
