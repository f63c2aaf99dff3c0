"""The way out: what SES and receivers say becomes a delivery's state, and words without secrets."""

from __future__ import annotations

import re
from datetime import UTC, datetime
from email import message_from_bytes, policy
from email.message import EmailMessage, Message
from ipaddress import ip_address, ip_network
from math import isfinite
from typing import TYPE_CHECKING, Any, NoReturn

import pytest
from botocore.exceptions import ClientError, ReadTimeoutError
from botocore.loaders import Loader
from botocore.model import ServiceModel
from botocore.validate import validate_parameters
from hypothesis import given
from hypothesis import strategies as st

from chalicelib.errors import DeliveryFailed, DeliveryRefused
from chalicelib.https_post import HttpsPost
from chalicelib.https_post.addresses import is_loopback, is_public
from chalicelib.https_post.destinations import destination_of
from chalicelib.https_post.replies import Reply, judged, retry_after_seconds, without_echo
from chalicelib.outbound import Outbound
from tests.builders import NOON

if TYPE_CHECKING:
    import socket

    from chalicelib.channels import Sent

TAGS = {"form": "contact", "submission": "01J", "target": "email"}


class RecordedSes:
    """An SES that keeps what it is given; it fails as it is told to."""

    def __init__(self, failure: Exception | None = None) -> None:
        self.requests: list[dict[str, Any]] = []
        self._failure = failure

    def send_email(self, **request: Any) -> dict[str, str]:
        if self._failure:
            raise self._failure
        self.requests.append(request)
        return {"MessageId": "0102-abc"}


def an_outbound(ses: Any, *, configuration_set: str | None = None) -> Outbound:
    return Outbound(lambda: ses, a_post, configuration_set=configuration_set)


def a_post() -> HttpsPost:
    """Return what posts, and would fail a test that it posts in."""

    def connect(_unconnected: socket.socket, _address: str, _port: int) -> NoReturn:
        raise AssertionError("a unit test posted")

    def look_up(_host: str) -> NoReturn:
        raise AssertionError("a unit test asked DNS")

    return HttpsPost(lambda: NOON, look_up=look_up, connect=connect)


def a_mail(text: str = "Please call.\n") -> EmailMessage:
    message = EmailMessage()
    message["From"] = "Forms <forms@example.com>"
    message["To"] = "owner@example.com"
    message["Subject"] = "Grüße"
    message.set_content(text)
    return message


def send(outbound: Outbound, mail: EmailMessage | None = None) -> Sent:
    return outbound.send_mail(mail or a_mail(), recipients=["owner@example.com"], tags=TAGS)


# Mail.


def test_a_mail_goes_to_ses_with_what_its_events_will_say() -> None:
    ses = RecordedSes()
    sent = send(an_outbound(ses, configuration_set="formpost-prod"))

    [request] = ses.requests
    assert sent == ("accepted by the mail service as 0102-abc", None)
    assert request["Destination"] == {"ToAddresses": ["owner@example.com"]}
    assert request["ConfigurationSetName"] == "formpost-prod"
    assert request["EmailTags"] == [
        {"Name": "form", "Value": "contact"},
        {"Name": "submission", "Value": "01J"},
        {"Name": "target", "Value": "email"},
    ]


@pytest.mark.parametrize("configuration_set", [None, "formpost-prod"])
@pytest.mark.parametrize("tags", [{}, TAGS])
def test_the_request_is_one_that_ses_knows(
    configuration_set: str | None, tags: dict[str, str]
) -> None:
    ses = RecordedSes()
    outbound = an_outbound(ses, configuration_set=configuration_set)
    outbound.send_mail(a_mail(), recipients=["owner@example.com"], tags=tags)

    [request] = ses.requests
    known: Any = ses_model().operation_model("SendEmail").input_shape
    validate_parameters(request, known)
    assert ("ConfigurationSetName" in request) is (configuration_set is not None)
    assert ("EmailTags" in request) is bool(tags)


