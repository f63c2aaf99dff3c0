"""The languages that can be told from each other: their letters and their commonest words."""

# ruff: noqa: RUF001  Letters that look like others are what this is about.

from __future__ import annotations

from typing import NamedTuple


class Language(NamedTuple):
    """One language.

    Attributes:
        script: the letters that it is written in.
        words: which stand in nearly every text; empty where the letters say enough.
    """

    name: str
    script: str
    words: str = ""


# By ISO 639-1 code. Words of one letter are left out in Latin script: they are initials, too.
BY_CODE = {
    "ar": Language(
        "Arabic",
        "Arabic",
        "في من على إلى أن عن هذا هذه مع التي الذي كان ما لا لكم هل نحن قد كل بعد أنا لي يمكن",
    ),
    "bg": Language(
        "Bulgarian",
        "Cyrillic",
        "на да се за от не са си ще как по или като ми ли има бих може съм което ви във със това",
    ),
    "bn": Language("Bengali", "Bengali"),
    "cs": Language(
        "Czech",
        "Latin",
        "na se že je jsem si by jsme pro jak ale od do za nebo bych máme mám jako ve které který "
        "při být než také už prosím",
    ),
    "da": Language(
        "Danish",
        "Latin",
        "og at det er en til på som med for ikke den af jeg vi har et kan hvad der du fra hej om "
        "mig jer hvis os",
    ),
    "de": Language(
        "German",
        "Latin",
        "der die das und ist nicht ich wir sie mit für auf ein eine zu den von im dem des bei auch "
        "sich es haben ihre ihr uns oder wenn",
    ),
    "el": Language("Greek", "Greek"),
    "en": Language(
        "English",
        "Latin",
        "the and to of you is in that for it with we are on your have this be my our not from can "
        "would if at do or will but was has an",
    ),
    "es": Language(
        "Spanish",
        "Latin",
        "el la los las de que en un una por con para es no se del al lo su como más pero sus le "
        "muy este esta me mi si hola",
    ),
    "et": Language(
        "Estonian",
        "Latin",
        "ja on ei see et kui ka mis oma aga ma või kas meie teie mul ning siis väga olen seda nii",
    ),
    "fa": Language(
        "Persian",
        "Arabic",
        "در به از که این را با است برای آن یک خود شما می ما هم تا یا بود کنم لطفا چه سلام",
    ),
    "fi": Language(
        "Finnish",
        "Latin",
        "ja on ei että se en oli mutta kun myös ovat olen tai jos niin mitä voi sekä hän olisi "
        "meillä minä kuin sen tämä",
    ),
    "fr": Language(
        "French",
        "Latin",
        "le la les des et en que une est pour dans qui par sur au pas ne se ce vous nous je avec "
        "votre du un sont mais ou mon bonjour",
    ),
    "he": Language("Hebrew", "Hebrew"),
    "hi": Language("Hindi", "Devanagari"),
    "hr": Language(
        "Croatian",
        "Latin",
        "je se na da za su od što sa kao ali bi ne ili sam koji koja smo kako može te biti što iz "
        "već nije li mi",
    ),
    "hu": Language(
        "Hungarian",
        "Latin",
        "az és hogy nem egy is ez meg van csak ha már de volt vagy mint kell még lehet azt nagyon "
        "szeretnék önök én",
    ),
    "hy": Language("Armenian", "Armenian"),
    "id": Language(
        "Indonesian",
        "Latin",
        "yang dan di untuk dengan ini itu dari tidak saya kami akan pada ada anda juga bisa ke "
        "apakah atau dalam sudah",
    ),
    "it": Language(
        "Italian",
        "Latin",
        "il di che la per un una non con sono del le si da gli mi della in come più nel ho anche "
        "vostro ma questo è",
    ),
    "ja": Language("Japanese", "Kana"),
    "ka": Language("Georgian", "Georgian"),
    "ko": Language("Korean", "Hangul"),
    "lt": Language(
        "Lithuanian",
        "Latin",
        "ir yra kad su iš ar tai bet kaip į aš jūsų mes už nuo ne būtų labai dėl mano apie galite",
    ),
    "lv": Language(
        "Latvian",
        "Latin",
        "un ir ka ar no par uz es mēs kas vai ja tas lai bet arī kā jūsu nav man pie ļoti",
    ),
    "nl": Language(
        "Dutch",
        "Latin",
        "de het een en van ik dat is niet op te zijn voor met die we er aan om naar bij uw kan ook "
        "als mijn maar wij",
    ),
    "no": Language(
        "Norwegian",
        "Latin",
        "og er det en til på som med for ikke den av jeg vi har et kan hva der du fra hei om meg "
        "dere hvis oss noen",
    ),
    "pl": Language(
        "Polish",
        "Latin",
        "się na nie jest to że do jak od dla co czy za po przez są ale mam tym być jestem proszę "
        "lub oraz aby bardzo mnie",
    ),
    "pt": Language(
        "Portuguese",
        "Latin",
        "que não de um uma para com os as do da em por mais como dos no na se ao foi você seu sua "
        "mas é são muito meu olá",
    ),
    "ro": Language(
        "Romanian",
        "Latin",
        "și în la nu să cu pe care este un din mai sunt pentru că am de ce dar vă aș fi sau după "
        "foarte si sa ca",
    ),
    "ru": Language(
        "Russian",
        "Cyrillic",
        "и в не на что я с он как это по но мы вы для от у за из к же бы или если вас наш есть мне "
        "чтобы",
    ),
    "sk": Language(
        "Slovak",
        "Latin",
        "na sa že je som si by sme pre ako ale od do za alebo mám ktoré ktorý pri byť než tiež aj "
        "už prosím čo ste",
    ),
    "sl": Language(
        "Slovenian",
        "Latin",
        "je in se na da za so ki od kot ali bi ne sem kako smo lahko biti pri tudi še kaj vas ter "
        "pa",
    ),
    "sr": Language(
        "Serbian",
        "Cyrillic",
        "је и у да се на за су од што са као али би не или сам који која смо како може бити из већ "
        "није ли бих ми",
    ),
    "sv": Language(
        "Swedish",
        "Latin",
        "och att det är en till på som med för inte den av jag vi har ett kan vad ni du från hej "
        "om mig er eller när",
    ),
    "th": Language("Thai", "Thai"),
    "tr": Language(
        "Turkish",
        "Latin",
        "ve bir bu için ile de da çok ne olarak daha gibi mi var ben sizin ama değil kadar olan "
        "merhaba bana mı nasıl",
    ),
    "uk": Language(
        "Ukrainian",
        "Cyrillic",
        "і в не на що я з він як це по але ми ви для від у за та є до чи ваш якщо мені щоб й може",
    ),
    "ur": Language(
        "Urdu", "Arabic", "کے کی میں ہے اور کا سے کو ہیں پر یہ نے بھی ہم آپ کر نہیں جو کیا تھا لئے"
    ),
    "vi": Language(
        "Vietnamese",
        "Latin",
        "và của là có cho không được một các tôi với những trong bạn này đã để người ở chúng như "
        "thì về",
    ),
    "zh": Language("Chinese", "Han"),
}
