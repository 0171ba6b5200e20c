"""What words mean: negation and its traps, idioms, other people, commands, details."""

import pytest

from flows.understanding import Member, Question, Reading, read

HOUSE = (Member("lea", "Léa", 96), Member("bb", "Tom", 2), Member("mamie", "Mamie", 960))


def heard(
    text: str, lang: str = "fr", expect: str = "text", about: tuple[Member, ...] = ()
) -> Reading:
    return read(text, Question(expect=expect, lang=lang, about=about))


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "j'arrive plus à respirer"),
        ("fr", "jarrive pa a respiré"),
        ("fr", "J’ARRIVE PAS À RESPIRERRRR"),
        ("en", "i can’t breathe"),
        ("es", "no puedo respirar"),
        ("pt", "tô sem ar"),
        ("tr", "nefes alamıyorum"),
        ("tr", "NEFES ALAMIYORUM"),
        ("ar", "مش قادر اتنفس"),
        ("ar", "msh 2ader atnafas"),
        ("en", "oui mais no puedo respirar"),
    ],
)
def test_a_negation_that_asserts_is_danger(lang: str, text: str) -> None:
    assert heard(text, lang).danger == ("severe_breathlessness",)


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "pas de mal à respirer"),
        ("fr", "je respire bien"),
        ("fr", "ni douleur à la poitrine, ni malaise"),
        ("en", "I'm not having any chest pain"),
        ("en", "no chest pain, no fainting, breathing fine"),
        ("es", "no me falta el aire"),
        ("pt", "sem falta de ar"),
        ("tr", "nefes darlığım yok"),
        ("tr", "nefes almakta zorlanmıyorum"),
        ("ar", "ما عندي ضيق تنفس"),
        ("ar", "ma3andich di9 tanafos"),
    ],
)
def test_what_is_denied_is_no_danger(lang: str, text: str) -> None:
    assert heard(text, lang).danger == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "mort de rire"),
        ("fr", "j'étouffe de chaleur"),
        ("en", "i'm dying of laughter"),
        ("en", "she didn't reply to my text yet"),
        ("en", "are you not coming to school today?"),
        ("en", "that was a long winded answer"),
        ("en", "see u s tue rite, got test wed"),
        ("en", "haha what? i'm so confused"),
        ("en", "got it off my chest"),
        ("es", "me muero de risa"),
        ("pt", "morrendo de fome"),
        ("tr", "gülmekten ölüyorum"),
        ("tr", "yarın aşı oluyorum"),
        ("tr", "salı nöbette yine aynı ekip vardı"),
        ("fr", "hier Paul m'a étranglé de rire"),
        ("fr", "Aïcha et moi on sert ensemble à la cantine"),
        ("ar", "ba3den bib3atlak el asma2"),
        ("ar", "بموت من الضحك"),
    ],
)
def test_an_idiom_is_no_danger(lang: str, text: str) -> None:
    assert heard(text, lang).danger == ()


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "si j'ai mal à la poitrine j'appelle qui ?"),
        ("en", "what do i do if i can't breathe?"),
        ("es", "qué hago si me falta el aire?"),
        ("tr", "göğsüm ağrırsa ne yapayım?"),
        ("fr", "je me suis évanoui l'année dernière"),
        ("en", "I had chest pain last year"),
    ],
)
def test_what_is_supposed_or_long_past_is_no_danger(lang: str, text: str) -> None:
    assert heard(text, lang).danger == ()


def test_what_a_film_shows_is_heard_but_doubted() -> None:
    reading = heard("in the movie he can't breathe", "en")
    assert reading.danger == reading.danger_doubt == ("severe_breathlessness",)


def test_a_doubted_danger_said_again_surely_is_sure() -> None:
    reading = heard("lol. seriously though. now. i really can't breathe", "en")
    assert reading.danger == ("severe_breathlessness",)
    assert reading.danger_doubt == ()


def test_the_scope_of_a_negation_ends_at_a_contrast() -> None:
    value = heard("pas de fièvre mais je tousse", expect="symptoms").value
    assert value == {"present": ["cough"], "absent": ["fever"], "none": False}


def test_or_carries_a_negation_over_commas() -> None:
    value = heard("no fever, cough or headache", "en", "symptoms").value
    assert value["absent"] == ["cough", "fever", "headache"]


def test_only_a_statement_about_everything_is_none() -> None:
    assert heard("aucun symptôme", expect="symptoms").value["none"] is True
    assert heard("pas de fièvre, pas de toux", expect="symptoms").value["none"] is False


def test_a_little_or_on_the_stairs_is_the_symptom_alone() -> None:
    reading = heard("un peu essoufflé dans les escaliers", expect="symptoms")
    assert reading.danger == ()
    assert reading.value["present"] == ["breathlessness"]


