"""The makers: the rows of a record, read off the skeleton."""
