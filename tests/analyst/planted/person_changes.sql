update people set first_name = first_name || record_date;
