-- An encounter keeps its person, class, age and admission from day to day.
select encounter_id from patients group by encounter_id
having count(distinct (person_id, encounter_class, age_years, admitted_at, admission_source)) > 1
