"""What a stream type is: a record type whose rows come as events, and how these look."""

from dataclasses import dataclass

from hospital_assets.contracts.record_type import RecordType


@dataclass(frozen=True)
class StreamType:
    """A kind of events: each becomes a row of `record`, once, however often it is sent.

    `subject` is what an event is about, in words with dots between them, such as
    `patient.transfer`; with the `version` of the wire form it names everything that the world sees.
    `id_column` tells one event from another, events of one `key_column` keep their order, and the
    day of `time_column` is the day of the record. `entity` names the thing that an event concerns
    and the column with its id. `summary` has the columns that a person wants to see first, with
    their widths.
    """

    record: RecordType
    subject: str
    version: int
    id_column: str
    key_column: str
    time_column: str
    entity: tuple[str, str]
    summary: tuple[tuple[str, int], ...]
    slot_column: str = "slot"

    @property
    def name(self) -> str:
        """The name of the stream, which is the record's."""
        return self.record.name

    @property
    def event_type(self) -> str:
        """The type of the events, and the name of their topic unless the settings give another."""
        return f"hospital.{self.subject}.v{self.version}"

    @property
    def schema_id(self) -> str:
        """The name of the published JSON Schema."""
        return f"urn:hospital-assets:schema:{self._dashed}:v{self.version}"

    @property
    def schema_file(self) -> str:
        """The name of the file with the published JSON Schema."""
        return f"{self._dashed}-v{self.version}.json"

    @property
    def title(self) -> str:
        """The name of an event in the JSON Schema."""
        return self.subject.title().replace(".", "")

    @property
    def events_asset(self) -> str:
        """The name of the asset that publishes the events."""
        return f"{self.subject.rpartition('.')[2]}_events"

    @property
    def slot_columns(self) -> tuple[str, str]:
        """The columns with day and number of the slot that an event is published in."""
        return self.record.partition_column, self.slot_column

    @property
    def _dashed(self) -> str:
        return self.subject.replace(".", "-")
