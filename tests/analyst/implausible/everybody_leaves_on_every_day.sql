-- Fewer leave the hospital on a Sunday than on a Friday.
select sunday, friday from (
    select count(*) filter (isodow(discharged_at) = 7) as sunday, count(*) filter (isodow(discharged_at) = 5) as friday
    from stays where disposition = 'home'
) where sunday > 0.9 * friday
