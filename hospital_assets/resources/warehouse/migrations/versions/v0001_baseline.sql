CREATE TABLE hospital.people (
    record_date DATE NOT NULL,
    person_id BIGINT NOT NULL,
    first_name VARCHAR(60) NOT NULL,
    last_name VARCHAR(60) NOT NULL,
    sex VARCHAR(6) NOT NULL,
    date_of_birth DATE NOT NULL,
    id_number VARCHAR(13) NOT NULL,
    phone VARCHAR(10) NOT NULL,
    street_address VARCHAR(80) NOT NULL,
    suburb VARCHAR(60) NOT NULL,
    city VARCHAR(60) NOT NULL,
    postal_code VARCHAR(4) NOT NULL,
    registration_date DATE,
    deceased_on DATE,
    CONSTRAINT pk_people PRIMARY KEY (person_id),
    CONSTRAINT ck_people_person_id_min CHECK (person_id >= 1),
    CONSTRAINT ck_people_sex_value CHECK (sex IN ('female', 'male')),
    CONSTRAINT ck_people_id_number_format CHECK (id_number ~ '^\d{10}08\d$'),
    CONSTRAINT ck_people_phone_format CHECK (phone ~ '^0\d{9}$'),
    CONSTRAINT ck_people_postal_code_format CHECK (postal_code ~ '^\d{4}$')
);

CREATE INDEX ix_people_last_name_first_name ON hospital.people (last_name, first_name);

CREATE INDEX ix_people_id_number ON hospital.people (id_number);

COMMENT ON TABLE hospital.people IS 'One row is a person touched on the day: digitised then, or referred to by its records. The table keeps each person_id once, as of its latest day.';

COMMENT ON COLUMN hospital.people.record_date IS 'Day of the extract.';

COMMENT ON COLUMN hospital.people.person_id IS 'Number in the master patient index.';

COMMENT ON COLUMN hospital.people.id_number IS 'South African ID number: YYMMDD SSSS C A Z.';

COMMENT ON COLUMN hospital.people.registration_date IS 'Day the paper file was digitised; empty while that is still to come.';

COMMENT ON COLUMN hospital.people.deceased_on IS 'Day of death in this hospital, once it has happened.';

CREATE TABLE hospital.transfers (
    transfer_date DATE NOT NULL,
    transfer_id VARCHAR(36) NOT NULL,
    slot INTEGER NOT NULL,
    encounter_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    department VARCHAR(40) NOT NULL,
    ward VARCHAR(40) NOT NULL,
    bed VARCHAR(20) NOT NULL,
    facility VARCHAR(80) NOT NULL,
    reason VARCHAR(40) NOT NULL,
    priority VARCHAR(8) NOT NULL,
    transport VARCHAR(25) NOT NULL,
    referring_doctor_id BIGINT NOT NULL,
    departed_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    CONSTRAINT pk_transfers PRIMARY KEY (transfer_id),
    CONSTRAINT ck_transfers_transfer_id_format CHECK (transfer_id ~ '^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$'),
    CONSTRAINT ck_transfers_slot_min CHECK (slot >= 1),
    CONSTRAINT ck_transfers_slot_max CHECK (slot <= 24),
    CONSTRAINT ck_transfers_encounter_id_min CHECK (encounter_id >= 1),
    CONSTRAINT ck_transfers_person_id_min CHECK (person_id >= 1),
    CONSTRAINT ck_transfers_priority_value CHECK (priority IN ('emergent', 'urgent', 'routine')),
    CONSTRAINT ck_transfers_transport_value CHECK (transport IN ('advanced_life_support', 'intermediate_life_support', 'patient_transport')),
    CONSTRAINT ck_transfers_referring_doctor_id_min CHECK (referring_doctor_id >= 1)
);

CREATE INDEX ix_transfers_transfer_date_slot ON hospital.transfers (transfer_date, slot);

COMMENT ON TABLE hospital.transfers IS 'One row is an inpatient transferred to another facility. The table keeps each transfer_id once, as of its latest day.';

