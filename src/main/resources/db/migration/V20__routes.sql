-- Which AE title an image was sent to; null for older rows, and where it did not come over an association.
alter table arrival add column called_ae_title varchar;

-- What was said of a case's handling when it began: the route of that content stays, whatever becomes of the file.
create table route (
  hash varchar(64) primary key,
  body text not null,
  first_used_at timestamp with time zone not null
);

-- The route of a case, the revision of the case that it was chosen for, and what matched; null without a file of routes.
alter table cases add column route_name varchar;
alter table cases add column route_hash varchar(64) references route (hash);
alter table cases add column route_revision int;
alter table cases add column route_matched varchar;

-- Which results were opened for which destination: only these are withdrawn there. Results that are older may have
-- gone to every destination of their case.
create table sent_result (
  result_id uuid not null,
  destination varchar not null,
  case_id uuid not null references cases (id),
  primary key (result_id, destination)
);
create index sent_result_case on sent_result (case_id, destination);
insert into sent_result (result_id, destination, case_id)
  select distinct r.id, o.destination, r.case_id from result r join outbox o on o.case_id = r.case_id;
