"""Posts to receivers of every kind: each ends in time, in words, and nowhere inside."""

from __future__ import annotations

import socket
import threading
import time
from dataclasses import dataclass
from datetime import timedelta
from typing import TYPE_CHECKING, Any

import pytest

from chalicelib.errors import DeliveryFailed, DeliveryRefused
from chalicelib.https_post import HttpsPost
from tests.builders import NOON
from tests.functional.receivers import (
    Authority,
    Internet,
    answers,
    closes_after_the_request,
    drips,
    floods,
    greets,
    hangs,
    hangs_after_the_request,
    receiving,
    resets,
    takes_the_request_slowly,
)

if TYPE_CHECKING:
    import ssl

    from chalicelib.channels import Sent
    from tests.functional.receivers import Behaviour

HOST = "hooks.example.com"
# The path is a secret, as in the URLs that Slack gives out.
URL = f"https://{HOST}/services/T0000/B0000/XXXXsecretXXXX?token=abcdefgh"
# Public addresses; no packet gets there.
ADDRESS = "93.184.215.14"
OTHER_ADDRESS = "93.184.215.15"
# What a receiver that is over its time is let go after; the machine may be busy.
GENEROUS_SECONDS = 5.0

OK = b"HTTP/1.1 200 OK\r\nContent-Length: 2\r\n\r\nok"


@pytest.fixture(scope="module")
def authority(tmp_path_factory: pytest.TempPathFactory) -> Authority:
    return Authority(tmp_path_factory.mktemp("authority"))


@dataclass
class Sender:
    """Somebody who posts, into an internet of this machine's."""

    authority: Authority
    internet: Internet

    def post(self, url: str = URL, *, body: bytes = b"{}", **settings: Any) -> Sent:
        post = HttpsPost(
            **{
                "now": lambda: NOON,
                "look_up": self.internet.look_up,
                "connect": self.internet.connect,
                "tls": self.authority.trusted,
                "deadline_seconds": GENEROUS_SECONDS,
                **settings,
            }
        )
        return post.post(url, body=body, headers={"Content-Type": "application/json"})


@pytest.fixture
def sender(authority: Authority) -> Sender:
    return Sender(authority, Internet({HOST: [[ADDRESS]]}, {}))


@pytest.fixture(scope="module")
def tls(authority: Authority) -> ssl.SSLContext:
    return authority.issued(HOST)


def a_reply(status: int, *headers: str, body: bytes = b"") -> bytes:
    lines = (f"HTTP/1.1 {status} Whatever", f"Content-Length: {len(body)}", *headers, "", "")
    return "\r\n".join(lines).encode() + body


