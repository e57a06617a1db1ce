-- Ambulances bring at least twice as many of the red as of the green.
select red, green from (
    select avg(if(admission_source = 'ambulance', 1, 0)) filter (triage = 'red') as red,
        avg(if(admission_source = 'ambulance', 1, 0)) filter (triage = 'green') as green
    from encounters where encounter_class = 'emergency'
) where not coalesce(red > 2 * green, false)
