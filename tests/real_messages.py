"""What people write into forms, made up: many languages, habits and mistakes, no spam.

Each is what one visitor filled in, by field.
"""

# ruff: noqa: RUF001  People write with all letters there are.

from __future__ import annotations


def _contact(name: str, email: str, message: str, **more: str) -> dict[str, str]:
    return {"name": name, "email": email, **more, "message": message}


REAL_MESSAGES: tuple[dict[str, str], ...] = (
    # English, short and long
    _contact("Ada Lovelace", "ada@example.com", "Please call me back."),
    _contact("Tom", "tom.okafor@yahoo.co.uk", "hi are you open on sunday?? thx"),
    _contact(
        "Siobhán Ní Chaoimh",
        "siobhan@example.ie",
        "We would like to book the small hall for a wedding on 12 June, about 80 guests. Is it "
        "free, and may we bring our own caterer? We saw the photos on "
        "https://www.example.com/halls/small and loved it.",
        phone="+353 1 555 0199",
    ),
    _contact(
        "B. Nguyễn",
        "b.nguyen@gmail.com",
        "My order #A-20391 arrived broken. The tracking number is JD014600003828291749 and the "
        "invoice is INV/2026/0042. I want a refund or a new lamp, please.",
    ),
    _contact("MARGARET HILL", "m.hill@btinternet.com", "PLEASE RING ME I CAN NOT READ THE LETTER"),
    _contact(
        "Priya Venkataraghavan",
        "priya.v@tcs.example",
        "Our security scan reports:\nContent-Type: text/html is sent without charset, and\n"
        "X-Frame-Options is missing. Who should I write to?",
        company="Wxyz Ltd",
    ),
    _contact(
        "Ravi",
        "ravi@dev.example",
        "curl -H 'Content-Type: application/json' -d '{\"to\": \"x\"}' https://api.example.com "
        "fails. Connection string is postgres://app@db.internal:5432/app, key id "
        "AKIAIOSFODNN7EXAMPLE, hash "
        "9f86d081884c7d659a2feaa0c55ad015a3bf4f1b2b0b822cd15d6c15b0f00a08",
    ),
    # A forwarded mail in the message
    _contact(
        "Helen Brown",
        "helen@example.org",
        "I got this, is it from you?\n\n---- Forwarded message ----\nFrom: Billing "
        "<b@example.com>\nTo: helen@example.org\nCc: info@example.com\nSubject: Your "
        "invoice\nContent-Type: text/plain; charset=utf-8\n\nPlease pay by Friday.",
    ),
    # Other languages
    _contact(
        "Jürgen Groß",
        "j.gross@t-online.de",
        "Sehr geehrte Damen und Herren, ich interessiere mich für die Ausschreibung der "
        "Rechtsschutzversicherungsgesellschaft und die Donaudampfschifffahrtsgesellschaft. "
        "Bitte schicken Sie mir die Unterlagen zu. Mit freundlichen Grüßen",
    ),
    _contact(
        "Krzysztof Brzęczyszczykiewicz",
        "k.brzeczyszczykiewicz@wp.pl",
        "Dzień dobry, czy mają Państwo wolne miejsca na kurs w Szczebrzeszynie? Proszę o "
        "informację, ile to kosztuje i jak się zapisać.",
        city="Szczebrzeszyn",
    ),
    _contact(
        "Vlk Čtvrtník",
        "vlk.ctvrtnik@seznam.cz",
        "Dobrý den, chtěl bych se zeptat, jestli máte ještě volné termíny na zářijový kurz. "
        "Strč prst skrz krk. Děkuji za odpověď.",
    ),
    _contact("Ľubomír Štvrtecký", "lubo@centrum.sk", "Dobrý deň, máte otvorené aj v sobotu?"),
    _contact(
        "Gwenllian Llywelyn",
        "gwen@cymru.example",
        "Bore da, hoffwn archebu ystafell yn "
        "Llanfairpwllgwyngyllgogerychwyrndrobwllllantysiliogogogoch am ddwy noson ym mis Mehefin. "
        "Diolch yn fawr.",
        city="Ysbyty Ystwyth",
    ),
    _contact(
        "Giorgi Mchedlishvili",
        "giorgi@example.ge",
        "Gamarjoba, Mtskheta-shi vcxovrob. Gvprtskvni! Is there a guide for Georgian speakers?",
    ),
    _contact("Գոհար Մկրտչյան", "gohar@mail.ru", "Բարև ձեզ, ե՞րբ է բացվում թանգարանը։"),
    _contact("Mkrtich Mkrtchyan", "mkrtich@gmail.com", "When do you open?"),
    _contact(
        "María José Ñáñez",
        "mj@hotmail.es",
        "Hola, quería saber si todavía quedan plazas para el taller del sábado y si puedo pagar "
        "con tarjeta. Muchas gracias.",
    ),
    _contact(
        "Éloïse Lefèvre-Duchêne",
        "eloise@laposte.net",
        "Bonjour, je n'arrive pas à télécharger ma facture depuis mon compte. Pourriez-vous me "
        "l'envoyer par courriel ? Merci d'avance.",
    ),
    _contact(
        "João Araújo",
        "joao@uol.com.br",
        "Olá, gostaria de saber o preço do frete para Belém e se vocês aceitam boleto.",
    ),
    _contact(
        "Giuseppe Esposito",
        "g.esposito@libero.it",
        "Buongiorno, vorrei prenotare un tavolo per quattro persone venerdì sera. È possibile "
        "stare fuori? Grazie mille!",
    ),
    _contact("Sanne van der Wijngaert", "sanne@ziggo.nl", "Kan ik de fiets zaterdag ophalen?"),
    _contact("Þórður Ægisson", "thordur@example.is", "Góðan dag, hvenær opnar safnið?"),
    _contact("Åsa Sjöqvist", "asa.sjoqvist@telia.com", "Hej, jag undrar om ni har öppet i påsk."),
    _contact("Väinö Yrjö-Koskinen", "vaino@example.fi", "Hei, onko mökki vapaa heinäkuussa?"),
    _contact(
        "Szörényi Györgyi", "gyorgyi@example.hu", "Jó napot, mennyibe kerül egy éjszaka reggelivel?"
    ),
    _contact(
        "Hrvoje Krčmar", "hrvoje@example.hr", "Dobar dan, zanima me cijena popravka krvljuka."
    ),
    _contact("Đorđe Стојановић", "djordje@example.rs", "Добар дан, да ли радите суботом?"),
    _contact("Qëndrim Xhaferi", "qendrim@example.al", "Përshëndetje, a jeni hapur nesër?"),
    _contact("Nqobile Gcwensa", "nqobile@example.za", "Sawubona, ngicela ungishayele ucingo."),
    _contact("Etxeberria Goikoetxea", "ainhoa@example.eus", "Kaixo, noiz irekitzen duzue?"),
    _contact("Xochitl Tlacaélel", "xochitl@hotmail.com", "Buenos días, ¿hacen envíos a Tlaxcala?"),
    _contact("Nguyễn Thị Quỳnh Trang", "quynhtrang@gmail.com", "Cho tôi hỏi giá vé bao nhiêu?"),
    _contact("Siti Nurhaliza", "siti@yahoo.co.id", "Selamat pagi, apakah masih buka besok?"),
    _contact("Şükrü Yıldız", "sukru@example.tr", "Merhaba, yarın açık mısınız? Teşekkürler."),
    _contact("Abdulqadir Haqqani", "aq@example.af", "Assalamu alaikum, is there a prayer room?"),
    # Other letters than Latin ones
    _contact("Анна Кузнецова", "anna.k@yandex.ru", "Здравствуйте! Подскажите, пожалуйста, цену."),
    _contact(
        "Олена Шевченко", "olena@ukr.net", "Добрий день, чи можна замовити доставку до Львова?"
    ),
    _contact("Ελένη Παπαδοπούλου", "eleni@example.gr", "Καλημέρα, είστε ανοιχτά την Κυριακή;"),
    _contact("山田太郎", "yamada@example.jp", "はじめまして。見積もりをお願いできますか。"),
    _contact("王小明", "wang@163.com", "您好，请问这个产品还有货吗？谢谢。"),
    _contact("김민수", "minsu@naver.com", "안녕하세요, 내일 예약이 가능한가요?"),
    _contact("محمد الأحمد", "mohammad@example.sa", "مرحبا، هل يمكنني الحجز ليوم الجمعة؟ شكرا"),
    _contact("דוד לוי", "david@walla.co.il", "שלום, אפשר לקבל הצעת מחיר?"),
    _contact("अनिल शर्मा", "anil@rediffmail.com", "नमस्ते, क्या रविवार को दुकान खुली है?"),
    _contact("สมชาย ใจดี", "somchai@example.th", "สวัสดีครับ เปิดวันอาทิตย์ไหมครับ"),
    # Little at all, and other forms
    {"email": "newsletter.reader@company.example"},
    {"email": "ada+news@mozmail.com", "name": "Ada"},
    {"rating": "5", "comment": "Great!"},
    {"name": "Xi Qzhang", "email": "xq@qq.com", "attending": "yes", "guests": "2"},
    {
        "first_name": "JP",
        "last_name": "McDonald-MacLeod",
        "email": "jp@example.com",
        "message": "ok",
    },
    {"name": "DeAndre LaShawn", "email": "deandre@example.com", "message": "Yo, call me 555-0142"},
    {"site_name": "https://my-shop.example", "email": "me@my-shop.example", "topic": "Listing"},
    {"website": "www.my-band.example", "email": "band@my-band.example", "message": "Gig in May?"},
    {"email": "t@example.com", "coupon": "XKCDQWRT", "message": "My code does not work"},
    {
        "name": "Sam",
        "iban": "DE89370400440532013000",
        "email": "sam@web.de",
        "message": "refund pls",
    },
    {"name": "Test", "email": "owner@example.com", "message": "test test asdf"},
)
# They have a sign or two of spam.
SUSPECT_BUT_REAL: tuple[dict[str, str], ...] = (
    _contact(
        "Jean-Luc O'Neill",
        "jl@fastmail.com",
        "Dead links on your page: https://site.example/a https://site.example/b "
        "https://site.example/c https://site.example/d https://site.example/e. Please mend them.",
    ),
    # A web developer asks about code
    _contact(
        "Lars Ångström",
        "lars@webbyra.example",
        "Hello, I pasted this and the map stays empty:\n\n"
        '<!doctype html>\n<link rel="stylesheet" href="https://cdn.example.com/map.css">\n'
        '<script src="https://cdn.example.com/map.js"></script>\n<body onload="start()">\n'
        '<a href="https://example.com/help">help</a>\n<div id="map"></div>\n'
        "<script>document.getElementById('map').addEventListener('click', onClick)</script>\n\n"
        "The console says: Uncaught TypeError: Cannot read properties of undefined. See "
        "https://jsfiddle.example/lars/1 and https://developer.example.org/docs/onload too.",
    ),
    _contact("Jo", "jo@gmial.com", "Hello?"),
    _contact(
        "Kim", "kim@mailinator.com", "Your page is down since yesterday, see https://is.it.example"
    ),
    _contact(
        "Ola Nordmann",
        "ola@example.no",
        "Photos of the damage: https://bit.ly/4abcXYZ - please look",
    ),
    _contact(
        "Estate of J. Smith",
        "smith@gmial.com",
        "Houses we want to see: https://homes.example/1 https://homes.example/2 "
        "https://homes.example/3 https://homes.example/4 https://homes.example/5 "
        "https://homes.example/6 https://homes.example/7 https://homes.example/8 "
        "https://homes.example/9 https://homes.example/10 https://homes.example/11",
    ),
    _contact(
        "Eve", "eve@hotmial.com", "Is this <b>bold</b>? I press Ctrl+C = nothing. [sic] 1 < 2"
    ),
)