COMMENT ON COLUMN hospital.transfers.transfer_date IS 'Day of the departure.';

COMMENT ON COLUMN hospital.transfers.transfer_id IS 'UUIDv5 of the fact; the same however often the event is published.';

COMMENT ON COLUMN hospital.transfers.slot IS 'Stream tick of the day that publishes it.';

COMMENT ON COLUMN hospital.transfers.encounter_id IS 'The stay that ends with the transfer.';

COMMENT ON COLUMN hospital.transfers.facility IS 'Where the patient goes.';

COMMENT ON COLUMN hospital.transfers.referring_doctor_id IS 'On duty in the department at the time.';

COMMENT ON COLUMN hospital.transfers.departed_at IS 'Local time; the discharge of the stay.';

CREATE TABLE hospital.patient_flow (
    flow_date DATE NOT NULL,
    department VARCHAR(40) NOT NULL,
    census BIGINT NOT NULL,
    admissions BIGINT NOT NULL,
    discharges BIGINT NOT NULL,
    deaths BIGINT NOT NULL,
    transfers BIGINT NOT NULL,
    streamed_transfers BIGINT NOT NULL,
    attendances BIGINT NOT NULL,
    CONSTRAINT pk_patient_flow PRIMARY KEY (flow_date, department),
    CONSTRAINT ck_patient_flow_census_min CHECK (census >= 0),
    CONSTRAINT ck_patient_flow_admissions_min CHECK (admissions >= 0),
    CONSTRAINT ck_patient_flow_discharges_min CHECK (discharges >= 0),
    CONSTRAINT ck_patient_flow_deaths_min CHECK (deaths >= 0),
    CONSTRAINT ck_patient_flow_transfers_min CHECK (transfers >= 0),
    CONSTRAINT ck_patient_flow_streamed_transfers_min CHECK (streamed_transfers >= 0),
    CONSTRAINT ck_patient_flow_attendances_min CHECK (attendances >= 0)
)
 PARTITION BY RANGE (flow_date);

COMMENT ON TABLE hospital.patient_flow IS 'One row is a department''s flow of patients on the day, from batch and stream.';

COMMENT ON COLUMN hospital.patient_flow.census IS 'Inpatients at the end of the day.';

COMMENT ON COLUMN hospital.patient_flow.discharges IS 'All that end a stay, deaths and transfers included.';

COMMENT ON COLUMN hospital.patient_flow.transfers IS 'Stays that `patients` ends with a transfer.';

COMMENT ON COLUMN hospital.patient_flow.streamed_transfers IS 'Rows of the day in `transfers`.';

COMMENT ON COLUMN hospital.patient_flow.attendances IS 'Emergency and outpatient arrivals.';

CREATE TABLE hospital.stream_offsets (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    topic_id TEXT NOT NULL,
    next_offset BIGINT NOT NULL CONSTRAINT ck_stream_offsets_min CHECK (next_offset >= 0),
    updated_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_stream_offsets PRIMARY KEY (topic, partition)
);

COMMENT ON TABLE hospital.stream_offsets IS 'One row is a partition and how far it has been landed.';

COMMENT ON COLUMN hospital.stream_offsets.topic_id IS 'The topic''s identity: another one means that it was made anew.';

COMMENT ON COLUMN hospital.stream_offsets.next_offset IS 'The first offset that has not been landed.';

CREATE TABLE hospital.stream_files (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    first_offset BIGINT NOT NULL,
    end_offset BIGINT NOT NULL CONSTRAINT ck_stream_files_range CHECK (end_offset > first_offset),
    path TEXT,
    rows INTEGER NOT NULL,
    bytes BIGINT NOT NULL,
    sha256 TEXT,
    duplicates BIGINT[] NOT NULL,
    dead_letters INTEGER NOT NULL,
    landed_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_stream_files PRIMARY KEY (topic, partition, first_offset)
);

COMMENT ON TABLE hospital.stream_files IS 'One row is a range of offsets that was landed in one transaction.';

COMMENT ON COLUMN hospital.stream_files.end_offset IS 'The offset after the last one.';

