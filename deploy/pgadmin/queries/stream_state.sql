-- How far each partition of the topic has been landed, and what could not be.
SELECT o.topic, o.partition, o.next_offset, o.updated_at,
       (SELECT sum(rows) FROM hospital.stream_files AS f
        WHERE (f.topic, f.partition) = (o.topic, o.partition)) AS rows_landed,
       (SELECT count(*) FROM hospital.dead_letters AS l
        WHERE (l.topic, l.partition) = (o.topic, o.partition) AND l.replayed_at IS NULL)
           AS open_dead_letters
FROM hospital.stream_offsets AS o
ORDER BY o.topic, o.partition;
