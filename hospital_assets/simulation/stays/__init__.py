"""Who lies in which bed, and when."""
