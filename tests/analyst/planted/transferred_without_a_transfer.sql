delete from transfers
where transfer_id = a_transfer();
