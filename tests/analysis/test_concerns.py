"""Which subjects a text touches, from either side alike."""

from __future__ import annotations

import csv
import tomllib
from collections import defaultdict
from pathlib import Path

import pytest

from engage.analysis import OTHER, Analyser
from engage.evaluation.concern_codes import older

HERE = Path(__file__).resolve().parent
SHARED = HERE.parents[2] / "shared" / "evaluation" / "concerns_dev.csv"
SIDES = ("support", "oppose")


@pytest.fixture(scope="module")
def analyser() -> Analyser:
    return Analyser()


def _recalls(analyser: Analyser) -> dict[tuple[str, str, str], float]:
    """Recall by concern, language and side."""
    data = tomllib.loads((HERE / "even_handed.toml").read_text("utf-8"))
    recalls = {}
    for code, by_language in data.items():
        for language, by_side in by_language.items():
            for side in SIDES:
                texts = by_side[side]
                hits = [
                    code in {concern.code for concern in analyser.analyse(text).concerns} for text in texts
                ]
                recalls[code, language, side] = sum(hits) / len(texts)
    return recalls


def test_both_sides_of_each_concern_are_heard_alike_in_both_languages(analyser: Analyser) -> None:
    recalls = _recalls(analyser)
    uneven = [
        (code, language)
        for code, language, side in recalls
        if side == "support"
        and abs(recalls[code, language, "support"] - recalls[code, language, "oppose"]) > 0.05
    ]

    assert len(recalls) == 23 * 2 * 2
    assert uneven == []
    assert sum(recalls.values()) / len(recalls) >= 0.95


@pytest.mark.parametrize(
    ("text", "code"),
    [
        ("Profiling claims are nonsense", "equal_treatment"),
        ("There is no evidence of racial profiling here", "equal_treatment"),
        ("It's not about race", "equal_treatment"),
        ("No es cuestión de raza", "equal_treatment"),
        ("El perfil racial es mentira", "equal_treatment"),
        ("It is not true that they stop people for the color of their skin", "equal_treatment"),
        ("No es cierto que paren a la gente por su color", "equal_treatment"),
        ("Eso de que paran a la gente por su color no es cierto", "equal_treatment"),
        ("No creo que haya discriminación", "equal_treatment"),
        ("Nobody is being profiled", "equal_treatment"),
        ("No families are being torn apart, that is a lie", "family_unity"),
    ],
)
def test_a_denied_mention_is_a_mention_and_marked(analyser: Analyser, text: str, code: str) -> None:
    (concern,) = (concern for concern in analyser.analyse(text).concerns if concern.code == code)

    assert concern.denied


@pytest.mark.parametrize(
    "text",
    [
        "This is not only racist but expensive",
        "I don't deny that racial profiling happens",
        "Racial profiling is not a myth",
        "Nobody can deny the profiling",
        "Any profiling is wrong",
        "There is no accountability for racial profiling",
        "No niego que haya discriminación",
        "No solo es racismo, también sale caro",
        "El racismo no es un mito",
        "No queremos perfil racial",
    ],
)
def test_a_denial_that_is_denied_or_refused_is_none(analyser: Analyser, text: str) -> None:
    (concern,) = (concern for concern in analyser.analyse(text).concerns if concern.code == "equal_treatment")

    assert not concern.denied


@pytest.mark.parametrize(
    ("alone", "in_the_field", "code"),
    [
        ("My accent is strong.", "My accent is why a deputy stopped me.", "equal_treatment"),
        ("The judge liked my cake.", "The judge never saw the detainer.", "due_process_rights"),
        ("Mi computadora es vieja.", "ICE entra a la computadora de la cárcel.", "data_privacy"),
        ("El colegio está en la esquina.", "La migra se para afuera del colegio.", "access_services"),
    ],
)
def test_a_weak_cue_counts_only_in_a_sentence_about_what_the_docket_decides(
    analyser: Analyser, alone: str, in_the_field: str, code: str
) -> None:
    assert code not in {concern.code for concern in analyser.analyse(alone).concerns}
    assert code in {concern.code for concern in analyser.analyse(in_the_field).concerns}


@pytest.mark.parametrize(
    "text",
    [
        "A new roundabout would be prettier than the stop sign.",
        "The hospitality of this choir is well known.",
        "I was busy planting tomatoes all weekend.",
        "He spent years learning the violin.",
        "The textbook has a chapter on rivers.",
        "Seguro que mañana llueve otra vez.",
        "Pegaron carteles del concierto en la plaza.",
        "Me encanta pasear por la calle Mayor con mi perro.",
        "Ese árbol se plantó hace veinte años.",
        "La tasa de reciclaje sube despacio.",
    ],
)
def test_texts_about_something_else_touch_no_concern(analyser: Analyser, text: str) -> None:
    assert [concern.code for concern in analyser.analyse(text).concerns] == [OTHER]