def test_a_danger_for_anybody_is_a_danger_about_them() -> None:
    assert heard("Mamie est toute confuse", about=HOUSE).danger_about == {"confusion": "mamie"}
    assert heard("mon voisin ne respire plus").danger_about == {"severe_breathlessness": "other"}
    assert heard("j'ai mal à la poitrine").danger_about == {"chest_pain": "self"}


def test_figures_are_dangers_in_any_reply() -> None:
    assert heard("ma saturation est à 89", expect="date").danger == ("low_oxygen",)
    assert heard("40,3 de fièvre", expect="choice").danger == ("very_high_fever",)
    assert heard("92", expect="oxygen").danger == ("low_oxygen",)
    assert heard("93", expect="oxygen").danger == ()


def test_a_fever_in_a_newborn_is_very_high() -> None:
    assert heard("Tom a 38,1", about=HOUSE).danger_about == {"very_high_fever": "bb"}
    assert heard("my 6 week old has 38.4", "en").danger == ("very_high_fever",)
    assert heard("my 6 year old has 38.4", "en").danger == ()


def test_pills_taken_by_mistake_are_a_poisoning_and_no_wish_to_die() -> None:
    by_mistake = heard("Papa a pris toute sa plaquette de pilules par erreur")
    assert by_mistake.danger == ("other_emergency",)
    assert "self_harm" in heard("elle a pris toute sa plaquette de pilules").danger


def test_a_word_that_may_be_an_animal_is_none_where_it_means_something_else() -> None:
    assert heard("merdivenden düştü kafası üstü, bugün üç kere kustu", "tr").danger


def test_violence_is_told_apart_from_wanting_to_die() -> None:
    assert heard("il menace de me tuer").danger == ("violence",)
    assert heard("je veux me tuer").danger == ("self_harm",)


@pytest.mark.parametrize("text", ["STOP", "stop svp", "Arrêt !!", "baja", "DUR", "توقف", "END"])
def test_a_bare_keyword_is_stop(text: str) -> None:
    assert heard(text).command == "stop"


@pytest.mark.parametrize(
    ("lang", "text"),
    [
        ("fr", "j'arrête pas de tousser"),
        ("fr", "je veux un arrêt de travail"),
        ("en", "can't stop coughing"),
        ("en", "don't stop texting me"),
        ("es", "necesito la baja médica"),
        ("pt", "não consigo parar de tossir"),
        ("tr", "öksürüğüm durmuyor"),
    ],
)
def test_a_stop_word_inside_a_complaint_is_no_command(lang: str, text: str) -> None:
    assert heard(text, lang).command is None


def test_stop_comes_before_every_other_command() -> None:
    assert heard("mauvais numéro, arrêtez de m'écrire").command == "stop"


def test_a_danger_is_heard_beside_a_stop() -> None:
    reading = heard("STOP j'arrive plus à respirer")
    assert reading.danger == ("severe_breathlessness",)


@pytest.mark.parametrize(
    ("text", "command", "detail"),
    [
        ("vous vous trompez de numéro", "wrong_person", "wrong_number"),
        ("ce numéro est à moi maintenant", "wrong_person", "other_holder"),
        ("il est décédé", "wrong_person", "deceased"),
        ("mon père est décédé hier", None, "bereaved"),
        ("je suis hospitalisé", None, "hospital"),
        ("je travaille à l'hôpital", None, None),
        ("je réponds pour ma mère", None, "proxy"),
        ("j'ai 15 ans", None, "minor"),
        ("j'ai 45 ans", None, None),
        ("rappelez moi", "human", None),
        ("in english please", "language:en", None),
        ("aide", "help", None),
        ("reprendre le suivi", "start", None),
    ],
)
def test_commands_and_details(text: str, command: str | None, detail: str | None) -> None:
    reading = heard(text)
    assert (reading.command, reading.detail) == (command, detail)


@pytest.mark.parametrize(
    ("lang", "text", "value"),
    [
        ("fr", "ouiiii", True),
        ("fr", "pas de souci", True),
        ("fr", "non ça va pas", False),
        ("en", "no worries", True),
        ("en", "no im not ok", False),
        ("tr", "var", True),
        ("tr", "yok", False),
        ("ar", "la2", False),
        ("fr", "je sais pas", None),
    ],
)
def test_yes_and_no(lang: str, text: str, value: bool | None) -> None:
    assert heard(text, lang, "yes_no").value is value


def test_what_is_said_of_the_others_fills_the_household() -> None:
    rows = heard("Léa tousse, les autres rien", expect="household", about=HOUSE).value
    told = [(row["about"], row["symptoms"]["present"], row["symptoms"]["none"]) for row in rows]
    assert told == [
        ("lea", ["cough"], False),
        ("bb", [], True),
        ("mamie", [], True),
    ]


def test_spans_show_what_led_to_what() -> None:
    text = "Bonjour, j'ai mal à la poitrine"
    span = next(span for span in heard(text).spans if span.code == "chest_pain")
    assert text[span.start : span.end] == "mal à la poitrine"