def test_whatever_is_not_ascii_is_encoded() -> None:
    """SES wants it so of a raw mail."""
    ses = RecordedSes()
    send(an_outbound(ses), a_mail("Grüße aus Köln\n"))

    raw = ses.requests[0]["Content"]["Raw"]["Data"]
    received = message_from_bytes(raw, policy=policy.default)
    assert raw.isascii()
    assert received["Subject"] == "Grüße"
    assert received.get_content().replace("\r\n", "\n") == "Grüße aus Köln\n"


def test_ses_s_client_is_made_once_and_only_for_mail() -> None:
    made: list[RecordedSes] = []

    def connect() -> Any:
        made.append(RecordedSes())
        return made[-1]

    outbound = Outbound(connect, a_post)
    made_before = list(made)
    send(outbound)
    send(outbound)

    assert made_before == []
    assert [len(ses.requests) for ses in made] == [2]


NOT_VERIFIED = (
    "Email address is not verified. The following identities failed the check in region "
    "EU-WEST-1: visitor@example.net"
)


# Source of codes and their meaning: botocore's model of SES v2 (SendEmail, errors), and
# https://docs.aws.amazon.com/ses/latest/dg/manage-sending-quotas-errors.html
@pytest.mark.parametrize(
    ("code", "said", "kind", "words"),
    [
        ("TooManyRequestsException", "Maximum sending rate exceeded.", DeliveryFailed, "quota"),
        ("LimitExceededException", "Daily message quota exceeded.", DeliveryFailed, "quota"),
        ("ThrottlingException", "Daily message quota exceeded", DeliveryFailed, "sending rate"),
        ("Throttling", "Maximum sending rate exceeded", DeliveryFailed, "sending rate"),
        ("SendingPausedException", "Sending is paused", DeliveryFailed, "paused"),
        ("AccessDeniedException", "not authorized", DeliveryFailed, "policy-deliver.json"),
        ("InternalFailure", "Oops", DeliveryFailed, "answered InternalFailure"),
        ("AccountSuspendedException", "Suspended", DeliveryRefused, "right to send"),
        ("MessageRejected", NOT_VERIFIED, DeliveryRefused, 'Verify them in SES under "Identities"'),
        ("MessageRejected", "Transaction failed", DeliveryRefused, "rejects what is in this mail"),
        ("MailFromDomainNotVerifiedException", "No MX", DeliveryRefused, "MAIL FROM domain"),
        ("NotFoundException", "No such set", DeliveryRefused, "configuration set"),
        ("BadRequestException", "Illegal address", DeliveryRefused, "an address or a header"),
    ],
)
def test_what_ses_refuses_is_tried_again_only_where_time_can_mend_it(
    code: str, said: str, kind: type[DeliveryFailed], words: str
) -> None:
    said += " visitor@example.net"
    error = ClientError({"Error": {"Code": code, "Message": said}}, "SendEmail")
    with pytest.raises(DeliveryFailed) as failed:
        send(an_outbound(RecordedSes(error)))

    assert type(failed.value) is kind
    assert words in str(failed.value)
    # SES's messages quote addresses; a log would follow the chain to them.
    assert "@" not in str(failed.value)
    assert failed.value.__cause__ is None
    assert failed.value.__context__ is None


def ses_model() -> ServiceModel:
    return ServiceModel(Loader().load_service_model("sesv2", "service-2"))


def test_every_error_that_ses_documents_has_words_of_its_own() -> None:
    for shape in ses_model().operation_model("SendEmail").error_shapes:
        error = ClientError({"Error": {"Code": shape.name, "Message": ""}}, "SendEmail")
        with pytest.raises(DeliveryFailed) as failed:
            send(an_outbound(RecordedSes(error)))

        assert shape.name not in str(failed.value)


def test_an_ses_that_does_not_answer_is_tried_again() -> None:
    error = ReadTimeoutError(endpoint_url="https://email.example.com")
    with pytest.raises(DeliveryFailed) as failed:
        send(an_outbound(RecordedSes(error)))

    assert str(failed.value) == "The mail service did not answer (ReadTimeoutError)."
    assert not isinstance(failed.value, DeliveryRefused)


