update transfers
set slot = slot % 5 + 1
where transfer_id = a_transfer();
