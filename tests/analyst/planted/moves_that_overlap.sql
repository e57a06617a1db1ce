update bed_movements
set bed = (select min(bed) from bed_movements);
