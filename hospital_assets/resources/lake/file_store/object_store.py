"""The file store that machines share: a bucket of an S3-compatible object store.

Endpoint, region and credentials come from the AWS_ variables that every such client reads.
"""

import os
import re
from collections.abc import Iterable, Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from functools import cache
from typing import Self

import obstore
from obstore.exceptions import AlreadyExistsError, BaseError
from obstore.store import S3Store

from hospital_assets.configuration.lake_root import bucket_and_prefix
from hospital_assets.errors import one_line
from hospital_assets.resources.lake.file_store.errors import FileStoreAwayError, FileStoreError
from hospital_assets.resources.lake.file_store.interface import File, FileStore, leads_astray

_AT_ONCE = 8
_CODE = re.compile(r"<Code>(\w+)</Code>")
_NO_BUCKET = "NoSuchBucket"
# The client says what a store answered in words alone.
_REFUSED = re.compile(r"status code: 40[13]\b")
_INSTANCE_CREDENTIALS = re.compile(r"http://(169\.254\.|\[fd00:ec2::)")
_ENDPOINTS = ("AWS_ENDPOINT_URL_S3", "AWS_ENDPOINT_URL", "AWS_ENDPOINT")


@dataclass(frozen=True)
class ObjectStore(FileStore):
    """Objects below the URL `url`; a put is atomic, and seen by everybody once it is answered.

    The store must honour conditional puts (`If-None-Match: *`), as S3 does.
    """

    url: str
    store: S3Store

    @classmethod
    def at(cls, url: str) -> Self:
        """Return the file store at a URL; sends nothing."""
        return cls(url.rstrip("/"), _store(url))

    def place(self, name: str) -> str:
        """Return an object's URL."""
        return f"{self.url}/{self._checked(name)}"

    def read(self, name: str) -> bytes:
        """Return an object's contents."""
        with self._refusals(name):
            return obstore.get(self.store, self._checked(name)).bytes().to_bytes()

    def sizes(self, folder: str) -> dict[str, int]:
        """Return the size in bytes of each object directly below a prefix."""
        with self._refusals(folder):
            found = obstore.list_with_delimiter(self.store, self._checked(folder))["objects"]
        return {one["path"].rpartition("/")[2]: one["size"] for one in found}

    def replace(self, groups: Iterable[Iterable[File]]) -> None:
        """Put objects in place of what there is, some groups at a time."""
        ready = [list(group) for group in groups]
        with ThreadPoolExecutor(_AT_ONCE) as pool:
            list(pool.map(self._put_in_order, ready))

    def create(self, name: str, content: bytes) -> None:
        """Put a new object in place."""
        with self._refusals(name):
            # One request, since a killed upload in parts would go on taking space.
            obstore.put(
                self.store, self._checked(name), content, mode="create", use_multipart=False
            )

    def move(self, name: str, target: str) -> None:
        """Give an object another name: a copy, then the old one is deleted."""
        with self._refusals(name):
            obstore.rename(self.store, self._checked(name), self._checked(target))

    def remove(self, name: str) -> None:
        """Delete an object."""
        with self._refusals(name), suppress(FileNotFoundError):
            obstore.delete(self.store, self._checked(name))

    def _put_in_order(self, group: list[File]) -> None:
        for name, content in group:
            with self._refusals(name):
                obstore.put(self.store, self._checked(name), content, use_multipart=False)

    def _checked(self, name: str) -> str:
        if leads_astray(name):
            raise FileStoreError(f"{name} would lie outside the lake {self.url}")
        return name

    @contextmanager
    def _refusals(self, name: str) -> Iterator[None]:
        """Raise what the client raises as what a caller of a file store expects."""
        try:
            yield
        except AlreadyExistsError:
            raise FileExistsError(f"{self.place(name)} is there already") from None
        except (BaseError, FileNotFoundError) as error:
            if isinstance(error, FileNotFoundError) and _NO_BUCKET not in str(error):
                raise FileNotFoundError(f"{self.place(name)} is not there") from None
            # Dagster shows a cause in place of the error: this one has the whole answer in it.
            raise self._explained(str(error)) from None

    def _explained(self, text: str) -> FileStoreError:
        code = _CODE.search(text)
        if code is not None and code[1] == _NO_BUCKET:
            return FileStoreError(f"{self.url}: no such bucket: make it, or correct HOSPITAL_LAKE")
        if _INSTANCE_CREDENTIALS.search(text):
            return FileStoreError(
                f"{self.url}: no credentials: set AWS_ACCESS_KEY_ID and AWS_SECRET_ACCESS_KEY"
            )
        if _REFUSED.search(text):
            reason = f" ({code[1]})" if code is not None else ""
            return FileStoreError(
                f"{self.url}: access refused{reason}: correct AWS_ACCESS_KEY_ID and"
                " AWS_SECRET_ACCESS_KEY, or what they may do there"
            )
        return FileStoreAwayError(f"{self.url}: no answer: {one_line(text.splitlines()[0])}")


@cache
def _store(url: str) -> S3Store:
    # Kept: each has connections of its own.
    try:
        bucket, prefix = bucket_and_prefix(url)
        _check_endpoint()
        return S3Store(bucket, prefix=prefix or None)
    except (ValueError, BaseError) as error:
        raise FileStoreError(f"HOSPITAL_LAKE: {str(error).splitlines()[0]}") from None


def _check_endpoint() -> None:
    """Raise FileStoreError for what the client would panic at, or call an error of its own."""
    for variable in _ENDPOINTS:
        scheme, separator, _ = os.environ.get(variable, "https://").partition("://")
        if not separator or scheme not in ("http", "https"):
            raise FileStoreError(f"{variable}: expected an address such as https://store.example")
        if scheme == "http" and "AWS_ALLOW_HTTP" not in os.environ:
            raise FileStoreError(
                f"{variable}: not encrypted: name an https:// address, or set AWS_ALLOW_HTTP=true"
            )
