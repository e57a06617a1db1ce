"""The script `hospital`, and `python -m hospital_assets` for where it is not on PATH."""

import signal
import sys


def main() -> None:
    """Run the command line; Ctrl-C ends it in one line, also while it is being imported."""
    try:
        from hospital_assets.cli import app

        app()
    except KeyboardInterrupt:
        print("hospital: interrupted", file=sys.stderr)
        sys.exit(128 + signal.SIGINT)


if __name__ == "__main__":
    main()
