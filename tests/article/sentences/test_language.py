import pytest

from notime.article.sentences.language import decide, detect, normalise

TEXTS = {
    "en": "The harbour closed on Monday and the people who had worked there came to see the last ship leave, as it "
    "was the end of a trade.",
    "de": "Der Hafen wurde am Montag geschlossen und die Menschen, die dort gearbeitet hatten, kamen, um das "
    "letzte Schiff zu sehen, das auf die See ging.",
    "fr": "Le port a fermé lundi et les gens qui y avaient travaillé sont venus pour voir partir le dernier "
    "bateau, car c’était la fin d’une époque dans la ville.",
    "es": "El puerto cerró el lunes y la gente que había trabajado allí vino para ver salir el último barco, "
    "porque era el final de una época en la ciudad.",
    "pt": "O porto fechou na segunda-feira e as pessoas que tinham trabalhado ali vieram para ver o último barco "
    "sair, porque não era mais o que foi em outro tempo.",
    "it": "Il porto ha chiuso lunedì e le persone che ci avevano lavorato sono venute per vedere partire l’ultima "
    "nave, perché era la fine di un’epoca nella città.",
    "nl": "De haven is op maandag gesloten en de mensen die er hadden gewerkt kwamen om het laatste schip te zien, "
    "want het was het einde van een tijd.",
    "sv": "Hamnen stängdes på måndagen och de som hade arbetat där kom för att se det sista fartyget, eftersom det "
    "var slutet på en tid som inte kommer åter.",
    "pl": "Port został zamknięty w poniedziałek, a ludzie, którzy tam pracowali, przyszli, żeby zobaczyć ostatni "
    "statek, bo to był koniec i nie ma już do czego wracać.",
    "ru": "Порт закрылся в понедельник, и люди, которые там работали, пришли, чтобы увидеть последний корабль, "
    "потому что это был конец эпохи, и они не знали, что будет после.",
    "uk": "Порт закрився в понеділок, і люди, які там працювали, прийшли, щоб побачити останній корабель, бо це "
    "був кінець, і вони не знали, що буде після того і як жити далі.",
    "ar": "أغلق الميناء يوم الاثنين وجاء الناس الذين عملوا فيه من أجل أن يروا السفينة الأخيرة، لأن ذلك كان نهاية "
    "عصر في المدينة، ولم يكن أحد يعرف ما الذي سيأتي بعد ذلك على هذا المكان أو إلى متى.",
    "hi": "बंदरगाह सोमवार को बंद हो गया और जो लोग वहाँ काम करते थे वे आखिरी जहाज को देखने के लिए आए, यह एक युग का "
    "अंत था और किसी ने भी नहीं कहा कि यह फिर से होगा।",
    "ja": "港は月曜日に閉鎖され、そこで働いていた人々が最後の船を見に来た。それは一つの時代の終わりだった。",
    "zh": "港口于星期一关闭，曾在那里工作的人们前来观看最后一艘船离开，这是一个时代的结束。",
    "ko": "항구는 월요일에 문을 닫았고 그곳에서 일했던 사람들이 마지막 배를 보러 왔다. 한 시대의 끝이었다.",
    "el": "Το λιμάνι έκλεισε τη Δευτέρα και οι άνθρωποι που εργάζονταν εκεί ήρθαν να δουν το τελευταίο πλοίο.",
}


@pytest.mark.parametrize("code", TEXTS)
def test_running_text_names_its_language(code):
    assert detect(TEXTS[code]) == code


def test_what_the_text_shows_wins_over_what_the_page_declares():
    assert decide(TEXTS["de"] * 3, ["en-US"]) == "de"


def test_the_declaration_holds_where_the_text_says_too_little():
    assert decide("Kaffe", ["da-DK"]) == "da"
    assert decide("123", []) is None


def test_a_declared_neighbour_is_believed_where_the_text_fits_both():
    assert decide("Det er en bil og det er en båt.", ["nb"]) == "no"


def test_tags_are_reduced_to_their_language():
    assert [normalise(tag) for tag in ("en-GB", "pt_BR", "IW", "x", "")] == ["en", "pt", "he", None, None]
