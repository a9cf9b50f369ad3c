-- Each stored resource has a version; the versions before the current one are kept for its history.
alter table fhir_resource add column version int default 1 not null;

create table fhir_version (
  resource_type varchar(32) not null,
  id varchar(64) not null,
  version int not null,
  body text not null,
  updated_at timestamp with time zone not null,
  primary key (resource_type, id, version),
  foreign key (resource_type, id) references fhir_resource (resource_type, id) on delete cascade
);
