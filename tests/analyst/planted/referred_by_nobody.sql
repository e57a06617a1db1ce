update transfers
set referring_doctor_id = 1;
