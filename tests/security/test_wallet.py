"""What a stranger can make the owner pay: the dearest request of each kind."""

from __future__ import annotations

from tests.security.dearest import priced

# By request: units of writing, counted by hand from decision 0016, and mails. A full item
# is 390 kB: so many units once, twice in the transaction, and once more in by_folder. Beside it
# stand claim, quota and text (2 each), by_unread (1) and the delivery (1 opened, 2 recorded and
# listed). What is refused as known is paid for, and stored by a second transaction without it.
MOST = {
    "a usual post": (3 * 1 + 6 + 1 + 3, 1),
    "the same from another address": (2 * (3 * 1 + 6 + 1) - 2 + 3, 1),
    "the longest post": (3 * 390 + 6 + 1 + 3, 1),
    "the longest, again from another address": (2 * (3 * 390 + 6 + 1) - 2 + 3, 1),
    "the first beyond the limit": (3 * 390 + 6 + 1, 0),
    "the inbox with a wrong token": (1, 0),
}
# The longest that came before: its 400,000 bytes once for the mail (98 units), and 1 each of what
# was learned, its claim before the first try and again after it, and its delivery.
MAX_READS = 98 + 1 + 2 + 1
MAX_DOLLARS = 0.002


def test_no_request_of_a_stranger_s_costs_more_than_is_said() -> None:
    """All others write nothing and mail nobody, and none costs a fifth of a cent."""
    bills = {request.name: request.bill for request in priced()}

    assert bills.keys() > MOST.keys()
    for name, bill in bills.items():
        writes, mails = MOST.get(name, (0, 0))
        assert (bill.writes, bill.mails) == (writes, mails), name
        assert bill.reads <= MAX_READS, name
        assert bill.dollars < MAX_DOLLARS, name
