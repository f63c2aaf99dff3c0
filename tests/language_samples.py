"""One message in each language, made up, as a visitor of a small hotel would write it."""

# ruff: noqa: RUF001, E501  Letters that look like others, and wide ones, are what this is about.

from __future__ import annotations

SAMPLES = {
    "ar": "مرحبا، أود أن أحجز غرفة لشخصين في نهاية هذا الأسبوع. هل يمكن أن ترسلوا لي السعر مع "
    "الإفطار؟ وهل هناك موقف للسيارة على مقربة من الفندق؟ شكرا لكم على الرد.",
    "bg": "Здравейте, бих искал да резервирам стая за двама души за края на седмицата. Може ли да "
    "ми изпратите цената със закуска и има ли паркинг до хотела? Благодаря ви за отговора.",
    "bn": "নমস্কার, আমি এই সপ্তাহের শেষে দুজনের জন্য একটি ঘর ভাড়া নিতে চাই। দয়া করে দাম জানাবেন।",
    "cs": "Dobrý den, rád bych si u vás rezervoval pokoj pro dvě osoby na konec týdne. Můžete mi "
    "prosím poslat cenu se snídaní a napsat, jestli je u hotelu parkoviště? Přijeli bychom pozdě, "
    "ale do desíti hodin bychom tam už měli být. Děkuji za odpověď.",
    "da": "Hej, jeg vil gerne reservere et værelse til to personer i slutningen af ugen. Kan I "
    "sende mig prisen med morgenmad, og er der en parkeringsplads ved hotellet? Vi kommer sent, "
    "men det er ikke før klokken ti. Tak for hjælpen.",
    "de": "Guten Tag, ich möchte ein Zimmer für zwei Personen am Wochenende reservieren. Können "
    "Sie mir bitte den Preis mit Frühstück schicken, und gibt es einen Parkplatz bei dem Hotel? "
    "Wir kommen erst spät an, aber nicht nach zehn Uhr. Vielen Dank für die Antwort.",
    "el": "Καλημέρα σας, θα ήθελα να κλείσω ένα δωμάτιο για δύο άτομα το Σαββατοκύριακο. Μπορείτε "
    "να μου στείλετε την τιμή με πρωινό; Ευχαριστώ πολύ.",
    "en": "Hello, I would like to book a room for two people at the weekend. Can you send me the "
    "price with breakfast, and is there a car park at the hotel? We arrive late, but it will not "
    "be after ten. Thank you for your answer.",
    "es": "Hola, quisiera reservar una habitación para dos personas el fin de semana. ¿Me pueden "
    "enviar el precio con desayuno y decirme si hay aparcamiento en el hotel? Llegamos tarde, "
    "pero no más tarde de las diez. Muchas gracias por la respuesta.",
    "et": "Tere, ma sooviksin nädalavahetuseks kahele inimesele tuba broneerida. Kas te saate "
    "mulle hinna saata ja kas hotelli juures on parkla? Me jõuame hilja, aga see ei ole pärast "
    "kümmet. Meil on ka väike koer, kui see sobib.",
    "fa": "سلام، من می خواهم برای آخر هفته یک اتاق دو نفره رزرو کنم. لطفا قیمت آن را با صبحانه "
    "برای من بفرستید. آیا هتل پارکینگ هم دارد یا باید جای دیگری پارک کنم؟ از پاسخ شما ممنونم.",
    "fi": "Hei, haluaisin varata huoneen kahdelle hengelle viikonlopuksi. Voitteko lähettää "
    "minulle hinnan aamiaisen kanssa, ja onko hotellilla pysäköintipaikka? Tulemme myöhään, mutta "
    "se ei ole kymmenen jälkeen. Meillä on myös pieni koira, jos se sopii, niin kuin viime vuonna "
    "oli.",
    "fr": "Bonjour, je voudrais réserver une chambre pour deux personnes ce week-end. Pouvez-vous "
    "m'envoyer le prix avec le petit déjeuner, et est-ce qu'il y a un parking dans la rue de "
    "l'hôtel ? Nous arrivons tard, mais pas après dix heures. Merci pour votre réponse.",
    "he": "שלום, אני רוצה להזמין חדר לשני אנשים לסוף השבוע. אפשר לשלוח לי את המחיר עם ארוחת בוקר? "
    "תודה רבה.",
    "hi": "नमस्ते, मैं सप्ताहांत में दो लोगों के लिए एक कमरा बुक करना चाहता हूँ। कृपया नाश्ते के साथ दाम भेज दीजिए।",
    "hr": "Dobar dan, želio bih rezervirati sobu za dvije osobe za kraj tjedna. Možete li mi "
    "poslati cijenu s doručkom i je li uz hotel parkiralište? Dolazimo kasno, ali to nije iza "
    "deset. Imamo i malog psa, ako to može biti. Hvala na odgovoru.",
    "hu": "Jó napot, szeretnék egy szobát foglalni két személyre a hétvégére. El tudják küldeni "
    "nekem az árat reggelivel, és van parkoló a szállodánál? Későn érkezünk, de az nem tíz után "
    "lesz, és már csak az a kérdés, hogy nem baj-e, ha van egy kutyánk is.",
    "hy": "Բարև ձեզ, ես ուզում եմ երկու հոգու համար սենյակ պատվիրել շաբաթավերջին։ Կարո՞ղ եք "
    "ուղարկել գինը։",
    "id": "Halo, saya ingin memesan kamar untuk dua orang pada akhir pekan ini. Apakah bisa "
    "dikirim harga dengan sarapan, dan apakah ada tempat parkir di hotel? Kami akan datang larut "
    "malam, tapi tidak lewat dari jam sepuluh. Terima kasih.",
    "it": "Buongiorno, vorrei prenotare una camera per due persone per il fine settimana. Mi può "
    "mandare il prezzo con la colazione e dire se c'è un parcheggio? Arriviamo tardi, ma non più "
    "tardi delle dieci, e ho anche un cane. Grazie della risposta.",
    "ja": "こんにちは。週末に二人で泊まれる部屋を予約したいのですが、朝食付きの値段を教えていただけますか。よろしくお願いします。",
    "ka": "გამარჯობა, მინდა ოთახის დაჯავშნა ორი ადამიანისთვის შაბათ-კვირას. შეგიძლიათ ფასის "
    "გამოგზავნა?",
    "ko": "안녕하세요. 이번 주말에 두 명이 묵을 방을 예약하고 싶습니다. 조식이 포함된 가격을 알려 주시겠어요?",
    "lt": "Laba diena, norėčiau savaitgaliui užsakyti kambarį dviem žmonėms. Ar galite man "
    "atsiųsti kainą su pusryčiais ir ar yra vieta automobiliui? Mes atvyksime vėlai, bet tai "
    "nebūtų po dešimtos. Už atsakymą labai ačiū, kaip ir už jūsų laiką.",
    "lv": "Labdien, es vēlētos rezervēt istabu diviem cilvēkiem uz nedēļas nogali. Vai jūs varat "
    "man atsūtīt cenu ar brokastīm, un vai pie viesnīcas ir stāvvieta? Mēs ierodamies vēlu, bet "
    "tas nav pēc desmitiem. Paldies par atbildi, kas man ir ļoti svarīga.",
    "nl": "Hallo, ik wil graag een kamer voor twee personen reserveren in het weekend. Kunt u mij "
    "de prijs met ontbijt sturen, en is er een parkeerplaats bij het hotel? We komen laat aan, "
    "maar niet na tien uur. Dank u wel voor het antwoord.",
    "no": "Hei, jeg vil gjerne reservere et rom til to personer i helgen. Kan dere sende meg "
    "prisen med frokost, og er det en parkeringsplass ved hotellet? Vi kommer sent, men det er "
    "ikke etter klokka ti. Takk for hjelpen.",
    "pl": "Dzień dobry, chciałbym zarezerwować pokój dla dwóch osób na weekend. Czy mogą mi "
    "Państwo podać cenę ze śniadaniem i czy jest parking? Przyjedziemy późno, ale nie po "
    "dziesiątej. Mam jeszcze psa, proszę o informację, czy to jest problem. Z góry dziękuję za "
    "odpowiedź, bardzo mi na tym zależy.",
    "pt": "Olá, gostaria de reservar um quarto para duas pessoas no fim de semana. Podem enviar o "
    "preço com o café da manhã e dizer se há estacionamento no hotel? Vamos chegar tarde, mas não "
    "depois das dez. Muito obrigado pela resposta, é muito importante para mim.",
    "ro": "Bună ziua, aș dori să rezerv o cameră pentru două persoane la sfârșitul săptămânii. "
    "Îmi puteți trimite prețul cu mic dejun și este o parcare la hotel? Ajungem târziu, dar nu "
    "după ora zece, pentru că venim din alt oraș. Vă mulțumesc pentru răspuns.",
    "ru": "Здравствуйте, я хотел бы забронировать номер для двоих на выходные. Не могли бы вы "
    "прислать мне цену с завтраком, и есть ли у вас парковка? Мы приедем поздно, но не позже "
    "десяти. Спасибо за ответ.",
    "sk": "Dobrý deň, rád by som si u vás rezervoval izbu pre dve osoby na koniec týždňa. Môžete "
    "mi prosím poslať cenu s raňajkami a napísať, či je pri hoteli parkovisko? Prídeme neskoro, "
    "ale do desiatej by sme tam už mali byť. Ďakujem za odpoveď.",
    "sl": "Dober dan, rad bi rezerviral sobo za dve osebi ob koncu tedna. Ali mi lahko pošljete "
    "ceno z zajtrkom in ali je pri hotelu parkirišče? Pridemo pozno, vendar ne po deseti. Imamo "
    "tudi psa, kaj pa to? Hvala za odgovor, ki bi nam zelo pomagal.",
    "sr": "Добар дан, желео бих да резервишем собу за две особе за крај недеље. Можете ли да ми "
    "пошаљете цену са доручком и да ли је уз хотел паркинг? Долазимо касно, али не после десет. "
    "Хвала на одговору.",
    "sv": "Hej, jag skulle vilja boka ett rum för två personer i helgen. Kan ni skicka mig priset "
    "med frukost, och finns det en parkering vid hotellet? Vi kommer sent, men inte efter klockan "
    "tio. Tack för hjälpen, det är till stor nytta.",
    "th": "สวัสดีค่ะ ดิฉันต้องการจองห้องพักสำหรับสองคนในวันหยุดสุดสัปดาห์นี้ กรุณาส่งราคาพร้อมอาหารเช้าให้ด้วยค่ะ",
    "tr": "Merhaba, hafta sonu için iki kişilik bir oda ayırtmak istiyorum. Kahvaltı ile birlikte "
    "fiyatı bana gönderebilir misiniz ve otelde otopark var mı? Geç geleceğiz ama bu saat ondan "
    "sonra değil. Cevap için çok teşekkürler.",
    "uk": "Добрий день, я хотів би забронювати номер для двох на вихідні. Чи можете ви надіслати "
    "мені ціну зі сніданком, і чи є у вас парковка? Ми приїдемо пізно, але не пізніше десятої. "
    "Дякую за відповідь, якщо це можливо.",
    "ur": "السلام علیکم، میں اس ہفتے کے آخر میں دو لوگوں کے لئے ایک کمرہ لینا چاہتا ہوں۔ کیا آپ "
    "مجھے ناشتے کے ساتھ اس کی قیمت بھیج سکتے ہیں؟ اور کیا ہوٹل میں گاڑی کھڑی کرنے کی جگہ ہے؟ "
    "شکریہ۔",
    "vi": "Xin chào, tôi muốn đặt một phòng cho hai người vào cuối tuần này. Bạn có thể gửi cho "
    "tôi giá có bữa sáng không, và ở khách sạn có chỗ đậu xe không? Chúng tôi đến muộn nhưng "
    "không quá mười giờ. Cảm ơn bạn đã trả lời.",
    "zh": "您好，我想在这个周末预订一个双人房间。请问含早餐的价格是多少？酒店有没有停车的地方？谢谢您的回复。",
}