COMMENT ON COLUMN hospital.stream_files.path IS 'Below the lake; empty where no row was new.';

COMMENT ON COLUMN hospital.stream_files.rows IS 'Rows new to the table.';

COMMENT ON COLUMN hospital.stream_files.duplicates IS 'Offsets of events that were stored already.';

CREATE TABLE hospital.dead_letters (
    topic TEXT NOT NULL,
    partition INTEGER NOT NULL,
    "offset" BIGINT NOT NULL,
    key BYTEA,
    value BYTEA,
    headers JSONB NOT NULL,
    reason TEXT NOT NULL,
    message TEXT NOT NULL,
    exception TEXT NOT NULL,
    event_id TEXT,
    at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    mirrored_at TIMESTAMP WITH TIME ZONE,
    replayed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_dead_letters PRIMARY KEY (topic, partition, "offset")
);

CREATE INDEX ix_dead_letters_not_mirrored ON hospital.dead_letters (topic, partition, "offset") WHERE mirrored_at IS NULL;

COMMENT ON TABLE hospital.dead_letters IS 'One row is a message that is no event, or contradicts one.';

COMMENT ON COLUMN hospital.dead_letters.value IS 'As it came.';

COMMENT ON COLUMN hospital.dead_letters.headers IS 'Pairs of a name and a value in hexadecimal, in their order.';

COMMENT ON COLUMN hospital.dead_letters.reason IS 'Kind of fault.';

COMMENT ON COLUMN hospital.dead_letters.exception IS 'Class of the exception.';

COMMENT ON COLUMN hospital.dead_letters.event_id IS 'The transfer, where the message names one.';

COMMENT ON COLUMN hospital.dead_letters.mirrored_at IS 'When it was copied to the topic of dead letters.';

COMMENT ON COLUMN hospital.dead_letters.replayed_at IS 'When it was last published again.';

CREATE TABLE hospital.published_slots (
    transfer_date DATE NOT NULL,
    slot INTEGER NOT NULL,
    events INTEGER NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_published_slots PRIMARY KEY (transfer_date, slot)
);

COMMENT ON TABLE hospital.published_slots IS 'One row is a slot whose events the broker has acknowledged, all of them.';

CREATE TABLE hospital.campaign (
    single BOOLEAN DEFAULT true NOT NULL CONSTRAINT ck_campaign_one_row CHECK (single),
    epoch TIMESTAMP WITH TIME ZONE NOT NULL,
    tick_seconds DOUBLE PRECISION NOT NULL,
    campaign_days DOUBLE PRECISION,
    fingerprint TEXT NOT NULL,
    pinned_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_campaign PRIMARY KEY (single)
);

COMMENT ON TABLE hospital.campaign IS 'The one row is the campaign that every process keeps to.';

COMMENT ON COLUMN hospital.campaign.epoch IS 'Instant at which the simulated calendar starts.';

COMMENT ON COLUMN hospital.campaign.tick_seconds IS 'Wall-clock seconds between two batch ticks.';

COMMENT ON COLUMN hospital.campaign.campaign_days IS 'Real days over which the whole period is spread; empty: a day a tick.';

COMMENT ON COLUMN hospital.campaign.fingerprint IS 'Identity of the simulation: seed, profile and parameters.';

CREATE TABLE hospital.schema_version (
    fingerprint TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE DEFAULT now() NOT NULL,
    CONSTRAINT pk_schema_version PRIMARY KEY (fingerprint)
);

COMMENT ON TABLE hospital.schema_version IS 'The one row is the identity of the statements that made this schema.';

