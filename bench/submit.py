"""What accepting a form post takes, beside Formpost's peers: ``python -m bench.submit``.

Builds Formpost's deployment package and those of its peers, which do the same work, and
runs them in AWS's own runtime client against a stand-in for Lambda and a DynamoDB that
takes everything, over TLS. Cold: fresh processes in shuffled rounds. Warm: one process a
package, one post a round.

Milliseconds are one machine's, so the ratios count. Not measured: Lambda's file system
when it is cold, its share of a CPU, arm64, SnapStart.
"""

from __future__ import annotations

import argparse
import json
import os
import platform
import ssl
from contextlib import closing
from datetime import UTC, datetime
from importlib.metadata import version
from pathlib import Path
from random import Random
from tempfile import TemporaryDirectory
from typing import TYPE_CHECKING, Any, NamedTuple

from bench.submitting import packages, plot, report
from bench.submitting.container import Container
from bench.submitting.local import local_rates
from bench.submitting.packages import package
from bench.submitting.rounds import cold_rounds, warm_rounds
from bench.submitting.store import Store
from bench.submitting.variants import COMPILED, VARIANTS
from ops.packaging import distributions
from tests.functional.receivers import Authority

if TYPE_CHECKING:
    from bench.submitting.packages import Package
    from bench.submitting.rounds import Start

BENCH_DIR = Path(__file__).parent
SEED = 7


class Extent(NamedTuple):
    """How much is measured."""

    cold_rounds: int
    warm_rounds: int
    local_rounds: int
    local_posts: int


# Takes ten minutes. With ten cold rounds the interval of a ratio was wider than what it is held to.
FULL = Extent(cold_rounds=40, warm_rounds=600, local_rounds=10, local_posts=200)
# Ends within two minutes on two cores.
QUICK = Extent(cold_rounds=3, warm_rounds=100, local_rounds=5, local_posts=100)


def measured(extent: Extent, work_dir: Path) -> dict[str, Any]:
    """Build, run and return what results.json has."""
    random = Random(SEED)
    conditions = _conditions(extent)
    built = [package(variant, work_dir) for variant in VARIANTS]
    authority = Authority(work_dir, "Benchmark")
    runtime_client_dir = _runtime_client(work_dir)
    with closing(Store(authority.issued("127.0.0.1"))) as store:
        start = _starting(store, authority, runtime_client_dir, work_dir)
        cold = cold_rounds(built, start, rounds=extent.cold_rounds, random=random)
        compiled = [found for found in built if found.variant in COMPILED]
        warm = warm_rounds(compiled, start, rounds=extent.warm_rounds, random=random)
    with closing(Store(None)) as plain_store:
        local = local_rates(
            plain_store.url, work_dir, rounds=extent.local_rounds, posts=extent.local_posts
        )
    return report.document(conditions, built, cold, warm, local)


def _starting(
    store: Store, authority: Authority, runtime_client_dir: Path, work_dir: Path
) -> Start:
    """Return what starts a container that trusts the roots of its package, and the store's."""
    [der] = authority.trusted().get_ca_certs(binary_form=True)
    ours = ssl.DER_cert_to_PEM_cert(der)

    def start(it: Package) -> Container:
        name = it.variant.name
        # So each pays for as many roots as it ships.
        roots = work_dir / f"{name}.pem"
        roots.write_text(it.roots.read_text("utf-8") + ours, "utf-8")
        environment = {"AWS_ENDPOINT_URL_DYNAMODB": store.url, "AWS_CA_BUNDLE": str(roots)}
        return Container(it, runtime_client_dir, environment, work_dir / f"{name}.log")

    return start


def _runtime_client(work_dir: Path) -> Path:
    """Lay out AWS's runtime client with bytecode, as Lambda's image has it."""
    target_dir = work_dir / "runtime-client"
    for name in distributions.with_dependencies(["awslambdaric"]):
        for path, content in distributions.files(name):
            target = target_dir / path
            target.parent.mkdir(parents=True, exist_ok=True)
            target.write_bytes(content)
    packages.compiled(target_dir)
    return target_dir


def _conditions(extent: Extent) -> dict[str, Any]:
    return {
        "date": datetime.now(UTC).date().isoformat(),
        "seed": SEED,
        **extent._asdict(),
        "python": f"{platform.python_implementation()} {platform.python_version()}",
        "machine": f"{platform.system()} {platform.machine()}, {os.cpu_count()} cores",
        "load_before": round(os.getloadavg()[0], 1),
        **{name: version(name) for name in ("boto3", "chalice", "awslambdaric")},
    }


def main() -> None:
    """Measure, print and write results.json and results.svg."""
    parser = argparse.ArgumentParser(description=(__doc__ or "").splitlines()[0])
    parser.add_argument("--quick", action="store_true", help="fewer rounds: under two minutes")
    parser.add_argument("--out", type=Path, default=BENCH_DIR, help="a folder for the results")
    arguments = parser.parse_args()
    with TemporaryDirectory(prefix="formpost-bench-") as folder:
        results = measured(QUICK if arguments.quick else FULL, Path(folder))
    arguments.out.mkdir(parents=True, exist_ok=True)
    text = json.dumps(results, indent=2)
    (arguments.out / "results.json").write_text(f"{text}\n", "utf-8")
    (arguments.out / "results.svg").write_text(plot.svg(results), "utf-8")
    print(report.table(results))
    print(f"\nWritten: {arguments.out / 'results.json'}, {arguments.out / 'results.svg'}")


if __name__ == "__main__":
    main()
