-- No ID number is of two people.
select id_number from lives where id_number is not null group by id_number having count(*) > 1
