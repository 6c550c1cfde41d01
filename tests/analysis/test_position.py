"""A suggested position: from what a text wants, never from its tone; in doubt unclear."""

from __future__ import annotations

from collections import Counter

import pytest

from engage.analysis import Analyser, PositionLabel
from engage.analysis.position import suggest
from engage.analysis.reading import read
from tests.analysis.sentences import sentences

SIDES = (PositionLabel.SUPPORT, PositionLabel.OPPOSE)


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


CASES = {
    PositionLabel.SUPPORT: [
        "I support this agreement",
        "I strongly support 287(g).",
        "Please sign the agreement.",
        "Vote yes!",
        "Keep 287(g)",
        "I'm in favor of the agreement",
        "I agree with this program",
        "Please do not end the program.",
        "Don't cancel the agreement",
        "Some people oppose this agreement but I support it.",
        "My neighbor said “I oppose this agreement” but I support it.",
        "I strongly support this agreement. Violent criminals must be removed",
        "Apoyo el acuerdo.",
        "Estoy a favor del programa 287(g)",
        "Por favor firmen el acuerdo",
        "Voten sí",
        "¡Sí al 287(g)!",
        "Estoy de acuerdo con el programa",
        "No terminen el programa",
    ],
    PositionLabel.OPPOSE: [
        "I can't support this agreement.",
        "I cannot support this",
        "I don’t support it.",
        "Vote no.",
        "Do not sign the 287(g) agreement",
        "Please don't renew it.",
        "I oppose 287g",
        "We stand opposed to this program.",
        "I urge you to reject the 287-g agreement.",
        "I am against 287 (g)",
        "I don't agree with this.",
        "No to 287(g)! ICE out of our county",
        "I used to support this program but now I oppose it",
        "If you care about families, reject the agreement.",
        "I love this town and my wonderful neighbors, and that is why I hope you vote no",
        "Me opongo al acuerdo 287(g).",
        "Estoy en contra.",
        "No firmen el acuerdo",
        "No estoy de acuerdo con este programa",
        "Rechacen el acuerdo.",
        "Terminen el programa ya",
        "No puedo apoyar este acuerdo",
        "No al 287(g)",
    ],
    PositionLabel.NEUTRAL: [
        "I am neutral on this.",
        "I have no opinion on the agreement either way",
        "No estoy ni a favor ni en contra.",
    ],
    PositionLabel.MIXED: ["I support the jail model agreement but I oppose the task force program."],
    PositionLabel.QUESTION_ONLY: [
        "How many people were arrested last year?",
        "Who pays for this? What happens to the children?",
        "¿Cuánto cuesta? ¿Quién lo paga?",
    ],
    PositionLabel.UNCLEAR: [
        "",
        "no me opongo",
        "No me opongo al acuerdo",
        "No estoy en contra",
        "I am not against the agreement",
        "I support our immigrants",
        "We must support our immigrant neighbors!",
        "Apoyen a nuestras familias inmigrantes",
        "We support our sheriff",
        "I am against crime",
        "Estoy en contra de la delincuencia",
        "I'm in favor of family unity",
        "Who would oppose safety?",
        "¿Quién se opondría a la seguridad?",
        "Why would anyone oppose this agreement? Only criminals.",
        'My neighbor said "I oppose this agreement" and I do not know what to think.',
        "Opponents say we should reject the agreement.",
        "The ACLU wants you to reject this agreement",
        "Dicen que debemos rechazar el acuerdo",
        "If you sign this agreement, families will suffer",
        "Illegal is illegal. Enforce the law.",
        "What a terrible, cruel, disgusting idea.",
        "What a wonderful idea!",
    ],
}


@pytest.mark.parametrize(
    ("wanted", "text"), [(label, text) for label, texts in CASES.items() for text in texts]
)
def test_a_position_is_what_the_writer_says_they_want(
    analyser: Analyser, wanted: PositionLabel, text: str
) -> None:
    assert analyser.analyse(text).position.position is wanted


def test_the_words_that_a_suggestion_rests_on_are_kept(analyser: Analyser) -> None:
    text = "Señores: me opongo al acuerdo."

    (span,) = analyser.analyse(text).position.spans

    assert text[span.start : span.end] == "opongo al acuerdo"


@pytest.mark.parametrize("name", ["position_first", "position_second"])
def test_both_sides_are_heard_alike_and_nobody_is_heard_wrongly(name: str) -> None:
    heard: Counter[str] = Counter()
    asked: Counter[str] = Counter()
    for sentence in sentences(name):
        position = suggest(read(sentence.text), (sentence.language,)).position
        asked[sentence.label] += 1
        heard[sentence.label] += position == sentence.label
        if position in SIDES:
            assert position == sentence.label, sentence.text

    recall = {side: heard[side] / asked[side] for side in SIDES}
    assert min(recall.values()) >= 0.85
    # One sentence of a set is worth about six points, so a difference of five allows one.
    assert abs(heard[PositionLabel.SUPPORT] - heard[PositionLabel.OPPOSE]) <= 1
