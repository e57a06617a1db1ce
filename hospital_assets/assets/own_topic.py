"""Whose topic it is: one that another hospital has published to is left alone."""

from hospital_assets.calendar.period import Period
from hospital_assets.registry import registration
from hospital_assets.resources.stream.errors import StreamError
from hospital_assets.resources.stream.resource import Stream
from hospital_assets.simulation import Hospital


def refuse_others(hospital: Hospital, stream: Stream) -> None:
    """Raise StreamError if a producer of another hospital has published to the topic.

    Looked at before the first slot is published. What people send is nobody's in this sense.
    """
    if stream.has_published():
        return
    event = stream.oldest_of_ours()
    if event is None:
        return
    kind = stream.kind
    day = getattr(event, kind.record.partition_column)
    if day in hospital.period:
        made = registration(kind.record).rows(hospital, Period(day, day), {})
        row = event.model_dump(exclude={"schema_version"})
        if row in made.rows(named=True):
            return
    raise StreamError(
        f"topic {stream.topic} at {stream.bootstrap()} holds events of another hospital, nothing"
        " was changed: name another topic in kafka_config.json, or begin anew by `hospital reset`,"
        " which removes our tables, files, topics and history and asks first"
    )