# Which addresses are public.

# Every block of the registries that is not "Globally Reachable: True", and of multicast.
# Source: https://www.iana.org/assignments/iana-ipv4-special-registry/ (of 2025-10-09)
# Source: https://www.iana.org/assignments/iana-ipv6-special-registry/ (of 2025-10-09)
NOT_PUBLIC = {
    "0.0.0.0/8": "this network",
    "0.0.0.0/32": "this host",
    "10.0.0.0/8": "private use",
    "100.64.0.0/10": "shared address space",
    "127.0.0.0/8": "loopback",
    "169.254.0.0/16": "link local",
    "172.16.0.0/12": "private use",
    "192.0.0.0/24": "IETF protocol assignments",
    "192.0.0.0/29": "IPv4 service continuity",
    "192.0.0.8/32": "dummy address",
    "192.0.0.170/31": "NAT64/DNS64 discovery",
    "192.0.2.0/24": "documentation",
    "192.88.99.0/24": "6to4 relay anycast, deprecated",
    "192.168.0.0/16": "private use",
    "198.18.0.0/15": "benchmarking",
    "198.51.100.0/24": "documentation",
    "203.0.113.0/24": "documentation",
    "224.0.0.0/4": "multicast",
    "240.0.0.0/4": "reserved",
    "255.255.255.255/32": "limited broadcast",
    "::/128": "unspecified",
    "::1/128": "loopback",
    "::ffff:0:0/96": "IPv4-mapped",
    "64:ff9b:1::/48": "local-use NAT64",
    "100::/64": "discard-only",
    "100:0:0:1::/64": "dummy prefix",
    "2001::/32": "Teredo",
    "2001:2::/48": "benchmarking",
    "2001:10::/28": "ORCHID, deprecated",
    "2001:db8::/32": "documentation",
    "2002::/16": "6to4",
    "3fff::/20": "documentation",
    "5f00::/16": "segment routing",
    "fc00::/7": "unique local",
    "fe80::/10": "link local",
    "fec0::/10": "site local, deprecated",
    "ff00::/8": "multicast",
}


@pytest.mark.parametrize("block", NOT_PUBLIC)
def test_no_address_of_a_special_block_is_public(block: str) -> None:
    network = ip_network(block)

    assert not is_public(str(network[0]))
    assert not is_public(str(network[-1]))


@pytest.mark.parametrize("block", [block for block in NOT_PUBLIC if "." in block])
def test_no_ipv6_address_leads_to_an_inner_ipv4_address(block: str) -> None:
    """Each in the way that its translation carries it."""
    inner = int(ip_network(block)[0])

    assert not is_public(str(ip_address((0x64FF9B << 96) | inner)))  # NAT64, RFC 6052
    assert not is_public(str(ip_address((0x2002 << 112) | (inner << 80) | 1)))  # 6to4, RFC 3056
    assert not is_public(str(ip_address((0x20010000 << 96) | (inner ^ 0xFFFFFFFF))))  # RFC 4380
    assert not is_public(str(ip_address((0xFFFF << 32) | inner)))  # mapped, RFC 4291


@pytest.mark.parametrize(
    "address",
    [
        "169.254.169.254",  # metadata of EC2
        "169.254.170.2",  # metadata of ECS
        "fd00:ec2::254",  # metadata of EC2, by IPv6
        "fe80::1%eth0",
    ],
)
def test_no_metadata_service_is_public(address: str) -> None:
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    [
        "1.0.0.1",
        "8.8.8.8",
        "9.255.255.255",
        "11.0.0.0",
        "100.63.255.255",
        "100.128.0.0",
        "126.255.255.255",
        "172.15.255.255",
        "172.32.0.0",
        "192.0.1.0",
        "223.255.255.255",
        "2001:200::1",
        "2001:4860:4860::8888",
        "2606:4700:4700::1111",
        "64:ff9b::8.8.8.8",
    ],
)
def test_the_internet_s_addresses_are_public(address: str) -> None:
    """The neighbours of the special blocks among them."""
    assert is_public(address)


