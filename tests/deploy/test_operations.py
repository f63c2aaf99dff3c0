"""docs/operations.md says what is deployed: JSON has no comments, so the reasons are there."""

from __future__ import annotations

import re

from chalicelib.config import PROJECT_DIR
from ops.deploying import stage_file
from ops.deploying.commands import deploy_steps

TEXT = (PROJECT_DIR / "docs" / "operations.md").read_text("utf-8")
CONFIG = stage_file.read(PROJECT_DIR)


def rows(heading: str) -> list[list[str]]:
    """Return the cells of the first table under a heading, without its head."""
    section = TEXT.partition(f"\n## {heading}\n")[2].partition("\n## ")[0]
    lines = re.findall(r"(?m)^\| (.+) \|$", section)
    return [[cell.strip("` ") for cell in re.split(r" ?\| ", line)] for line in lines[1:]]


def test_every_step_is_described_in_order() -> None:
    assert [row[0] for row in rows("Deploy")] == [step.title for step in deploy_steps()]


def test_each_function_has_its_memory_and_timeout_with_a_reason() -> None:
    described = {
        name: (int(memory), int(timeout)) for name, memory, timeout, _ in rows("Functions")
    }

    assert described == {
        name: (function["lambda_memory_size"], function["lambda_timeout"])
        for name, function in CONFIG["lambda_functions"].items()
    }
    assert all(len(reason) > 30 for *_, reason in rows("Functions"))


def test_each_function_is_said_to_be_invoked_by_something() -> None:
    assert [row[0] for row in rows("Invocations")] == list(CONFIG["lambda_functions"])


def test_each_limit_has_its_values() -> None:
    described = {name: (int(dev), int(prod)) for name, dev, prod, _ in rows("Limits")}

    dev, prod = (CONFIG["stages"][stage]["formpost"] for stage in ("dev", "prod"))
    assert described == {name: (dev[name], prod[name]) for name in prod}


def test_the_costs_add_up() -> None:
    *parts, without_mail, mail, with_mail = [
        (what.strip("*"), float(amount.strip("*"))) for what, _, amount in rows("Costs")
    ]

    assert round(sum(amount for _, amount in parts), 3) == without_mail[1]
    assert round(without_mail[1] + mail[1], 3) == with_mail[1]


def test_each_part_of_the_costs_is_what_its_arithmetic_says() -> None:
    """The sums, by hand."""
    costs = {what: float(amount) for what, _, amount in rows("Costs") if "*" not in what}

    million, submissions, gigabyte = 1e6, 10_000, 1e9
    seconds = 0.5 * 0.07 + 0.25 * 0.05 + 0.25 * 0.5
    expected = {
        "API Gateway": 3 * submissions * 3.50 / million,
        "Lambda, requests": 4 * submissions * 0.20 / million,
        "Lambda, time": seconds * submissions * 0.0000133334,
        "DynamoDB, writes": (5 * 2 + 2 + 4) * submissions * 0.625 / million,
        "DynamoDB, reads": 2 * submissions * 0.125 / million,
        "DynamoDB, a month's storage": submissions * 4_000 * (0.25 + 0.20) / gigabyte,
        "SQS": 3 * submissions * 0.40 / million,
        "CloudWatch Logs": submissions * 3_000 * 0.50 / gigabyte,
        "SES": submissions * 0.10 / 1_000,
    }
    assert costs.keys() == expected.keys()
    for what, amount in expected.items():
        assert abs(costs[what] - amount) <= 0.0006, what
