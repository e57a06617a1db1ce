"""The lake: files a day and record type, in a folder or an object store."""