def test_a_receiver_is_sent_the_body_as_it_is_and_what_it_says_is_told(
    sender: Sender, tls: ssl.SSLContext
) -> None:
    with receiving(answers(OK), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        sent = sender.post(body=b'{"a": 1}')

    head, _, body = receiver.requests[0].partition(b"\r\n\r\n")
    request_line, *headers = head.decode().split("\r\n")
    assert sent == ("answered 200", 200)
    assert request_line == "POST /services/T0000/B0000/XXXXsecretXXXX?token=abcdefgh HTTP/1.1"
    assert sorted(headers) == [
        "Accept-Encoding: identity",
        "Connection: close",
        "Content-Length: 8",
        "Content-Type: application/json",
        f"Host: {HOST}",
        "User-Agent: Formpost",
    ]
    assert body == b'{"a": 1}'
    assert receiver.server_names == [HOST]
    assert sender.internet.connected == [(ADDRESS, 443)]


# Source: RFC 9110, section 15.3, and Standard Webhooks 1.0.0, "Delivery success and failure".
@pytest.mark.parametrize("status", [200, 201, 202, 204])
def test_every_2xx_is_success(sender: Sender, tls: ssl.SSLContext, status: int) -> None:
    with receiving(answers(a_reply(status)), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port

        assert sender.post() == (f"answered {status}", status)


@pytest.mark.parametrize(
    ("reply", "words", "retry_after_seconds"),
    [
        (
            a_reply(400, "Content-Type: text/html", body=b"invalid_payload"),
            f"{HOST} answered 400.",
            0,
        ),
        (
            a_reply(400, "Content-Type: text/plain", body=b"invalid_payload"),
            f"{HOST} answered 400: invalid_payload",
            0,
        ),
        (
            # As Spring Boot and others do: the path stands in the answer.
            a_reply(
                404,
                "Content-Type: application/json",
                body=b'{"error": "Not Found",\n "path": "/services/T0000/B0000/XXXXsecretXXXX"}',
            ),
            f'{HOST} answered 404: {{"error": "Not Found", "path": "…"}}',
            0,
        ),
        (a_reply(429, "Retry-After: 120"), f"{HOST} answered 429.", 120),
        (
            # NOON is Mon, 23 Nov 2026 12:00:00 GMT.
            a_reply(503, "Retry-After: Mon, 23 Nov 2026 12:01:30 GMT"),
            f"{HOST} answered 503.",
            90,
        ),
        (a_reply(500), f"{HOST} answered 500.", 0),
    ],
)
def test_any_other_answer_is_a_failure_in_the_receiver_s_words(
    sender: Sender, tls: ssl.SSLContext, reply: bytes, words: str, retry_after_seconds: float
) -> None:
    with receiving(answers(reply), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        with pytest.raises(DeliveryFailed) as failed:
            sender.post()

    assert not isinstance(failed.value, DeliveryRefused)
    assert str(failed.value) == words
    assert failed.value.response_status == int(reply[9:12])
    assert failed.value.retry_after_seconds == retry_after_seconds


def test_a_receiver_that_is_gone_is_not_asked_again(sender: Sender, tls: ssl.SSLContext) -> None:
    with receiving(answers(a_reply(410)), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        with pytest.raises(DeliveryRefused) as refused:
            sender.post()

    assert refused.value.response_status == 410


IN_TIME = "did not answer within 0.5 s."
CLOSED = "closed the connection without an answer."


@pytest.mark.parametrize(
    ("behave", "is_encrypted", "words"),
    [
        pytest.param(hangs, False, IN_TIME, id="hangs in the handshake"),
        pytest.param(hangs, True, IN_TIME, id="hangs after the handshake"),
        pytest.param(hangs_after_the_request, True, IN_TIME, id="hangs after the request"),
        pytest.param(
            # The head of a TLS record of 16 kB, and then one byte of it after the other.
            drips(b"\x16\x03\x03\x40\x00\x02\x00\x3f\xfc", b"\0", after_the_request=False),
            False,
            IN_TIME,
            id="drips in the handshake",
        ),
        pytest.param(drips(b"HTTP/1.1 200 OK\r\nA: "), True, IN_TIME, id="drips in a header"),
        pytest.param(resets, False, CLOSED, id="resets in the handshake"),
        pytest.param(resets, True, CLOSED, id="resets after the handshake"),
        pytest.param(closes_after_the_request, True, CLOSED, id="closes"),
        pytest.param(greets(b"220 mail.example.com ESMTP\r\n"), True, "did not answer in HTTP.",
                     id="is a mail server"),
        pytest.param(greets(OK), False, "does not encrypt as it should (WRONG_VERSION_NUMBER).",
                     id="does not encrypt"),
    ],
)  # fmt: skip
def test_a_receiver_that_fails_is_let_go_in_time_and_in_words(
    sender: Sender,
    tls: ssl.SSLContext,
    behave: Behaviour,
    *,
    is_encrypted: bool,
    words: str,
) -> None:
    with receiving(behave, tls=tls if is_encrypted else None) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        began = time.monotonic()
        with pytest.raises(DeliveryFailed) as failed:
            sender.post(deadline_seconds=0.5)
        took = time.monotonic() - began

    assert str(failed.value) == f"{HOST} {words}"
    assert failed.value.response_status is None
    assert took < GENEROUS_SECONDS


@pytest.mark.parametrize("scheme", ["https", "http"])
def test_a_receiver_that_takes_the_request_slowly_is_let_go_in_time(
    sender: Sender, tls: ssl.SSLContext, scheme: str
) -> None:
    """TLS hands over a body as a whole, and a plain connection in pieces."""
    address = {"https": ADDRESS, "http": "127.0.0.1"}[scheme]
    sender.internet.addresses[HOST] = [[address]]
    with receiving(takes_the_request_slowly, tls=tls if scheme == "https" else None) as receiver:
        sender.internet.ports[address] = receiver.port
        began = time.monotonic()
        with pytest.raises(DeliveryFailed, match=r"did not answer within 0\.5 s"):
            sender.post(
                f"{scheme}://{HOST}/",
                body=b"x" * 20_000_000,
                deadline_seconds=0.5,
                allow_loopback=True,
            )
        took = time.monotonic() - began

    assert took < GENEROUS_SECONDS


def test_a_body_that_drips_does_not_change_what_was_answered(
    sender: Sender, tls: ssl.SSLContext
) -> None:
    head = b"HTTP/1.1 %d Whatever\r\nContent-Type: text/plain\r\n\r\n"
    began = time.monotonic()
    with receiving(drips(head % 200), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        sent = sender.post(deadline_seconds=1)
    with receiving(drips(head % 500), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        with pytest.raises(DeliveryFailed, match=r"answered 500: x+$"):
            sender.post(deadline_seconds=1)
    took = time.monotonic() - began

    assert sent.status == 200
    assert took < GENEROUS_SECONDS


# Chunked bodies end with a chunk of size 0; this one, of 10 MB, has none.
@pytest.mark.parametrize(
    "head",
    [
        b"HTTP/1.1 200 OK\r\nContent-Length: 10000000\r\n\r\n",
        b"HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n989680\r\n",
        # The status is known, and the header never ends.
        b"HTTP/1.1 200 OK\r\nA: ",
    ],
    ids=["body", "chunked body", "header"],
)
def test_no_more_than_64_kb_of_an_answer_are_read(
    sender: Sender, tls: ssl.SSLContext, head: bytes
) -> None:
    with receiving(floods(head, total_bytes=10_000_000), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        sent = sender.post()
        has_answered = receiver.has_answered.wait(GENEROUS_SECONDS)

    assert sent.status == 200
    assert has_answered
    # 64 kB, and what the kernel's two buffers held.
    assert receiver.sent_bytes < 500_000


@pytest.mark.parametrize("status", [301, 302, 303, 307, 308])
def test_no_redirect_is_followed(sender: Sender, tls: ssl.SSLContext, status: int) -> None:
    """It could lead to the machine's metadata, or post the form's content to a stranger."""
    location = "Location: http://169.254.169.254/latest/meta-data/secret"
    with receiving(answers(a_reply(status, location)), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        with pytest.raises(DeliveryFailed) as failed:
            sender.post()

    assert str(failed.value) == (
        f"{HOST} answered {status}, a redirect to 169.254.169.254; redirects are not followed."
    )
    assert failed.value.response_status == status
    assert sender.internet.looked_up == [HOST]
    assert sender.internet.connected == [(ADDRESS, 443)]
    assert len(receiver.requests) == 1


def test_a_redirect_to_a_public_receiver_is_not_followed_either(
    sender: Sender, tls: ssl.SSLContext
) -> None:
    with receiving(answers(OK), tls=tls) as other:
        sender.internet.addresses["other.example.com"] = [[OTHER_ADDRESS]]
        sender.internet.ports[OTHER_ADDRESS] = other.port
        reply = a_reply(302, "Location: https://other.example.com/")
        with receiving(answers(reply), tls=tls) as receiver:
            sender.internet.ports[ADDRESS] = receiver.port
            with pytest.raises(DeliveryFailed, match="redirects are not followed"):
                sender.post()

    assert other.requests == []
    assert not other.has_answered.is_set()


@pytest.mark.parametrize(
    ("issued", "flaw"),
    [
        pytest.param({"is_self_signed": True}, "self.signed certificate", id="self-signed"),
        pytest.param({"ends": timedelta(days=-1)}, "certificate has expired", id="expired"),
        pytest.param(
            {"host": "other.example.com"},
            f"Hostname mismatch, certificate is not valid for '{HOST}'",
            id="of another host",
        ),
        pytest.param(
            {"is_by_a_stranger": True},
            "unable to get local issuer certificate",
            id="of an unknown authority",
        ),
    ],
)
def test_a_receiver_with_a_bad_certificate_is_told_nothing(
    sender: Sender, authority: Authority, issued: dict[str, Any], flaw: str
) -> None:
    with receiving(answers(OK), tls=authority.issued(**{"host": HOST, **issued})) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        with pytest.raises(
            DeliveryFailed, match=rf"^The certificate of {HOST} is not valid \({flaw}\)\.$"
        ):
            sender.post()

    assert receiver.requests == []


@pytest.mark.parametrize(
    ("url", "host", "host_header"),
    [
        (f"https://{HOST}:8443/", HOST, f"{HOST}:8443"),
        ("https://HOOKS.Example.COM./", HOST, HOST),
        ("https://bücher.example/", "xn--bcher-kva.example", "xn--bcher-kva.example"),
        (f"https://{ADDRESS}/", ADDRESS, ADDRESS),
    ],
)
def test_the_certificate_is_that_of_the_host_however_it_is_spelled(
    sender: Sender, authority: Authority, url: str, host: str, host_header: str
) -> None:
    with receiving(answers(OK), tls=authority.issued(host)) as receiver:
        sender.internet.addresses[host] = [[ADDRESS]]
        sender.internet.ports[ADDRESS] = receiver.port
        sender.post(url)

    assert f"\r\nHost: {host_header}\r\n".encode() in receiver.requests[0]
    assert sender.internet.looked_up == [host]


def test_a_name_that_leads_elsewhere_the_second_time_is_asked_for_once(
    sender: Sender, tls: ssl.SSLContext
) -> None:
    """DNS rebinding: public when it is checked, private when it is connected to."""
    sender.internet.addresses[HOST] = [[ADDRESS], ["10.0.0.1"]]
    with receiving(answers(OK), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        sender.post()

    assert sender.internet.looked_up == [HOST]
    assert sender.internet.connected == [(ADDRESS, 443)]


@pytest.mark.parametrize("addresses", [["10.0.0.1"], [ADDRESS, "10.0.0.1"]])
def test_one_private_address_refuses_the_host(sender: Sender, addresses: list[str]) -> None:
    """Else an attacker's name would lead inside whenever the public address is down."""
    sender.internet.addresses[HOST] = [addresses]
    with pytest.raises(DeliveryRefused) as refused:
        sender.post()

    assert str(refused.value) == f"{HOST} leads to an address that is not public (10.0.0.1)."
    assert sender.internet.connected == []


# Source: inet_aton(3): what getaddrinfo() reads as an IPv4 address.
@pytest.mark.parametrize(
    "host",
    [
        "localhost",
        "127.0.0.1",
        "127.1",
        "2130706433",
        "0x7f.1",
        "0177.0.0.1",
        "127.0.0.1.",
        "0",
        "0xa9fea9fe",
        "[::1]",
        "[::ffff:169.254.169.254]",
        "[64:ff9b::a9fe:a9fe]",
        "[fd00:ec2::254]",
    ],
)
def test_no_spelling_of_an_inner_address_gets_through(sender: Sender, host: str) -> None:
    """With the resolver of this machine, which needs no network for any of them."""
    from chalicelib.https_post.connections import look_up

    with pytest.raises(DeliveryRefused, match="leads to an address that is not public"):
        sender.post(f"https://{host}/", look_up=look_up)

    assert sender.internet.connected == []


def test_the_next_address_is_tried_when_one_does_not_answer(
    sender: Sender, tls: ssl.SSLContext
) -> None:
    sender.internet.addresses[HOST] = [[OTHER_ADDRESS, ADDRESS]]
    with receiving(answers(OK), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port
        sent = sender.post()

    assert sent.status == 200
    assert sender.internet.connected == [(OTHER_ADDRESS, 443), (ADDRESS, 443)]


@pytest.mark.parametrize(
    ("error", "words"),
    [
        (ConnectionRefusedError(), "refused the connection"),
        (TimeoutError(), "did not take a connection within 5 s"),
        (OSError(113, "No route to host"), "could not be reached (No route to host)"),
    ],
)
def test_a_receiver_that_is_not_reached_is_told_in_words(
    sender: Sender, error: OSError, words: str
) -> None:
    def connect(_unconnected: socket.socket, _address: str, _port: int) -> None:
        raise error

    with pytest.raises(DeliveryFailed) as failed:
        sender.post(connect=connect)

    assert str(failed.value) == f"{HOST} {words}."


def test_an_address_has_5_seconds_and_all_of_them_no_more_than_the_deadline(
    sender: Sender,
) -> None:
    """A blackhole: each address takes all the time that it is given."""
    given: list[float] = []
    is_over = threading.Event()

    def connect(unconnected: socket.socket, _address: str, _port: int) -> None:
        seconds = unconnected.gettimeout() or 0
        given.append(seconds)
        is_over.wait(min(seconds, 0.2))
        raise TimeoutError

    with pytest.raises(DeliveryFailed, match="did not take a connection within 5 s"):
        sender.post(connect=connect, deadline_seconds=60)
    sender.internet.addresses[HOST] = [[ADDRESS, OTHER_ADDRESS, ADDRESS]]
    with pytest.raises(DeliveryFailed, match=r"did not answer within 0\.2 s"):
        sender.post(connect=connect, deadline_seconds=0.2)

    assert given[0] == 5
    assert len(given) == 2
    assert given[1] <= 0.2


def test_a_name_that_is_not_in_dns_may_be_there_later(sender: Sender) -> None:
    def look_up(_host: str) -> list[str]:
        raise socket.gaierror(socket.EAI_NONAME, "Name or service not known")

    with pytest.raises(DeliveryFailed) as failed:
        sender.post(look_up=look_up)

    assert str(failed.value) == f"{HOST} was not found in DNS (Name or service not known)."
    assert not isinstance(failed.value, DeliveryRefused)


def test_a_dns_that_does_not_answer_is_let_go_in_time(sender: Sender) -> None:
    is_over = threading.Event()

    def look_up(_host: str) -> list[str]:
        is_over.wait(GENEROUS_SECONDS * 2)
        return [ADDRESS]

    began = time.monotonic()
    with pytest.raises(DeliveryFailed) as failed:
        sender.post(look_up=look_up, deadline_seconds=0.1)
    took = time.monotonic() - began
    is_over.set()

    assert str(failed.value) == f"{HOST} was not found in DNS within 0.1 s."
    assert took < GENEROUS_SECONDS


@pytest.fixture
def proxy(monkeypatch: pytest.MonkeyPatch) -> None:
    """An environment that names a proxy where nobody listens."""
    for name in ("HTTPS_PROXY", "https_proxy", "HTTP_PROXY", "http_proxy", "ALL_PROXY"):
        monkeypatch.setenv(name, "http://127.0.0.1:9")


@pytest.mark.usefixtures("proxy")
def test_a_proxy_of_the_environment_s_is_not_used(sender: Sender, tls: ssl.SSLContext) -> None:
    """It would look the name up once more, and nobody would check what it finds."""
    with receiving(answers(OK), tls=tls) as receiver:
        sender.internet.ports[ADDRESS] = receiver.port

        assert sender.post().status == 200


def test_http_is_refused_before_anything_is_sent(sender: Sender) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        sender.post(f"http://{HOST}/")

    assert str(refused.value) == f"{HOST} may be posted to by https:// only."
    assert sender.internet.looked_up == []


def test_this_machine_is_posted_to_in_development_alone() -> None:
    with receiving(answers(OK)) as receiver:
        url = f"http://localhost:{receiver.port}/hook"
        sent = HttpsPost(lambda: NOON, allow_loopback=True).post(url, body=b"{}", headers={})
        with pytest.raises(DeliveryRefused):
            HttpsPost(lambda: NOON).post(url, body=b"{}", headers={})

    assert sent.status == 200
    assert len(receiver.requests) == 1


def test_ipv6_is_spoken(authority: Authority) -> None:
    try:
        socket.create_server(("::1", 0), family=socket.AF_INET6).close()
    except OSError:
        pytest.skip("this machine has no IPv6")
    with receiving(answers(OK), tls=authority.issued("::1"), address="::1") as receiver:
        post = HttpsPost(lambda: NOON, allow_loopback=True, tls=authority.trusted)
        sent = post.post(f"https://[::1]:{receiver.port}/", body=b"{}", headers={})

    assert sent.status == 200
    assert f"\r\nHost: [::1]:{receiver.port}\r\n".encode() in receiver.requests[0]


@pytest.mark.parametrize(
    ("url", "address"), [(f"https://{HOST}/", "10.0.0.1"), (f"http://{HOST}/", ADDRESS)]
)
def test_development_opens_nothing_but_this_machine(sender: Sender, url: str, address: str) -> None:
    """Neither a private network, nor the internet without encryption."""
    sender.internet.addresses[HOST] = [[address]]
    with pytest.raises(DeliveryRefused):
        sender.post(url, allow_loopback=True)

    assert sender.internet.connected == []
