"""How long a test waits for an event before it gives up.

A wait ends with its event; this bound only ends a test that would hang for ever. It says nothing of
how fast anything is, so that a loaded machine makes the tests slower and never red.
"""

PATIENCE_SECONDS = 900
