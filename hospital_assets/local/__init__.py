"""Embedded services, and the supervisor behind `hospital up`, for a machine without Docker."""

from hospital_assets.local.databases import dagster_url, embedded_postgres, hospital_dsn

__all__ = ["dagster_url", "embedded_postgres", "hospital_dsn"]
