"""static_site/ in the stage's bucket, with the API's address in it."""

from __future__ import annotations

import json
import mimetypes
from typing import TYPE_CHECKING, NamedTuple
from uuid import uuid4

from ops.deploying.state import api_url
from ops.site_files import with_api_address

if TYPE_CHECKING:
    from collections.abc import Iterator
    from pathlib import Path

    from ops.deploying.steps import Context

# Names stay the same from one version to the next, so that a page asks whether it has changed,
# and a style or script is at most an hour old. The inbox's modules work with one another and
# with their page, so each of them asks.
_ASK_EVERY_TIME = "no-cache"
_AN_HOUR = "public, max-age=3600"
_TEXT_TYPES = ("text/", "image/svg+xml")
_CONFIG = "config.js"


class SiteFile(NamedTuple):
    """One object of the bucket."""

    key: str
    content: bytes
    content_type: str
    cache_control: str


class UploadSite:
    """Upload every file, remove those that are gone, and have CloudFront ask again."""

    title = "Site"

    def plan(self, context: Context) -> str:
        """Say how many files."""
        count = len(list(site_files(context.project_dir / "static_site", "")))
        return f"upload {count} files of static_site"

    def run(self, context: Context) -> str:
        """Upload pages last, so that none asks for what is not there yet."""
        client, bucket = context.aws.s3, context.outputs["SiteBucketName"]
        files = list(site_files(context.project_dir / "static_site", api_url(context)))
        for file in files:
            client.put_object(
                Bucket=bucket,
                Key=file.key,
                Body=file.content,
                ContentType=file.content_type,
                CacheControl=file.cache_control,
            )
        keep = {file.key for file in files}
        for key in keys(context, bucket):
            if key not in keep:
                client.delete_object(Bucket=bucket, Key=key)
        context.aws.cloudfront.create_invalidation(
            DistributionId=context.outputs["SiteDistributionId"],
            InvalidationBatch={
                "Paths": {"Quantity": 1, "Items": ["/*"]},
                "CallerReference": uuid4().hex,
            },
        )
        return f"{len(files)} files at {context.outputs['SiteUrl']}"


class EmptySite:
    """Remove every file: CloudFormation deletes empty buckets only."""

    title = "Site"

    def plan(self, _context: Context) -> str:
        """Say that all goes."""
        return "remove every file from the site's bucket"

    def run(self, context: Context) -> str:
        """Remove them, if there is a bucket."""
        bucket = context.outputs.get("SiteBucketName")
        if bucket is None:
            return "there is none"
        removed = list(keys(context, bucket))
        for key in removed:
            context.aws.s3.delete_object(Bucket=bucket, Key=key)
        return f"{len(removed)} files removed"


def _is_of_inbox(path: Path, folder: Path) -> bool:
    return path.relative_to(folder).parts[0] in {"inbox", "inbox.css"}


def site_files(folder: Path, api_address: str) -> Iterator[SiteFile]:
    """Yield what is uploaded, pages last.

    Args:
        folder: static_site.
        api_address: without a slash at its end.
    """
    paths = [path for path in folder.rglob("*") if path.is_file() and path.name != _CONFIG]
    for path in sorted(paths, key=lambda path: (path.suffix == ".html", path.as_posix())):
        content, is_page = path.read_bytes(), path.suffix == ".html"
        if is_page:
            content = with_api_address(content.decode(), api_address).encode()
        yield SiteFile(
            path.relative_to(folder).as_posix(),
            content,
            _content_type(path),
            _ASK_EVERY_TIME if is_page or _is_of_inbox(path, folder) else _AN_HOUR,
        )
    script = f"export const API_URL = {json.dumps(api_address)};\n"
    yield SiteFile(_CONFIG, script.encode(), "text/javascript; charset=utf-8", _ASK_EVERY_TIME)


def keys(context: Context, bucket: str) -> Iterator[str]:
    """Yield the name of each file in the bucket."""
    for page in context.aws.s3.get_paginator("list_objects_v2").paginate(Bucket=bucket):
        yield from (found["Key"] for found in page.get("Contents", []))


def _content_type(path: Path) -> str:
    guessed = mimetypes.guess_type(path.name)[0] or "application/octet-stream"
    return f"{guessed}; charset=utf-8" if guessed.startswith(_TEXT_TYPES) else guessed