@pytest.mark.parametrize(
    ("address", "expected"),
    [
        ("127.0.0.1", True),
        ("127.255.255.255", True),
        ("::1", True),
        ("::ffff:127.0.0.1", False),
        ("0.0.0.0", False),
        ("10.0.0.1", False),
        ("8.8.8.8", False),
    ],
)
def test_loopback_is_this_machine_alone(address: str, *, expected: bool) -> None:
    assert is_loopback(address) is expected


# What a URL says.


# Source: RFC 3986, section 3; of Host, RFC 9110, section 7.2; of IDNA, RFC 3492, section 7.1.
@pytest.mark.parametrize(
    ("url", "destination", "host_header"),
    [
        ("https://example.com", (True, "example.com", 443, "/"), "example.com"),
        ("HTTPS://EXAMPLE.com:443/a", (True, "example.com", 443, "/a"), "example.com"),
        ("https://example.com./a", (True, "example.com", 443, "/a"), "example.com"),
        ("https://example.com:/a", (True, "example.com", 443, "/a"), "example.com"),
        ("https://example.com:80/a", (True, "example.com", 80, "/a"), "example.com:80"),
        ("http://localhost:8000/a", (False, "localhost", 8000, "/a"), "localhost:8000"),
        ("http://localhost/a", (False, "localhost", 80, "/a"), "localhost"),
        ("https://h/a;b?c=d&e#f", (True, "h", 443, "/a;b?c=d&e"), "h"),
        ("https://h?c", (True, "h", 443, "/?c"), "h"),
        ("https://h/a@b", (True, "h", 443, "/a@b"), "h"),
        ("https://[2606:4700::1]/", (True, "2606:4700::1", 443, "/"), "[2606:4700::1]"),
        ("https://[::1]:8443/", (True, "::1", 8443, "/"), "[::1]:8443"),
        ("https://2130706433/", (True, "2130706433", 443, "/"), "2130706433"),
        ("https://bücher.example/", (True, "xn--bcher-kva.example", 443, "/"),
         "xn--bcher-kva.example"),
        ("https://my_host.example/", (True, "my_host.example", 443, "/"), "my_host.example"),
    ],
)  # fmt: skip
def test_a_url_is_read_once_for_all(
    url: str, destination: tuple[bool, str, int, str], host_header: str
) -> None:
    assert destination_of(url) == destination
    assert destination_of(url).host_header == host_header


@pytest.mark.parametrize(
    "url",
    [
        "",
        "hunter2",
        "example.com/hunter2",
        "//example.com/hunter2",
        "https:example.com/hunter2",
        "https:///hunter2",
        "ftp://example.com/hunter2",
        "file:///hunter2",
        "https://example.com:99999/hunter2",
        "https://example.com:x/hunter2",
        "https://[::1/hunter2",
        "https://[::1%25eth0]/hunter2",
        "https://user@example.com/hunter2",
        "https://user:hunter2@example.com/",
        "https://example.com\\@10.0.0.1/hunter2",
        "https://exam ple.com/hunter2",
        "https://example.com/hun\tter2",
        "https://example.com/hunter2\r\nX: y",
        "https://example.com/hunter2\x00",
        " https://example.com/hunter2",
        "https://example.com/hunter2/ä",
        "https://%31%32%37.0.0.1/hunter2",
        "https://-example.com/hunter2",
        "https://.example.com/hunter2",
        "https://example..com/hunter2",
        "https://example.com../hunter2",
        f"https://{'a' * 64}.example/hunter2",
        f"https://{'a.' * 127}example/hunter2",
        # IDNA 2003 reads these as another name, or as 127.0.0.1.
        "https://straße.example/hunter2",
        "https://１２７.0.0.1/hunter2",  # noqa: RUF001
        "https://example。com/hunter2",
    ],
)
def test_what_is_no_plain_url_is_refused_without_a_word_of_it(url: str) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        a_post().post(url, body=b"", headers={})

    assert "hunter" not in str(refused.value)
    assert "user" not in str(refused.value).replace("user name", "")