CREATE TABLE hospital.doctors (
    roster_date DATE NOT NULL,
    doctor_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    first_name VARCHAR(60) NOT NULL,
    last_name VARCHAR(60) NOT NULL,
    specialty VARCHAR(40) NOT NULL,
    department VARCHAR(40) NOT NULL,
    grade VARCHAR(15) NOT NULL,
    years_of_service INTEGER NOT NULL,
    hire_date DATE NOT NULL,
    CONSTRAINT pk_doctors PRIMARY KEY (roster_date, doctor_id),
    CONSTRAINT ck_doctors_doctor_id_min CHECK (doctor_id >= 1),
    CONSTRAINT ck_doctors_person_id_min CHECK (person_id >= 1),
    CONSTRAINT ck_doctors_grade_value CHECK (grade IN ('intern', 'medical_officer', 'registrar', 'specialist', 'consultant')),
    CONSTRAINT ck_doctors_years_of_service_min CHECK (years_of_service >= 0),
    CONSTRAINT ck_doctors_years_of_service_max CHECK (years_of_service <= 45),
    CONSTRAINT fk_doctors_person_id FOREIGN KEY(person_id) REFERENCES hospital.people (person_id) DEFERRABLE INITIALLY DEFERRED
)
 PARTITION BY RANGE (roster_date);

CREATE INDEX ix_doctors_doctor_id_roster_date ON hospital.doctors (doctor_id, roster_date);

COMMENT ON TABLE hospital.doctors IS 'One row is a doctor in post on the day.';

COMMENT ON COLUMN hospital.doctors.roster_date IS 'Day of the roster.';

COMMENT ON COLUMN hospital.doctors.doctor_id IS 'Staff number of the doctor.';

COMMENT ON COLUMN hospital.doctors.person_id IS 'The doctor in the master index.';

COMMENT ON COLUMN hospital.doctors.grade IS 'Follows from the years of service.';

COMMENT ON COLUMN hospital.doctors.years_of_service IS 'Completed years since qualification.';

COMMENT ON COLUMN hospital.doctors.hire_date IS 'First day in this post.';

