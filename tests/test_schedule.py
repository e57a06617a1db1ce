"""The batch schedule over simulated weeks: what it asks for after outages, failures and the end."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from pathlib import Path

import dagster as dg
import psycopg
import pytest
from dagster._core.test_utils import create_run_for_test
from psycopg import sql

from hospital_assets import schedules
from hospital_assets.calendar.period import Period, consecutive
from hospital_assets.calendar.planning import MAXIMUM_DAYS_A_RANGE, MAXIMUM_RANGES
from hospital_assets.campaign import OtherHospitalError
from hospital_assets.configuration.hospital_files import fingerprint
from hospital_assets.configuration.settings import Settings
from hospital_assets.definitions import hospital_definitions
from hospital_assets.from_settings import campaign_plan
from hospital_assets.history.days import days_of_tags
from hospital_assets.jobs import BATCH_ASSETS, batch_job
from hospital_assets.registry import EXTRACTS, Registration, make_extracts
from hospital_assets.resources.lake.resource import Form, Lake
from hospital_assets.resources.warehouse.resource import Warehouse
from hospital_assets.schedules import batch_schedule, cron
from hospital_assets.simulation import Hospital
from tests.connected import warehouse_at
from tests.hospitals import small_hospital

HOSPITAL = small_hospital()
PERIOD = HOSPITAL.period
START = datetime(2026, 3, 2, 9, 0, 30, tzinfo=UTC)
TICK = timedelta(minutes=15)
FIRST_START_DAYS = 7


class Clock(datetime):
    """The wall clock of the schedule, set by the test."""

    instant = START

    @classmethod
    def now(cls, tz: object = None) -> datetime:
        """Return the instant that the test has set."""
        return cls.instant


class Deployment:
    """A Dagster instance, its schedule, and runs that end when the test says so."""

    def __init__(self, instance: dg.DagsterInstance, lake: Lake, warehouse: Warehouse) -> None:
        self.instance, self.lake, self.warehouse = instance, lake, warehouse
        self.settings = Settings(first_start_days=FIRST_START_DAYS)
        self.hospital = HOSPITAL
        self.repository = hospital_definitions().get_repository_def()
        self.runs: list[dg.DagsterRun] = []
        self.done: set[date] = set()
        self.skip_reason: str | None = None

    def evaluate(self, at: datetime | None = None) -> list[list[date]]:
        """Evaluate the schedule, at another time than now if need be, and start the runs.

        Returns the days of each.
        """
        context = dg.build_schedule_context(
            instance=self.instance,
            repository_def=self.repository,
            resources={"warehouse": self.warehouse, "lake": lambda: self.lake},
            scheduled_execution_time=at or Clock.instant,
        )
        with context:
            result = batch_schedule(campaign_plan(self.settings, self.hospital)).evaluate_tick(
                context
            )
        self.skip_reason = result.skip_message
        asked = []
        for request in result.run_requests or []:
            days = days_of_tags(request.tags)
            self.runs.append(self.run(request.tags))
            asked.append(days)
        return asked

    def run(
        self,
        tags: dict[str, str],
        job: str = batch_job.name,
        status: dg.DagsterRunStatus = dg.DagsterRunStatus.STARTED,
    ) -> dg.DagsterRun:
        """Add a run, as the daemon does."""
        return create_run_for_test(self.instance, job, status=status, tags=dict(tags))

    def finish(self, failing: frozenset[date] = frozenset()) -> None:
        """End the runs: those about a failing day fail, the others make their days."""
        for run in self.runs:
            days = days_of_tags(run.tags)
            if failing.isdisjoint(days):
                self.make(days)
                self.report(run, dg.DagsterEventType.RUN_SUCCESS)
            else:
                self.report(run, dg.DagsterEventType.RUN_FAILURE)
        self.runs = []

    def make(self, days: list[date], tables: Sequence[Registration] = EXTRACTS) -> None:
        """Put days into the lake and into tables."""
        self.warehouse.create_schema()
        for part in consecutive(days):
            frames = make_extracts(self.hospital, part)
            for row in EXTRACTS:
                self.lake.write(row.contract, frames[row.name], fingerprint(self.hospital))
            for row in tables:
                files = {day: self.lake.csv(row.contract, day) for day in part.days}
                self.warehouse.load(row.contract, files)
        self.done.update(days)

    def show(self, days: list[date]) -> None:
        """Report days as made, as somebody may in the page."""
        for day in days:
            for key in BATCH_ASSETS:
                self.instance.report_runless_asset_event(
                    dg.AssetMaterialization(key, partition=day.isoformat())
                )

    def report(self, run: dg.DagsterRun, kind: dg.DagsterEventType) -> None:
        """Report the end of a run."""
        self.instance.report_dagster_event(
            dg.DagsterEvent(kind.value, run.job_name), run_id=run.run_id
        )


@pytest.fixture
def deployment(
    database: str, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> Iterator[Deployment]:
    monkeypatch.setattr(schedules, "datetime", Clock)
    Clock.instant = START
    with dg.DagsterInstance.ephemeral() as instance:
        # A context refuses instances that live in memory alone.
        of_test = property(lambda _: instance)
        monkeypatch.setattr(dg.ScheduleEvaluationContext, "instance", of_test)
        yield Deployment(instance, Lake(str(tmp_path)), warehouse_at(database))


def later(ticks: float) -> None:
    Clock.instant += ticks * TICK


def due(count: int) -> list[date]:
    return PERIOD.days[:count]


def test_the_first_evaluation_asks_for_a_week_in_one_run(deployment: Deployment) -> None:
    assert deployment.evaluate() == [due(7)]


def test_every_tick_asks_for_one_day(deployment: Deployment) -> None:
    deployment.evaluate()
    for number in range(7, 12):
        deployment.finish()
        later(1)
        assert deployment.evaluate() == [[PERIOD.day(number)]]


def test_no_day_is_asked_twice_while_it_is_under_way(deployment: Deployment) -> None:
    deployment.evaluate()
    assert deployment.evaluate() == []
    assert deployment.skip_reason is not None
    assert "7 days are under way" in deployment.skip_reason
    later(1)
    assert deployment.evaluate() == [[PERIOD.day(7)]]
    later(0.5)
    assert deployment.evaluate() == []


def test_the_reason_to_skip_counts_the_days_that_are_there(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.finish()
    later(1)
    deployment.evaluate()
    deployment.evaluate()
    assert deployment.skip_reason == "1 days are under way; the other 7 due ones are there"


def test_between_ticks_it_names_the_next_one(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.finish()
    assert deployment.evaluate() == []
    assert deployment.skip_reason == (
        "all 7 due days are there; the next tick is at 2026-03-02 09:15:00 UTC"
    )


def test_a_preview_is_of_the_time_that_was_chosen(deployment: Deployment) -> None:
    assert deployment.evaluate(at=START + 20 * TICK) == [due(27)]


def test_a_preview_starts_no_clock_at_its_time(deployment: Deployment) -> None:
    deployment.evaluate(at=START + 2000 * TICK)
    stored = deployment.warehouse.campaign()
    assert stored is not None
    assert stored.epoch < START


def test_the_log_of_a_tick_says_which_days_and_why(
    deployment: Deployment, capsys: pytest.CaptureFixture[str]
) -> None:
    deployment.evaluate()
    later(1)
    deployment.evaluate()
    lines = capsys.readouterr().err.splitlines()
    said = [line.partition(" INFO - ")[2] for line in lines if "asks for" in line]
    why = "UTC, not there and not under way"
    assert said == [
        f"asks for 2020-12-01 to 2020-12-07, 7 days: due at 2026-03-02 09:00:30 {why}",
        f"asks for 2020-12-08: due at 2026-03-02 09:15:30 {why}",
    ]


def test_everything_missed_in_an_outage_is_asked_in_few_runs(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.finish()
    later(200)
    asked = deployment.evaluate()
    assert [len(days) for days in asked] == [MAXIMUM_DAYS_A_RANGE, MAXIMUM_DAYS_A_RANGE, 16]
    assert [day for days in asked for day in days] == PERIOD.days[7:207]


def test_after_a_very_long_outage_the_oldest_days_come_first(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.finish()
    later(1000)
    bound = MAXIMUM_RANGES * MAXIMUM_DAYS_A_RANGE
    assert [day for days in deployment.evaluate() for day in days] == PERIOD.days[7 : 7 + bound]


def test_a_failed_run_is_asked_again(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.finish(failing=frozenset({PERIOD.day(3)}))
    later(1)
    assert deployment.evaluate() == [due(8)]


def test_a_day_that_is_half_there_is_asked_again(deployment: Deployment) -> None:
    """The file is in the lake, but a table failed: the day is not there."""
    deployment.evaluate()
    deployment.finish()
    later(2)
    deployment.make([PERIOD.day(7), PERIOD.day(8)], tables=EXTRACTS[:-1])
    deployment.make([PERIOD.day(8)], tables=EXTRACTS[-1:])
    assert deployment.evaluate() == [[PERIOD.day(7)]]


def test_a_day_that_somebody_made_by_hand_is_not_asked(deployment: Deployment) -> None:
    deployment.make([PERIOD.day(2)])
    assert deployment.evaluate() == [due(2), PERIOD.days[3:7]]


def test_a_day_that_was_only_reported_is_asked(deployment: Deployment) -> None:
    deployment.show(due(7))
    assert deployment.evaluate() == [due(7)]


@pytest.mark.parametrize("form", ["csv", "parquet", "manifest"])
@pytest.mark.parametrize("row", [EXTRACTS[0], EXTRACTS[-1]], ids=lambda row: row.name)
def test_a_day_that_lost_a_file_is_asked_again(
    form: Form, row: Registration, deployment: Deployment
) -> None:
    deployment.make(due(7))
    deployment.show(due(7))
    Path(deployment.lake.path(row.contract, form, PERIOD.day(3))).unlink()
    assert deployment.evaluate() == [[PERIOD.day(3)]]


def test_a_day_that_lost_its_rows_is_asked_again(deployment: Deployment) -> None:
    deployment.make(due(7))
    deployment.show(due(7))
    with psycopg.connect(deployment.warehouse.url()) as connection:
        for table in ("bed_movements", "diagnoses", "patients"):
            statement = sql.SQL("DELETE FROM hospital.{} WHERE census_date = %s")
            connection.execute(statement.format(sql.Identifier(table)), [PERIOD.day(3)])
    assert deployment.evaluate() == [[PERIOD.day(3)]]


@pytest.mark.parametrize(
    ("status", "is_under_way"),
    [
        (dg.DagsterRunStatus.NOT_STARTED, True),
        (dg.DagsterRunStatus.STARTING, True),
        (dg.DagsterRunStatus.STARTED, True),
        (dg.DagsterRunStatus.CANCELING, True),
        (dg.DagsterRunStatus.SUCCESS, False),
        (dg.DagsterRunStatus.FAILURE, False),
        (dg.DagsterRunStatus.CANCELED, False),
    ],
)
def test_a_day_is_under_way_until_its_run_has_ended(
    status: dg.DagsterRunStatus, is_under_way: bool, deployment: Deployment
) -> None:
    deployment.run({"dagster/partition": PERIOD.day(6).isoformat()}, status=status)
    assert deployment.evaluate() == [due(6 if is_under_way else 7)]


def test_runs_of_other_assets_hold_nothing_up(deployment: Deployment) -> None:
    deployment.run({"dagster/partition": PERIOD.day(0).isoformat()}, job="another_job")
    assert deployment.evaluate() == [due(7)]


def test_weeks_with_outages_and_failures_end_with_every_day_made_once(
    deployment: Deployment,
) -> None:
    """Ten weeks of days: two outages, runs that outlast a tick, and every fifth step fails."""
    made: list[date] = []
    runs = 0
    for step in range(40):
        later(15 if step in (10, 25) else 1)
        under_way = {day for run in deployment.runs for day in days_of_tags(run.tags)}
        for days in deployment.evaluate():
            runs += 1
            assert under_way.isdisjoint(days)
            assert deployment.done.isdisjoint(days)
            under_way.update(days)
        if step % 2:
            failing = days_of_tags(deployment.runs[-1].tags) if step % 5 == 0 else []
            before = set(deployment.done)
            deployment.finish(frozenset(failing))
            made += deployment.done - before
    assert len(made) == len(set(made))
    assert sorted(made) == due(FIRST_START_DAYS + 38 + 30 - 1)
    assert runs < 60


def test_past_the_end_it_skips_with_the_reason(
    deployment: Deployment,
) -> None:
    short = Period(PERIOD.first_day, PERIOD.day(29))
    deployment.hospital = Hospital(1, replace(HOSPITAL.parameters, period=short), HOSPITAL.words)
    deployment.evaluate()
    deployment.finish()
    later(1700)
    while deployment.evaluate():
        deployment.finish()
    assert sorted(deployment.done) == short.days
    assert deployment.skip_reason == "all 30 days are there: the period ended on 2020-12-30"


def test_another_pace_takes_effect_from_now_on(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.finish()
    deployment.settings = Settings(first_start_days=FIRST_START_DAYS, tick_seconds=60)
    assert deployment.evaluate() == []
    Clock.instant += timedelta(minutes=3)
    assert deployment.evaluate() == [PERIOD.days[7:10]]


def test_the_database_of_another_hospital_is_refused(deployment: Deployment) -> None:
    deployment.evaluate()
    deployment.hospital = Hospital(2, HOSPITAL.parameters, HOSPITAL.words)
    with pytest.raises(dg.DagsterError) as caught:
        deployment.evaluate()
    assert isinstance(caught.value.__cause__, OtherHospitalError)


@pytest.mark.parametrize(
    ("tick_seconds", "line"),
    [
        (900, "*/15 * * * *"),
        (3600, "0 * * * *"),
        (180, "*/3 * * * *"),
        (60, "*/1 * * * *"),
        (5, "* * * * *"),
        (420, "* * * * *"),
        (7200, "* * * * *"),
    ],
)
def test_the_cron_line_meets_every_tick(tick_seconds: float, line: str) -> None:
    assert cron(tick_seconds) == line
