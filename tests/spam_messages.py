"""What programs write into forms, made up after what owners of forms get, by kind.

None of the addresses is anybody's.
"""

from __future__ import annotations

_LINKS = " ".join(f"https://deal{number}.example/buy" for number in range(25))

# By kind, what one program filled in, by field.
SPAM_MESSAGES: dict[str, tuple[dict[str, str], ...]] = {
    "BBCode": (
        {
            "name": "CasinoKing",
            "email": "king@casino.example",
            "message": "Best slots [url=https://casino.example/win]play now[/url] bonus 500%",
        },
        {
            "name": "RobertTob",
            "email": "rob@mail.example",
            "message": '<a href="https://pills.example">pills</a> '
            "[url=https://pills.example]pills[/url] [link=https://pills.example]pills[/link]",
        },
        {
            "name": "Anna",
            "email": "a@b.example",
            "message": "[img]https://x.example/a.png[/img] [url]https://x.example[/url]",
        },
    ),
    "link drop": (
        {"name": "Deals", "email": "d@deals.example", "message": _LINKS},
        {
            "name": "You won! https://prize.example/claim",
            "email": "p@prize.example",
            "message": "Claim it at https://bit.ly/prize-4u today",
        },
        {
            "first_name": "EARN $4,000 A DAY http://tinyurl.com/earn-4000",
            "last_name": "EARN $4,000 A DAY http://tinyurl.com/earn-4000",
            "email": "x@earn.example",
            "message": "Start here http://tinyurl.com/earn-4000",
        },
    ),
    "gibberish": (
        {"first_name": "xKjHgTrEwQ", "last_name": "PzLqWvNmRt", "email": "jd83@gmail.com"},
        {"name": "nMhYxKpQzRt", "email": "kp@gmail.com", "message": "OgZvAJPLsWqcQYvNTrE"},
        {"name": "WqcQYvNTrEk", "email": "wq@gmail.com", "phone": "5551234567"},
        {
            "name": "vjkqxzhgfw",
            "email": "q@yahoo.com",
            "message": "hgfjkqwzxv pqzvkjwxgh wqkjzxbvfg",
        },
    ),
    "header injection": (
        {
            "name": "Joe",
            "email": "joe@example.com\nBcc: one@victim.example, two@victim.example",
            "message": "hello",
        },
        {
            "name": "Joe\r\nContent-Type: multipart/mixed; boundary=x",
            "email": "joe@example.com",
            "message": "hello",
        },
        {"name": "Joe", "email": "joe@example.com%0ACc:one@victim.example", "message": "hello"},
        {"subject": "Hi%0d%0aTo: one@victim.example", "email": "j@x.example", "message": "hello"},
    ),
    "offer that goes round": (
        {
            "name": "Mike SEO",
            "email": "mike@trashmail.com",
            "message": "Hi there, I went over your website and noticed that it is not ranking on "
            "the first page of Google. We fix that within 30 days. Reply for a free audit.",
        },
        {
            "name": "Sarah",
            "email": "sarah@growth.example",
            "message": "Do you want 1,000 new followers a week? See https://bit.ly/grow-1000 for "
            "our plans. To stop these messages: https://bit.ly/stop-1000 write STOP.",
        },
    ),
}