CREATE TABLE hospital.staff_assignments (
    work_date DATE NOT NULL,
    assignment_id BIGINT NOT NULL,
    staff_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    doctor_id BIGINT,
    department VARCHAR(40) NOT NULL,
    role VARCHAR(14) NOT NULL,
    grade VARCHAR(15) NOT NULL,
    shift VARCHAR(20) NOT NULL,
    starts_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    CONSTRAINT pk_staff_assignments PRIMARY KEY (work_date, assignment_id),
    CONSTRAINT ck_staff_assignments_assignment_id_min CHECK (assignment_id >= 1),
    CONSTRAINT ck_staff_assignments_staff_id_min CHECK (staff_id >= 1),
    CONSTRAINT ck_staff_assignments_person_id_min CHECK (person_id >= 1),
    CONSTRAINT ck_staff_assignments_doctor_id_min CHECK (doctor_id >= 1),
    CONSTRAINT ck_staff_assignments_role_value CHECK (role IN ('doctor', 'nurse', 'allied_health', 'administration', 'support')),
    CONSTRAINT ck_staff_assignments_grade_value CHECK (grade IN ('intern', 'medical_officer', 'registrar', 'specialist', 'consultant', 'junior', 'qualified', 'senior')),
    CONSTRAINT fk_staff_assignments_person_id FOREIGN KEY(person_id) REFERENCES hospital.people (person_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_staff_assignments_work_date_doctor_id FOREIGN KEY(work_date, doctor_id) REFERENCES hospital.doctors (roster_date, doctor_id) DEFERRABLE INITIALLY DEFERRED
)
 PARTITION BY RANGE (work_date);

CREATE INDEX ix_staff_assignments_staff_id_work_date ON hospital.staff_assignments (staff_id, work_date);

COMMENT ON TABLE hospital.staff_assignments IS 'One row is a shift worked by one member of staff, starting on the day.';

COMMENT ON COLUMN hospital.staff_assignments.work_date IS 'Day on which the shift starts.';

COMMENT ON COLUMN hospital.staff_assignments.staff_id IS 'Staff number; a doctor''s is the doctor_id.';

COMMENT ON COLUMN hospital.staff_assignments.person_id IS 'The member of staff in the master index.';

COMMENT ON COLUMN hospital.staff_assignments.doctor_id IS 'Set where the role is doctor.';

COMMENT ON COLUMN hospital.staff_assignments.starts_at IS 'Local time.';

COMMENT ON COLUMN hospital.staff_assignments.ends_at IS 'Local time.';

CREATE TABLE hospital.patients (
    census_date DATE NOT NULL,
    encounter_id BIGINT NOT NULL,
    person_id BIGINT NOT NULL,
    encounter_class VARCHAR(10) NOT NULL,
    department VARCHAR(40) NOT NULL,
    ward VARCHAR(40),
    bed VARCHAR(20),
    triage VARCHAR(6),
    age_years INTEGER NOT NULL,
    diagnosis_code VARCHAR(8) NOT NULL,
    diagnosis VARCHAR(80) NOT NULL,
    admission_source VARCHAR(11) NOT NULL,
    admitted_at TIMESTAMP WITHOUT TIME ZONE NOT NULL,
    discharged_at TIMESTAMP WITHOUT TIME ZONE,
    disposition VARCHAR(19),
    attending_doctor_id BIGINT NOT NULL,
    CONSTRAINT pk_patients PRIMARY KEY (census_date, encounter_id),
    CONSTRAINT ck_patients_encounter_id_min CHECK (encounter_id >= 1),
    CONSTRAINT ck_patients_person_id_min CHECK (person_id >= 1),
    CONSTRAINT ck_patients_encounter_class_value CHECK (encounter_class IN ('inpatient', 'emergency', 'outpatient')),
    CONSTRAINT ck_patients_triage_value CHECK (triage IN ('red', 'orange', 'yellow', 'green')),
    CONSTRAINT ck_patients_age_years_min CHECK (age_years >= 0),
    CONSTRAINT ck_patients_age_years_max CHECK (age_years <= 120),
    CONSTRAINT ck_patients_admission_source_value CHECK (admission_source IN ('emergency', 'referral', 'readmission', 'walk_in', 'ambulance', 'appointment')),
    CONSTRAINT ck_patients_disposition_value CHECK (disposition IN ('home', 'admitted', 'transferred', 'left_against_advice', 'died')),
    CONSTRAINT ck_patients_attending_doctor_id_min CHECK (attending_doctor_id >= 1),
    CONSTRAINT fk_patients_person_id FOREIGN KEY(person_id) REFERENCES hospital.people (person_id) DEFERRABLE INITIALLY DEFERRED,
    CONSTRAINT fk_patients_census_date_attending_doctor_id FOREIGN KEY(census_date, attending_doctor_id) REFERENCES hospital.doctors (roster_date, doctor_id) DEFERRABLE INITIALLY DEFERRED
)
 PARTITION BY RANGE (census_date);

CREATE INDEX ix_patients_person_id_census_date ON hospital.patients (person_id, census_date);

CREATE INDEX ix_patients_encounter_id_census_date ON hospital.patients (encounter_id, census_date);

COMMENT ON TABLE hospital.patients IS 'One row is an encounter active on the day, as it was known at the end of that day.';

COMMENT ON COLUMN hospital.patients.census_date IS 'Day of the census.';

COMMENT ON COLUMN hospital.patients.encounter_id IS 'The same on every day of a stay.';

COMMENT ON COLUMN hospital.patients.ward IS 'Inpatients only.';

COMMENT ON COLUMN hospital.patients.bed IS 'Inpatients only.';

COMMENT ON COLUMN hospital.patients.triage IS 'South African Triage Scale; emergency attendances only.';

COMMENT ON COLUMN hospital.patients.age_years IS 'Completed years at admission.';

COMMENT ON COLUMN hospital.patients.diagnosis_code IS 'ICD-10.';

COMMENT ON COLUMN hospital.patients.admitted_at IS 'Arrival or admission, local time.';

COMMENT ON COLUMN hospital.patients.discharged_at IS 'Departure, local time; empty while the encounter goes on.';

COMMENT ON COLUMN hospital.patients.disposition IS 'How it ended; empty while it goes on.';

COMMENT ON COLUMN hospital.patients.attending_doctor_id IS 'On the day''s roster of the department.';
