"""Where people's files are kept: in a folder of this machine, or in a bucket of an S3 service that machines share."""

from __future__ import annotations

import importlib.util
from dataclasses import dataclass
from typing import Any

from suite import env

LINK_S = 300
"""How long a link to a file holds; files are given out by ourselves, so nobody should need one."""


@dataclass(frozen=True, slots=True)
class Bucket:
    """A bucket and what opens it; the names are those of its settings."""

    endpoint_url: str
    name: str
    access_key: str
    secret_key: str
    region_name: str
    signature_version: str


def storages(chosen: Bucket) -> dict[str, Any]:
    """Give Django's STORAGES: in the bucket, or in a folder when nothing of it is set.

    Raise `SettingError` for half of the settings, and when the packages are not installed.
    """
    static = {"BACKEND": "django.contrib.staticfiles.storage.StaticFilesStorage"}
    if not chosen.endpoint_url and not chosen.name:
        return {"default": {"BACKEND": "django.core.files.storage.FileSystemStorage"}, "staticfiles": static}
    _check(chosen)
    return {
        "default": {"BACKEND": "storages.backends.s3.S3Storage", "OPTIONS": _options(chosen)},
        "staticfiles": static,
    }


def _check(chosen: Bucket) -> None:
    if not all((chosen.endpoint_url, chosen.name, chosen.access_key, chosen.secret_key)):
        raise env.SettingError(
            "AWS_S3_ENDPOINT_URL, AWS_STORAGE_BUCKET_NAME, AWS_S3_ACCESS_KEY_ID and AWS_S3_SECRET_ACCESS_KEY must be "
            "set together."
        )
    if importlib.util.find_spec("storages") is None:
        raise env.SettingError("For files in S3, first run: .venv/bin/pip install -r deploy/s3/requirements.txt")


def _options(chosen: Bucket) -> dict[str, Any]:
    from botocore.config import Config  # noqa: PLC0415  (not installed unless files are in S3)

    return {
        "endpoint_url": chosen.endpoint_url,
        "bucket_name": chosen.name,
        "access_key": chosen.access_key,
        "secret_key": chosen.secret_key,
        "region_name": chosen.region_name or None,
        "default_acl": None,
        "file_overwrite": False,
        "querystring_expire": LINK_S,
        # The checksums that newer clients add by themselves are unknown to several services that speak S3.
        "client_config": Config(
            signature_version=chosen.signature_version,
            s3={"addressing_style": "path"},
            request_checksum_calculation="when_required",
            response_checksum_validation="when_required",
        ),
    }
