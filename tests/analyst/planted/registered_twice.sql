insert into people
select * replace (record_date + 1 as record_date, record_date + 1 as registration_date) from people
where registration_date = record_date and record_date = '2023-12-04';
