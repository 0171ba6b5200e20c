"""The second ear: heard where the rules find nothing, never instead of them, never for sure."""

from flows.understanding import Question, ear, normalise, read
from flows.understanding.scene import scene
from tests.calm_days import calm_replies
from tests.train_ear import train

# Replies in which no rule finds a body or what is wrong with it.
NEW = (
    ("en", "need three goes just to say my own name"),
    ("fr", "ses lèvres ont pris la couleur d'une myrtille"),
    ("es", "tengo que parar tres veces para decir mi apellido"),
    ("pt", "preciso parar três vezes pra falar meu nome inteiro"),
    ("tr", "annemin tırnakları ve dudakları patlıcan rengi"),
)
# The rules find a danger in each; it is a thing's, a patient's of theirs, or a sweet's.
HARMLESS = (
    ("en", "the band was so good people were fainting in the front row"),
    ("en", "the price of that sofa gave me palpitations, nearly fainted in the shop"),
    ("fr", "trop belle la mariée j'ai failli tomber dans les pommes"),
    ("fr", "les embouteillages m'étouffent"),
    ("pt", "sou bombeiro, ontem atendi um rapaz desmaiado"),
)

AT_EASE = (
    ("en", "I'm grand really, only I couldn't talk for the want of breath after"),
    ("es", "me cayó ácido de batería en los ojos y no veo"),
    ("fr", "vous inquiétez pas, vendredi je serai plus là, j'ai tout préparé"),
    ("pt", "O café escorre-lhe do canto da boca e não dá conta"),
    ("tr", "iyiyim iyiyim de şu hava bi türlü dibe inmiyo, yarım yarım alıyom sabahtan beri"),
)


def traits(text: str) -> ear.Traits:
    return ear.traits(scene(normalise(text, "en")))


def test_what_was_learnt_is_heard_in_other_words() -> None:
    rows = [(traits(f"the old pump gives up {n}"), ("chest_pain",)) for n in range(20)]
    weights = train([*rows, *[(traits(f"we bought bread and milk {n}"), ()) for n in range(20)]], 0)
    assert ear.score(traits("his pump gives up"), weights) > 0
    assert ear.score(traits("she bought fresh milk"), weights) < 0
    assert ear.kind(traits("his pump gives up"), weights) == "chest_pain"


def test_training_twice_gives_the_same_weights() -> None:
    rows = [(traits("the pump gives up"), ("chest_pain",)), (traits("we bought bread"), ())]
    assert train(rows, 0) == train(rows, 0)


def test_what_only_sounds_like_danger_is_a_doubt() -> None:
    doubts = 0
    for lang, text in NEW:
        reading = read(text, Question("text", lang=lang))
        assert reading.danger, text
        doubts += reading.danger == reading.danger_doubt
    assert doubts == len(NEW)


def test_calm_replies_do_not_sound_like_danger() -> None:
    calm = [(text, read(text, Question("text", lang=lang))) for lang, text in calm_replies()[::7]]
    assert not [text for text, reading in calm if reading.danger]


def test_an_ailment_told_in_known_words_is_no_danger() -> None:
    for lang, text in (("fr", "je tousse depuis ce matin"), ("es", "tengo tos desde ayer")):
        assert read(text, Question("symptoms", lang=lang)).danger == (), text


def test_a_danger_that_sounds_like_none_is_a_doubt_and_not_lost() -> None:
    for lang, text in HARMLESS:
        reading = read(text, Question("text", lang=lang))
        assert reading.danger, text
        assert reading.danger == reading.danger_doubt, text


def test_a_danger_beside_a_word_of_ease_or_of_a_thing_is_heard_all_the_same() -> None:
    for lang, text in AT_EASE:
        assert read(text, Question("text", lang=lang)).danger, text


def test_names_and_figures_do_not_sound_like_anything() -> None:
    for lang, text in NEW:
        assert read(text, Question("name", lang=lang)).danger == ()


def test_who_only_asks_tells_of_no_danger() -> None:
    assert read("¿hasta cuándo me quedo en casa?", Question("text", lang="es")).danger == ()