def test_one_mention_that_stands_is_enough_to_be_no_denial(analyser: Analyser) -> None:
    text = "They say profiling is a myth. But my brother lives with racial profiling every day."

    (concern,) = (concern for concern in analyser.analyse(text).concerns if concern.code == "equal_treatment")

    assert not concern.denied
    assert len(concern.spans) == 2


def test_a_lack_of_something_good_is_a_concern_and_no_denial(analyser: Analyser) -> None:
    (concern,) = analyser.analyse("There is no transparency at all.").concerns

    assert (concern.code, concern.denied) == ("oversight_transparency", False)


def test_the_words_that_show_a_concern_are_kept_in_the_text_as_given(analyser: Analyser) -> None:
    text = "¡Ojo! Habrá PERFIL RACIAL aquí"

    (concern,) = analyser.analyse(text).concerns

    assert [text[span.start : span.end] for span in concern.spans] == ["PERFIL RACIAL"]


def test_what_no_cue_points_to_is_other_and_an_empty_text_is_nothing(analyser: Analyser) -> None:
    assert [concern.code for concern in analyser.analyse("Hello there, good morning.").concerns] == [OTHER]
    assert [concern.code for concern in analyser.analyse("Xin chào các bạn").concerns] == [OTHER]
    assert analyser.analyse("  …  ").concerns == ()


def test_a_cue_does_not_reach_over_the_end_of_a_sentence(analyser: Analyser) -> None:
    codes = {
        concern.code for concern in analyser.analyse("We are equal. Treatment of lawns is cheap.").concerns
    }

    assert "equal_treatment" not in codes


@pytest.mark.shared
def test_concerns_of_real_sentences_are_found(analyser: Analyser) -> None:
    hits: dict[str, int] = defaultdict(int)
    with SHARED.open(encoding="utf-8") as file:
        for row in csv.DictReader(file):
            labelled = {label for label in row["labels"].split(";") if label}
            found = older(concern.code for concern in analyser.analyse(row["text"]).concerns)
            hits["both"] += len(labelled & found)
            hits["either"] += len(labelled) + len(found)
            hits["off topic"] += not labelled
            hits["off topic, flagged"] += bool(not labelled and found)

    assert 2 * hits["both"] / hits["either"] >= 0.85
    assert hits["off topic, flagged"] / hits["off topic"] <= 0.12


@pytest.mark.parametrize(
    ("text", "code", "is_raised"),
    [
        ("I notice that the police drive by more often.", "process_engagement", False),
        ("Notice how the county pays for it.", "process_engagement", False),
        ("A notice from the jail to ICE would do.", "process_engagement", False),
        ("He got a notice to appear in immigration court.", "process_engagement", False),
        ("There was no public notice.", "process_engagement", True),
        ("Nobody saw the notice of the hearing.", "process_engagement", True),
        ("The county decided without notice.", "process_engagement", True),
        ("Give us 30 days' notice next time.", "process_engagement", True),
        ("Me avisaron que la policía estaba en la tienda.", "process_engagement", False),
        ("Hubo poco aviso.", "process_engagement", True),
        ("Nadie nos avisó de la reunión.", "process_engagement", True),
        ("Signing damages the trust of a whole town.", "legal_liability", False),
        ("The jury awarded damages.", "legal_liability", True),
        ("Stop the invasion at the border.", "data_privacy", False),
        ("It is an invasion of privacy.", "data_privacy", True),
        ("Sheriff Rob Miller spoke well.", "public_safety", False),
        ("They rob people at the bus stop.", "public_safety", True),
        ("Families stay in after sunset.", "oversight_transparency", False),
        ("Add a sunset clause.", "oversight_transparency", True),
        ("Two complaints do not warrant a new program.", "due_process_rights", False),
        ("Hold nobody without a judge's warrant.", "due_process_rights", True),
        ("They belong in jail.", "belonging_dignity", False),
        ("We belong here.", "belonging_dignity", True),
        ("El oficial me paró por una luz.", "economy_work", False),
        ("Hay mucho paro en el condado.", "economy_work", True),
        ("Hay un patrón de abusos.", "economy_work", False),
        ("El patrón no nos paga.", "economy_work", True),
        ("El fiscal no presentó cargos.", "cost_resources", False),
        ("Es una carga fiscal.", "cost_resources", True),
        ("Nunca recibo ayuda de nadie.", "cost_resources", False),
        ("Sus esposas e hijos esperan en casa.", "training_conduct", False),
        ("Lo llevaron con esposas.", "training_conduct", True),
        ("Los gastos están cubiertos.", "training_conduct", False),
        ("Llegan con los rostros cubiertos.", "training_conduct", True),
        ("Hay que declarar emergencia.", "crime_reporting", False),
        ("Tiene miedo de declarar.", "crime_reporting", True),
        ("Cuantos más seamos, mejor.", "information_request", False),
        ("¿Cuántos agentes son?", "information_request", True),
    ],
)
def test_an_everyday_word_stands_for_a_concern_only_where_it_means_it(
    analyser: Analyser, text: str, code: str, *, is_raised: bool
) -> None:
    assert (code in {concern.code for concern in analyser.analyse(text).concerns}) is is_raised
