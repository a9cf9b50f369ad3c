-- Who is to look at a case, and how far report and image are from each other; null is nobody, and no score.
alter table cases add column assigned_to varchar;
alter table cases add column discordance double precision;

-- list_version counts changes of what the worklist shows of a case, listed is whether its row there is of the last one.
alter table cases add column listed boolean default false not null;
alter table cases add column list_version int default 0 not null;
create index cases_listed on cases (listed);

create index judgement_person on judgement (person, case_id);

-- One row for each case, made from the others. What is missing is '' or -1e300, so that every column has an order.
create table worklist (
  case_id uuid primary key references cases (id) on delete cascade,
  version bigint not null,
  shuffle int not null,
  patient varchar not null,
  patient_name varchar not null,
  patient_id varchar not null,
  accession varchar not null,
  study_instance_uid varchar not null,
  study_date varchar not null,
  modality varchar not null,
  view_position varchar not null,
  body_part varchar not null,
  model varchar not null,
  sentences int not null,
  alarms int not null,
  alarm_kinds varchar not null,
  similarity double precision not null,
  discordance double precision not null,
  judged int not null,
  unjudged int not null,
  assigned varchar not null,
  state varchar(16) not null,
  reason varchar not null,
  picture varchar(64) not null,
  updated_at timestamp with time zone not null
);
create index worklist_version_index on worklist (version);
create index worklist_study on worklist (study_instance_uid);
create index worklist_patient_id on worklist (patient_id);
create index worklist_shuffle on worklist (shuffle, case_id);

-- Each column that the list is sorted by.
create index worklist_patient on worklist (patient, case_id);
create index worklist_accession on worklist (accession, case_id);
create index worklist_study_date on worklist (study_date, case_id);
create index worklist_modality on worklist (modality, case_id);
create index worklist_body_part on worklist (body_part, case_id);
create index worklist_model on worklist (model, case_id);
create index worklist_sentences on worklist (sentences, case_id);
create index worklist_alarms on worklist (alarms, case_id);
create index worklist_similarity on worklist (similarity, case_id);
create index worklist_discordance on worklist (discordance, case_id);
create index worklist_unjudged on worklist (unjudged, case_id);
create index worklist_assigned on worklist (assigned, case_id);
create index worklist_state on worklist (state, case_id);
create index worklist_updated_at on worklist (updated_at, case_id);

-- The words of a case's sentences in lower case, and the kinds of its alarms as alarm:KIND.
create table worklist_term (
  term varchar(64) not null,
  case_id uuid not null references worklist (case_id) on delete cascade,
  primary key (term, case_id)
);
create index worklist_term_case on worklist_term (case_id);

-- Each word that was ever in worklist_term, perhaps more than once: what a beginning of a word stands for.
create table worklist_word (
  word varchar(64) not null
);
create index worklist_word_index on worklist_word (word);

-- A person's own views: the query of the worklist's address under a name.
create table worklist_view (
  person varchar not null,
  name varchar(80) not null,
  query varchar(2000) not null,
  primary key (person, name)
);
