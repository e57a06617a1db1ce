"""What watches: sensors decide what is due and request runs; they touch no broker and no file."""
