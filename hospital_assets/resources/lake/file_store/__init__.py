"""Where the lake's files lie: below a folder, or below a prefix in an object store."""

from hospital_assets.configuration.lake_root import is_url
from hospital_assets.resources.lake.file_store.errors import FileStoreAwayError, FileStoreError
from hospital_assets.resources.lake.file_store.folder import FolderStore
from hospital_assets.resources.lake.file_store.interface import FileStore
from hospital_assets.resources.lake.file_store.object_store import ObjectStore

__all__ = ["FileStore", "FileStoreAwayError", "FileStoreError", "FolderStore", "ObjectStore", "at"]


def at(root: str) -> FileStore:
    """Return the file store at a path or URL; makes nothing there.

    Raises FileStoreError if the URL is none that we can use.
    """
    return ObjectStore.at(root) if is_url(root) else FolderStore.at(root)
