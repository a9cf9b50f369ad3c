-- Cases whose patient's earlier studies are looked for in archives. Without next_at, no more.
create table prior_search (
  case_id uuid primary key references cases (id) on delete cascade,
  attempts int not null,
  next_at timestamp with time zone,
  said varchar not null
);
create index prior_search_next on prior_search (next_at);

-- The earlier studies that were chosen for a case. fetched: the study is held because it was asked for as a prior.
create table prior (
  case_id uuid not null references cases (id) on delete cascade,
  study_instance_uid varchar(64) not null,
  study_date varchar(8) not null,
  study_description varchar,
  modalities varchar,
  archive varchar not null,
  state varchar(16) not null,
  reason varchar not null,
  fetched boolean not null,
  primary key (case_id, study_instance_uid)
);
create index prior_study on prior (study_instance_uid);
