"""``python -m ops.deploying.chalice_process deploy|delete STAGE [ZIP]``: Chalice, with our zip.

Run in the project's folder. As ``chalice deploy``, but the deployment package is
the one that is named, if one is.
"""

from __future__ import annotations

import os
import sys
from pathlib import Path
from typing import Any

from chalice.cli.factory import CLIFactory
from chalice.deploy.deployer import ChaliceDeploymentError, DeploymentPackager
from chalice.utils import UI


def main(verb: str, stage: str, package: str | None = None) -> int:
    """Deploy or delete a stage; return the exit code."""
    factory = CLIFactory(str(Path.cwd()), environ=os.environ)
    config = factory.create_config_obj(chalice_stage_name=stage)
    session = factory.create_botocore_session()
    if verb == "delete":
        deployer = factory.create_deletion_deployer(session=session, ui=UI())
    else:
        deployer = factory.create_default_deployer(session=session, config=config, ui=UI())
        if package:
            _use_package(deployer, package)
    try:
        deployer.deploy(config, chalice_stage_name=stage)
    except ChaliceDeploymentError as error:
        sys.stderr.write(f"{error}\n")
        return 1
    return 0


class _GivenPackage:
    """Stands in for Chalice's packager, which would ask pip."""

    def __init__(self, package: str) -> None:
        self._package = package

    def create_deployment_package(self, _project_dir: str, _python_version: str) -> str:
        """Return the package's path."""
        return self._package


def _use_package(deployer: Any, package: str) -> None:
    # Chalice offers no way to hand it a package.
    steps = deployer._build_stage._steps  # noqa: SLF001
    (at,) = (at for at, step in enumerate(steps) if isinstance(step, DeploymentPackager))
    given: Any = _GivenPackage(package)
    steps[at] = DeploymentPackager(packager=given)


if __name__ == "__main__":
    sys.exit(main(*sys.argv[1:]))
