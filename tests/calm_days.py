"""A grammar of calm days and of everyday messages, in six languages: nobody here is in danger."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import product

# (greetings, how one is, a detail, a close); every combination is calm.
CALM: dict[str, tuple[tuple[str, ...], ...]] = {
    "fr": (
        ("", "Bonjour, ", "bjr ", "Bonsoir docteur, ", "coucou "),
        (
            "rien à signaler", "ça va bien", "juste un peu fatigué", "je respire bien",
            "pas de fièvre", "toujours pas de toux", "la toux est partie", "37,2 ce matin",
            "un petit rhume", "mal à la gorge seulement", "pas essoufflée du tout",
            "aucune gêne pour respirer", "saturation 97", "je tousse un peu moins",
            "j'ai bien dormi", "pas de douleur à la poitrine", "tout va bien à la maison",
            "quelques courbatures", "j'ai mangé normalement", "le nez bouché c'est tout",
        ),
        (
            "", " mais je respire bien", " et pas de fièvre", ", les enfants aussi vont bien",
            " comme hier", " depuis lundi", ", j'ai repris le sport sans problème",
            ", je bois beaucoup d'eau", ", un peu de fatigue", " par rapport à hier",
        ),
        ("", ", merci", " 👍", ", bonne journée", " !"),
    ),
    "en": (
        ("", "Hi, ", "hello doctor ", "Good morning. ", "hey "),
        (
            "nothing to report", "all good", "just a bit tired", "breathing fine", "no fever",
            "still no cough", "the cough has gone", "36.9 this morning", "a bit of a cold",
            "sore throat only", "not short of breath", "no trouble breathing", "sats 98",
            "coughing a bit less", "slept well", "no chest pain", "everyone is fine at home",
            "a few aches", "eating normally", "runny nose thats all",
        ),
        (
            "", " but breathing fine", " and no temperature", ", the kids are fine too",
            " same as yesterday", " since monday", ", back at the gym no problem",
            ", drinking plenty of water", ", a little tired", " compared with last week",
        ),
        ("", ", thanks", " 👍", ", have a nice day", " !"),
    ),
    "es": (
        ("", "Hola, ", "buenos días ", "Buenas tardes doctora, ", "holaa "),
        (
            "sin novedad", "todo bien", "solo un poco cansado", "respiro bien", "no tengo fiebre",
            "sigo sin tos", "ya se me quitó la tos", "36,8 esta mañana", "un poco de mocos",
            "solo me duele la garganta", "no me falta el aire", "sin problemas para respirar",
            "saturación 97", "toso un poco menos", "he dormido bien", "no me duele el pecho",
            "todos bien en casa", "algunas agujetas", "como normal", "nariz tapada nada más",
        ),
        (
            "", " pero respiro bien", " y sin fiebre", ", los niños también bien",
            " igual que ayer", " desde el lunes", ", volví al gimnasio sin problema",
            ", bebo mucha agua", ", un poco de cansancio", " comparado con ayer",
        ),
        ("", ", gracias", " 👍", ", buen día", " !"),
    ),
    "pt": (
        ("", "Oi, ", "bom dia ", "Boa tarde doutora, ", "olá "),
        (
            "sem novidades", "tudo bem", "só um pouco cansado", "respirando bem", "sem febre",
            "ainda sem tosse", "a tosse passou", "36,7 hoje de manhã", "um pouco de coriza",
            "só dor de garganta", "não tenho falta de ar", "respiro sem dificuldade",
            "saturação 98", "tossindo um pouco menos", "dormi bem", "sem dor no peito",
            "todo mundo bem em casa", "um pouco de dor no corpo", "comendo normal",
            "nariz entupido só isso",
        ),
        (
            "", " mas respirando bem", " e sem febre", ", as crianças também estão bem",
            " igual ontem", " desde segunda", ", voltei pra academia sem problema",
            ", bebendo bastante água", ", um pouco de cansaço", " comparado com ontem",
        ),
        ("", ", obrigada", " 👍", ", bom dia", " !"),
    ),
    "tr": (
        ("", "Merhaba, ", "günaydın ", "İyi günler hocam, ", "selam "),
        (
            "bir şikayetim yok", "iyiyim", "sadece biraz yorgunum", "rahat nefes alıyorum",
            "ateşim yok", "hala öksürük yok", "öksürük geçti", "bu sabah 36,8", "biraz nezleyim",
            "sadece boğazım ağrıyor", "nefes darlığım yok", "nefes almakta zorlanmıyorum",
            "satürasyon 97", "daha az öksürüyorum", "iyi uyudum", "göğüs ağrım yok",
            "evde herkes iyi", "biraz halsizlik", "normal yiyorum", "burnum tıkalı o kadar",
        ),
        (
            "", " ama nefesim iyi", " ve ateş yok", ", çocuklar da iyi", " dünkü gibi",
            " pazartesiden beri", ", spora döndüm sorun yok", ", bol su içiyorum",
            ", biraz yorgunluk", " düne göre",
        ),
        ("", ", teşekkürler", " 👍", ", iyi günler", " !"),
    ),
    "ar": (
        ("", "السلام عليكم، ", "صباح الخير ", "مرحبا دكتور، ", "اهلا "),
        (
            "كل شي تمام", "انا بخير", "بس شوية تعب", "بتنفس عادي", "ما عندي حرارة",
            "لسه ما في كحة", "راحت الكحة", "36.8 الصبح", "رشح خفيف", "بس زوري واجعني",
            "ما عندي ضيق تنفس", "بدون صعوبة في التنفس", "الاكسجين 97", "بكح اقل شوي",
            "نمت منيح", "ما في الم بالصدر", "كلنا بخير بالبيت", "جسمي مكسر شوي",
            "باكل عادي", "انفي مسدود بس",
        ),
        (
            "", " بس بتنفس عادي", " وما في حرارة", "، والاولاد كمان بخير", " نفس امبارح",
            " من يوم الاثنين", "، رجعت للرياضة بدون مشاكل", "، بشرب مي كتير",
            "، شوية تعب", " احسن من امبارح",
        ),
        ("", "، شكرا", " 👍", "، يومك سعيد", " !"),
    ),
}  # fmt: skip

# (who, what, where or when): ordinary life.
EVERYDAY: dict[str, tuple[tuple[str, ...], ...]] = {
    "fr": (
        ("on", "je", "ma soeur", "Paul", "le voisin"),
        (
            "mange à la cantine", "prend le bus", "regarde un film", "a perdu ses clés",
            "coupe du bois", "arrête le travail tôt", "meurt de faim", "est mort de rire",
            "monte les escaliers", "souffle ses bougies", "bat le record", "frappe à la porte",
            "ferme la boutique", "tombe de sommeil", "ne trouve plus le chat", "saigne la tomate",
            "finit ses phrases en riant", "prend l'air au parc", "a le coeur brisé",
            "porte une robe bleue", "donne son sang", "étouffe de chaleur",
        ),
        ("à midi", "ce soir", "demain avec Léa", "au bureau", "", "mdr", "et toi ?"),
    ),
    "en": (
        ("we", "i", "my sister", "Paul", "the neighbour"),
        (
            "had lunch late", "will take the bus", "watched a movie", "lost the keys",
            "hit the gym", "stopped by the shop", "were dying of laughter", "almost died laughing",
            "ran up the stairs", "took a deep breath", "beat the record", "knocked on the door",
            "locked the shop", "fell asleep", "can't find the cat", "cut the grass",
            "got it off my chest", "needed fresh air", "broke my heart", "wore a blue dress",
            "gave blood", "died of boredom", "quit the job", "ended the call",
        ),
        ("at noon", "tonight", "tomorrow with Lea", "at work", "", "lol", "and you?"),
    ),
    "es": (
        ("nosotros", "yo", "mi hermana", "Pablo", "el vecino"),
        (
            "come en la oficina", "toma el bus", "vio una película", "perdió las llaves",
            "corta leña", "paró en la tienda", "se muere de hambre", "se murió de risa",
            "sube las escaleras", "apaga las velas", "batió el récord", "golpeó la puerta",
            "cerró la tienda", "se cae de sueño", "no encuentra el gato", "pela la naranja",
            "sale a tomar el aire", "tiene el corazón roto", "lleva un vestido azul",
            "dona sangre", "se ahoga en un vaso de agua", "dio de baja el teléfono",
        ),
        ("al mediodía", "esta noche", "mañana con Lea", "en el trabajo", "", "jaja", "¿y tú?"),
    ),
    "pt": (
        ("a gente", "eu", "minha irmã", "Paulo", "o vizinho"),
        (
            "come no escritório", "pega o ônibus", "viu um filme", "perdeu as chaves",
            "corta lenha", "parou na loja", "tá morrendo de fome", "morreu de rir",
            "sobe as escadas", "apagou as velas", "bateu o recorde", "bateu na porta",
            "fechou a loja", "caindo de sono", "não acha o gato", "descasca a laranja",
            "foi tomar um ar", "tá de coração partido", "usa um vestido azul", "doou sangue",
            "tá afogado em trabalho", "saiu do grupo",
        ),
        ("meio dia", "hoje à noite", "amanhã com a Lea", "no trabalho", "", "kkk", "e você?"),
    ),
    "tr": (
        ("biz", "ben", "ablam", "Ali", "komşu"),
        (
            "ofiste yemek yedi", "otobüse bindi", "film izledi", "anahtarı kaybetti",
            "odun kesti", "markette durdu", "açlıktan ölüyor", "gülmekten öldü",
            "merdivenleri çıktı", "mumları üfledi", "rekoru kırdı", "kapıyı çaldı",
            "dükkanı kapattı", "uykudan bayılıyor", "kediyi bulamıyor", "portakal soydu",
            "hava almaya çıktı", "kalbi kırıldı", "mavi elbise giydi", "kan bağışladı",
            "işten boğuldu", "öğretmen oluyor",
        ),
        ("öğlen", "bu akşam", "yarın Lea ile", "işte", "", "haha", "sen?"),
    ),
    "ar": (
        ("احنا", "انا", "اختي", "علي", "جاري"),
        (
            "اكل في المكتب", "راح بالباص", "شاف فيلم", "ضيع المفاتيح", "قطع الخشب",
            "وقف عند الدكان", "ميت من الجوع", "مات من الضحك", "طلع الدرج", "طفى الشموع",
            "كسر الرقم القياسي", "دق الباب", "سكر الدكان", "نعسان وبدو ينام",
            "مش لاقي القطة", "قشر البرتقال", "طلع يشم الهوا", "لبس فستان ازرق",
            "تبرع بالدم", "مخنوق من الشغل", "بيستنى الباص",
        ),
        ("الظهر", "الليلة", "بكرا مع ليا", "بالشغل", "", "ههه", "وانت؟"),
    ),
}  # fmt: skip


def _every(
    grammar: dict[str, tuple[tuple[str, ...], ...]], joint: str
) -> Iterator[tuple[str, str]]:
    for lang, parts in grammar.items():
        for words in product(*parts):
            yield lang, joint.join(words).strip()


def calm_replies() -> list[tuple[str, str]]:
    """(language, reply) of calm check-ins: 5,000 and more."""
    every = list(_every(CALM, ""))
    return every[:: max(1, len(every) // 5_400)]


def everyday_messages() -> list[tuple[str, str]]:
    """(language, message) of ordinary life."""
    return list(_every(EVERYDAY, " "))