@given(st.text() | st.text(alphabet="htps:/@[]%.?#\\1aä\t").map("https://".__add__))
def test_whatever_stands_in_a_url_its_host_is_a_plain_one(url: str) -> None:
    try:
        destination = destination_of(url)
    except DeliveryRefused:
        return

    assert re.fullmatch(r"[a-z0-9_.:-]{1,253}", destination.host)
    assert re.fullmatch(r"/[!-~]*|/\?[!-~]*", destination.request_target)


@pytest.mark.parametrize("value", ["a\r\nX-Evil: b", "a\nb", "a\0b", "ä"])
def test_a_header_stays_one_header(value: str) -> None:
    with pytest.raises(DeliveryRefused) as refused:
        a_post().post("https://example.com/", body=b"", headers={"X-Secret": value})

    assert value not in str(refused.value)
    assert refused.value.__context__ is None


# What a receiver answers.


def a_reply(status: int = 500, body: str = "", **headers: str) -> Reply:
    message = Message()
    for name, value in headers.items():
        message[name.replace("_", "-")] = value
    return Reply(status, message, body.encode())


def words(reply: Reply, *, sent: str = "/hook\n{}") -> str:
    with pytest.raises(DeliveryFailed) as failed:
        judged(reply, host="h.example", sent=sent, now=NOON)
    return str(failed.value)


# RFC 9110's own examples, 10.2.3 and 5.6.7: the two forms, and a date's three formats.
@pytest.mark.parametrize(
    ("header", "now", "seconds"),
    [
        ("120", NOON, 120),
        (" 120 ", NOON, 120),
        ("0", NOON, 0),
        ("Fri, 31 Dec 1999 23:59:59 GMT", datetime(1999, 12, 31, 23, 59, 0, tzinfo=UTC), 59),
        ("Sun, 06 Nov 1994 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC), 30),
        ("Sunday, 06-Nov-94 08:49:37 GMT", datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC), 30),
        ("Sun Nov  6 08:49:37 1994", datetime(1994, 11, 6, 8, 49, 7, tzinfo=UTC), 30),
        # Over, or no sense in it.
        ("Fri, 31 Dec 1999 23:59:59 GMT", NOON, 0),
        ("", NOON, 0),
        ("-5", NOON, 0),
        ("1.5", NOON, 0),
        ("+5", NOON, 0),
        ("soon", NOON, 0),
        ("٣", NOON, 0),
        ("Fri, 31 Dec 99999999999999999999 23:59:59 GMT", NOON, 0),
        ("Fri, 31 Dec 2027 23:59:59 +999999999999", NOON, 0),
        # About 31 years, the most that is told.
        ("9" * 5_000, NOON, 1e9),
        ("Fri, 31 Dec 9999 23:59:59 GMT", NOON, 1e9),
    ],
)
def test_retry_after_is_seconds_or_a_date(header: str, now: datetime, seconds: float) -> None:
    assert retry_after_seconds(header, now=now) == seconds


@given(st.text() | st.text(alphabet="0123456789 :,+-MonJaGMT"))
def test_no_retry_after_is_too_odd(header: str) -> None:
    seconds = retry_after_seconds(header, now=NOON)

    assert isfinite(seconds)
    assert 0 <= seconds <= 1e9


def test_any_answer_may_ask_to_be_left_alone() -> None:
    with pytest.raises(DeliveryFailed) as failed:
        judged(a_reply(500, Retry_After="7"), host="h.example", sent="", now=NOON)

    assert failed.value.retry_after_seconds == 7


