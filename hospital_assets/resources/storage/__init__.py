"""Where the lake's files lie: below a folder, or below a prefix in an object store."""

from hospital_assets.places import is_url
from hospital_assets.resources.storage.errors import StorageAwayError, StorageError
from hospital_assets.resources.storage.interface import Storage
from hospital_assets.resources.storage.local import LocalStorage
from hospital_assets.resources.storage.objects import ObjectStorage

__all__ = ["LocalStorage", "ObjectStorage", "Storage", "StorageAwayError", "StorageError", "at"]


def at(root: str) -> Storage:
    """Return the storage at a path or URL; makes nothing there.

    Raises StorageError if the URL is none that we can use.
    """
    return ObjectStorage.at(root) if is_url(root) else LocalStorage.at(root)
