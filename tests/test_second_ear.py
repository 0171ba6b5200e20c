"""The second ear: heard where the rules find nothing, never instead of them, never for sure."""

from flows.understanding import Question, ear, normalise, read
from tests.calm_days import calm_replies
from tests.train_ear import Line, train

# Replies in which no rule finds a body or what is wrong with it.
NEW = (
    ("en", "need three goes just to say my own name"),
    ("fr", "ses lèvres ont pris la couleur d'une myrtille"),
    ("es", "tengo que parar tres veces para decir mi apellido"),
    ("pt", "preciso parar três vezes pra falar meu nome inteiro"),
    ("tr", "annemin tırnakları ve dudakları patlıcan rengi"),
)


def words(text: str, lang: str = "en") -> tuple[str, ...]:
    return tuple(token.word for token in normalise(text, lang).tokens)


def line(text: str, *dangers: str) -> Line:
    return Line("test", "en", words(text), dangers, text)


def test_what_was_learnt_is_heard_in_other_words() -> None:
    rows = [line(f"the old pump gives up {n}", "chest_pain") for n in range(20)]
    rows += [line(f"we bought bread and milk {n}") for n in range(20)]
    weights = train(rows)
    assert ear.score(words("his pump gives up"), weights) > 0
    assert ear.score(words("she bought fresh milk"), weights) < 0
    assert ear.kind(words("his pump gives up"), weights) == "chest_pain"


def test_training_twice_gives_the_same_weights() -> None:
    rows = [line("the pump gives up", "chest_pain"), line("we bought bread and milk")]
    assert train(rows) == train(rows)


def test_what_only_sounds_like_danger_is_a_doubt() -> None:
    doubts = 0
    for lang, text in NEW:
        reading = read(text, Question("text", lang=lang))
        assert reading.danger, text
        doubts += reading.danger == reading.danger_doubt
    assert doubts == len(NEW)


def test_calm_replies_do_not_sound_like_danger() -> None:
    calm = calm_replies()[::7]
    assert not [text for lang, text in calm if ear.hear(words(text, lang))]


def test_names_and_figures_do_not_sound_like_anything() -> None:
    for lang, text in NEW:
        assert read(text, Question("name", lang=lang)).danger == ()


def test_who_only_asks_tells_of_no_danger() -> None:
    assert read("¿hasta cuándo me quedo en casa?", Question("text", lang="es")).danger == ()