# What Slack and Discord really say.
# Source: https://api.slack.com/messaging/webhooks#handling_errors
# Source: https://discord.com/developers/docs/reference#error-messages
@pytest.mark.parametrize(
    ("reply", "expected"),
    [
        (
            a_reply(400, "invalid_payload", Content_Type="text/plain; charset=utf-8"),
            "h.example answered 400: invalid_payload",
        ),
        (
            a_reply(
                400,
                '{"message": "Cannot send an empty message", "code": 50006}',
                Content_Type="application/json",
            ),
            'h.example answered 400: {"message": "Cannot send an empty message", "code": 50006}',
        ),
        (
            a_reply(422, '{"title":\n\t"No"}', Content_Type="application/problem+json"),
            'h.example answered 422: {"title": "No"}',
        ),
        (
            a_reply(500, "a\x1b[31mb\u202ec\x00d", Content_Type="text/plain"),
            "h.example answered 500: a [31mb c d",
        ),
        (a_reply(404, "<h1>Not found</h1>", Content_Type="text/html"), "h.example answered 404."),
        (a_reply(404, "zipped", Content_Type="text/plain", Content_Encoding="gzip"),
         "h.example answered 404."),
        (a_reply(404, "", Content_Type="text/plain"), "h.example answered 404."),
    ],
)  # fmt: skip
def test_a_receiver_s_own_words_are_told_on_one_line(reply: Reply, expected: str) -> None:
    assert words(reply) == expected


def test_no_more_than_200_characters_of_an_answer_are_told() -> None:
    told = words(a_reply(500, "ab " * 1_000, Content_Type="text/plain"))

    excerpt = told.removeprefix("h.example answered 500: ")
    assert len(excerpt) == 200
    assert excerpt.endswith("…")


def test_what_was_sent_is_not_told_again() -> None:
    """Not the path, which can be a secret, and not what a visitor wrote, quotes included."""
    echo = 'No hook at /services/T00/B00/secret-token for "Ada Lovelace" <ADA@example.com>.'
    sent = '/services/T00/B00/secret-token\n{"name": "Ada Lovelace", "email": "ada@example.com"}'

    told = words(a_reply(404, echo, Content_Type="text/plain"), sent=sent)

    assert told == "h.example answered 404: No hook at … for… <…>."


@given(st.text(max_size=60), st.text(max_size=20), st.text(max_size=20))
def test_no_run_of_8_characters_that_was_sent_is_left(sent: str, before: str, after: str) -> None:
    told = without_echo(before + sent + after, sent)

    runs = [told[start : start + 8] for start in range(len(told) - 7)]
    assert [run for run in runs if "…" not in run and run.lower() in sent.lower()] == []


# Source: RFC 9110, section 15.4
@pytest.mark.parametrize(
    ("location", "expected"),
    [
        ("https://new.example/secret", "a redirect to new.example; redirects are not followed."),
        ("//new.example/secret", "a redirect to new.example; redirects are not followed."),
        ("https://u:secret@new.example/", "a redirect to new.example; redirects are not followed."),
        ("/secret", "a redirect; redirects are not followed."),
        ("", "a redirect; redirects are not followed."),
        ("https://[secret", "a redirect; redirects are not followed."),
        ("https://<b>secret</b>/", "a redirect; redirects are not followed."),
    ],
)
def test_of_a_redirect_only_the_host_is_told(location: str, expected: str) -> None:
    assert words(a_reply(301, Location=location)) == f"h.example answered 301, {expected}"


@pytest.mark.parametrize(
    ("status", "kind"),
    [(410, DeliveryRefused), *((s, DeliveryFailed) for s in (100, 304, 400, 401, 404, 429, 503))],
)
def test_only_gone_is_for_good(status: int, kind: type[DeliveryFailed]) -> None:
    """Source: Standard Webhooks 1.0.0, "Delivery success and failure"."""
    with pytest.raises(DeliveryFailed) as failed:
        judged(a_reply(status), host="h.example", sent="", now=NOON)

    assert type(failed.value) is kind
    assert failed.value.response_status == status
