"""What is counted from the records: marts. Pure, frames in and frames out."""
