update transfers
set bed = 'XX-001'
where transfer_id = a_transfer();
