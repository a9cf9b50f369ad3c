-- What the quality figures are made from: one row for each case, and one for each of its results that hold.
-- version is cases.list_version as it was read: where they differ, the rows are made again.
create table quality_case (
  case_id uuid primary key references cases (id) on delete cascade,
  version int not null,
  received_day varchar(10) not null,
  -- of the first delivery to all destinations; null before it
  delivered_at timestamp with time zone,
  -- seconds from the last image or report until then; null before it
  turnaround double precision
);
create index quality_case_day on quality_case (received_day);

-- What is missing is '' or null. findings: codes of the list of findings, each between blanks.
create table quality_result (
  case_id uuid not null references quality_case (case_id) on delete cascade,
  result_id uuid not null,
  received_day varchar(10) not null,
  model varchar not null,
  modality varchar not null,
  sender varchar not null,
  device varchar not null,
  sex varchar not null,
  age int,
  findings varchar not null,
  similarity double precision,
  spread double precision,
  hot_area double precision,
  on_text double precision,
  outside_body double precision,
  alarm boolean not null,
  primary key (case_id, result_id)
);
create index quality_result_day on quality_result (received_day);
create index quality_result_result on quality_result (result_id);
