"""Print what the dearest requests of a stranger cost: ``python -m bench.wallet``.

The whole app answers, relay and deliver do what follows; the table is moto's, in this process.
Units are DynamoDB's by its rules, processor time is this machine's, see tests/security/meter.py.
"""

from __future__ import annotations

from tests.security.dearest import priced


def main() -> None:
    """Measure and print."""
    print(f"{'':42}{'status':>7}{'writes':>8}{'reads':>7}{'mails':>7}{'CPU ms':>8}{'$/1,000':>10}")
    for request in priced():
        bill = request.bill
        print(
            f"{request.name:42}{request.status:7}{bill.writes:8,}{bill.reads:7,}{bill.mails:7}"
            f"{bill.cpu_seconds * 1_000:8.1f}{bill.dollars * 1_000:10.4f}"
        )


if __name__ == "__main__":
    main()
