"""pgAdmin in the container: what differs from its defaults. The image writes none of its own."""

CA_FILE = "/etc/ssl/certs/ca-certificates.crt"
HELP_PATH = "../../docs"
DEFAULT_BINARY_PATHS = {"pg": "/usr/local/pgsql-18", "pg-18": "/usr/local/pgsql-18"}

SERVER_MODE = True
MASTER_PASSWORD_REQUIRED = True

# Nothing is asked of, or told to, anybody outside.
UPGRADE_CHECK_ENABLED = False
LLM_ENABLED = False

# Logs go to the container's output, which Docker rotates.
LOG_FILE = "/dev/null"

# In the dialog that opens a query file: Shared Storage, Queries.
SHARED_STORAGE = [{"name": "Queries", "path": "/queries", "restricted_access": True}]
