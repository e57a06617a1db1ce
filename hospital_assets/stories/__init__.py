"""Stories: what the records tell of one encounter, person, member of staff or transfer."""
