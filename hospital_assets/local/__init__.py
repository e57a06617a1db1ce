"""What a machine without Docker needs: embedded services and the supervisor behind `hospital up`."""

from hospital_assets.local.databases import dagster_url, embedded_postgres, hospital_dsn

__all__ = ["dagster_url", "embedded_postgres", "hospital_dsn"]
