"""Whether a code location answers: `python -m hospital_assets.containers.health HOST:PORT`.

Dagster's own command for it loads all of Dagster each time, eight times the work of this, and a
busy machine would have it end too late.
"""

import sys

import grpc
from grpc_health.v1.health_pb2 import HealthCheckRequest, HealthCheckResponse
from grpc_health.v1.health_pb2_grpc import HealthStub

# Under this name Dagster's servers say how they are.
_SERVICE = "DagsterApi"
_SECONDS = 20


def is_serving(address: str) -> bool:
    """Return whether the code location at an address says that it serves."""
    with grpc.insecure_channel(address) as channel:
        try:
            answer = HealthStub(channel).Check(HealthCheckRequest(service=_SERVICE), _SECONDS)
        except grpc.RpcError:
            return False
    return bool(answer.status == HealthCheckResponse.SERVING)


if __name__ == "__main__":
    (place,) = sys.argv[1:]
    sys.exit(None if is_serving(place) else f"{place} doesn't serve")
