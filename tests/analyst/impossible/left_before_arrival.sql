-- Nobody leaves before arriving.
select encounter_id, admitted_at, discharged_at from encounters where discharged_at <= admitted_at
