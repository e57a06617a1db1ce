"""Beginning anew: what is ours goes, by its name, and nothing that others have made."""

from collections.abc import Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass

from hospital_assets.configuration.settings import Settings
from hospital_assets.errors import HospitalError
from hospital_assets.from_settings import open_lake, open_warehouse
from hospital_assets.history.days import unfinished_runs
from hospital_assets.history.instance import dagster_instance
from hospital_assets.jobs import ALL_ASSETS, PICTURE_ASSETS
from hospital_assets.local.stack_record import LOCK
from hospital_assets.pictures.themes import THEMES
from hospital_assets.registry import IN_BATCH_LAKE, STREAM_TYPES
from hospital_assets.resources.lake import file_store
from hospital_assets.resources.lake.reports import Reports
from hospital_assets.resources.stream.files import StreamFolder
from hospital_assets.resources.stream.kafka_client import KafkaClients
from hospital_assets.resources.stream.removal import remove_files, remove_topics
from hospital_assets.resources.stream.topics import dead_letter_topic, topic_name
from hospital_assets.resources.warehouse.schema import SCHEMA
from hospital_assets.services.kafka.cluster import KafkaCluster
from hospital_assets.state.errors import StateLockedError
from hospital_assets.state.folder import StateFolder


class ResetError(HospitalError):
    """Nothing can be removed now; the message says why, and what to do."""


@dataclass(frozen=True)
class Reset:
    """The removal of all that the hospital of some settings has made."""

    settings: Settings

    @property
    def topics(self) -> list[str]:
        """The topics that go, with every message in them."""
        events = [topic_name(self.settings.kafka, kind) for kind in STREAM_TYPES]
        return [name for topic in events for name in (topic, dead_letter_topic(topic))]

    def describe(self) -> list[str]:
        """Return what goes and what stays, a line each."""
        tables = open_warehouse(self.settings).our_tables()
        names = ", ".join(row.name for row in IN_BATCH_LAKE)
        return [
            f"database: {len(tables)} tables of the schema {SCHEMA}"
            + (f" ({', '.join(tables)})" if tables else ""),
            f"lake {self.settings.lake}: every day of {names}; the pictures in reports;"
            " the files in " + ", ".join(folder.path for folder in self._folders),
            f"Kafka: the topics {' and '.join(self.topics)} with every message, others' too",
            "Dagster: the history of our assets; its runs stay",
            "kept: settings, passwords, and whatever others have made in schemas, folders and"
            " topics of their own",
        ]

    def run(self) -> None:
        """Remove all of it; the next start begins anew. Safe to repeat after a failure.

        Raises ResetError while the hospital runs, and WarehouseError, before anything is removed,
        if a view or table of others depends on our tables.
        """
        with self._nothing_running():
            open_warehouse(self.settings).drop_tables()
            lake = open_lake(self.settings)
            for row in IN_BATCH_LAKE:
                lake.remove(row.contract)
            for theme in THEMES:
                Reports(self.settings.lake).remove(theme.name)
            lake.remove_datapackage()
            for folder in self._folders:
                remove_files(folder.store, folder.path)
            self._remove_topics()
            with dagster_instance() as instance:
                instance.wipe_assets([*ALL_ASSETS, *PICTURE_ASSETS])

    @property
    def _folders(self) -> list[StreamFolder]:
        store = file_store.at(self.settings.lake)
        return [StreamFolder(store, kind.name) for kind in STREAM_TYPES]

    def _remove_topics(self) -> None:
        cluster = KafkaCluster.of(self.settings)
        broker = cluster.embedded()
        if broker is None or broker.data.is_dir():  # One that never ran has no topic.
            remove_topics(KafkaClients(cluster.bootstrap(), self.settings.kafka), self.topics)

    @contextmanager
    def _nothing_running(self) -> Iterator[None]:
        with ExitStack() as held:
            try:
                held.enter_context(StateFolder(self.settings.state).lock(LOCK, timeout=0))
            except StateLockedError as error:
                raise ResetError(
                    "the hospital is running: `hospital down` first; nothing was removed"
                ) from error
            with dagster_instance() as instance:
                runs = unfinished_runs(instance)
            if runs:
                raise ResetError(
                    f"{len(runs)} runs are under way, as {runs[0].run_id}: wait for them or"
                    " end them first; nothing was removed"
                )
            yield
