-- How many bytes the object has, so that a start can tell a damaged one without reading it; null for older rows.
alter table arrival add column blob_bytes bigint;

-- Whether a result of the case that holds asks for a person to look: the list of such cases is read from an index.
alter table cases add column alarm boolean not null default false;
update cases set alarm = true
  where exists (select 1 from result r where r.case_id = cases.id and not r.withdrawn and r.alarm);
create index cases_alarm on cases (alarm, updated_at);

-- Why pairing set something aside, or took it for a duplicate: the former are counted.
create index arrival_problem on arrival (problem);
