"""The checks that the hospital fails today, each with what is wrong.

A check that holds again must be taken off: pytest says so.
"""

from dataclasses import dataclass


@dataclass(frozen=True)
class Fault:
    """What is wrong, and in which stretches of days it is seen; the week has no shares."""

    reason: str
    seen_in: tuple[str, ...] = ("sixty_days", "week")


# By the name of the check.
KNOWN_FAULTS = {
    "a_new_doctor_every_day": Fault("the attending doctor is drawn anew every day"),
    "admissions_ignore_arrivals": Fault("beds call patients, arrivals don't fill them"),
    "ambulances_bring_the_well": Fault("the ambulance is drawn without the triage"),
    "as_many_men_as_women_in_emergency": Fault(
        "attendances are drawn from the population as it is"
    ),
    "assaults_keep_office_hours": Fault("every disease has the same hours"),
    "assaults_keep_the_working_week": Fault("every disease has the same weekdays"),
    "birth_in_a_clinic": Fault("diagnoses of Obstetrics are drawn for its clinic as well"),
    "births_too_soon": Fault("a readmission has a diagnosis of its own, a delivery again"),
    "cause_without_an_injury": Fault("assaults and accidents have no injury beside them"),
    "christmas_is_a_day_like_any_other": Fault("the calendar has no Christmas"),
    "clinic_at_weekends": Fault("clinics are held on every day"),
    "clinic_on_holidays": Fault("the calendar has no public holidays", ("sixty_days",)),
    "death_is_blind_to_age": Fault("death is drawn by department alone"),
    "death_keeps_office_hours": Fault("the dead leave at the hours of discharges"),
    "doctor_not_at_work": Fault("the doctors on duty are those whose shift begins that day"),
    "even_intervals": Fault("visitors are drawn by residue classes of days"),
    "every_disease_takes_as_long": Fault("stays are drawn by department alone"),
    "everybody_has_another_surname_at_home": Fault("there are no households"),
    "everybody_leaves_on_every_day": Fault("discharges know no weekday"),
    "half_the_doctors_are_consultants": Fault("the grade follows from years of service alone"),
    "holidays_are_worked": Fault("the calendar has no public holidays"),
    "hypertension_is_as_deadly_as_sepsis": Fault("death is drawn by department alone"),
    "men_named_like_women": Fault("the vocabulary has men's names among women's"),
    "newborn_codes_of_the_old": Fault("neonatal diagnoses are drawn for the whole first year"),
    "nobody_comes_back_to_emergency": Fault("visitors are drawn by residue classes of days"),
    "nobody_dies": Fault("the mortality of Medicine is not South African"),
    "nobody_dies_in_emergency": Fault("attendances end at home or in a ward"),
    "nobody_is_born_here": Fault("deliveries bring no newborn"),
    "nobody_is_called_thabo": Fault("the vocabulary lacks common names"),
    "one_setting_a_person": Fault("inpatients, clinics and the emergency department share nobody"),
    "one_series_is_anothers_multiple": Fault("a fixed share of a day's arrivals are emergencies"),
    "prefix_not_in_use": Fault("phone numbers begin with prefixes that nobody has"),
    "referred_by_nobody": Fault("the doctors on duty are those whose shift begins that day"),
    "registered_after_death": Fault("the day of digitisation doesn't know of deaths"),
    "staff_are_never_ill": Fault("patients are drawn from people who are no staff"),
    "the_census_forgets": Fault("beds are filled one by one, without a common pressure"),
    "urgency_is_blind_to_the_disease": Fault("the triage is drawn without the disease"),
}
