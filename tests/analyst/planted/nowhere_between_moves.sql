update bed_movements
set started_at = started_at + interval 1 minute
where sequence = 2;
