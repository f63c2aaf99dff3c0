"""``python -m ops package``: what CloudFormation or Lambda is given."""

from __future__ import annotations

from pathlib import Path

import click

PROJECT_DIR = Path(__file__).resolve().parent.parent


@click.command()
@click.option("--stage", default="dev", show_default=True, help="A stage of .chalice/config.json.")
@click.option(
    "--out",
    "out_dir",
    required=True,
    type=click.Path(file_okay=False, path_type=Path),
    help="The folder for deployment.zip and sam.json.",
)
@click.option(
    "--full-certificates",
    is_flag=True,
    help="Keep every root certificate, e.g. for a proxy between Lambda and AWS.",
)
def package(stage: str, out_dir: Path, *, full_certificates: bool) -> None:
    """Make the deployment package; the same commit gives the same bytes."""
    from ops.packaging.build import MAX_FILES, MAX_ZIP_BYTES, build

    made = build(PROJECT_DIR, out_dir, stage=stage, full_certificates=full_certificates)
    megabytes = made.archive.size_bytes / 1_000_000
    click.echo(
        f"{made.zip_path}\n"
        f"  {megabytes:.2f} MB (at most {MAX_ZIP_BYTES / 1_000_000:g}), "
        f"{made.archive.file_count} files (at most {MAX_FILES}), "
        f"{made.runtime} on {made.architecture}\n"
        f"  sha256 {made.archive.sha256}\n"
        f"{made.template_path}\n"
        f"  stage {stage}"
    )
