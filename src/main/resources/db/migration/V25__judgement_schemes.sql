-- What is asked of a person is a scheme of questions. Judgements from before have the scheme that they were made with: one
-- verdict on report and map together, which says neither of the two by itself.
alter table judgement add column scheme varchar(32) default 'verdict' not null;
alter table judgement add column version varchar(32) default '1' not null;
alter table judgement add column answers varchar default '{}' not null;
alter table judgement add column stage varchar(16) default 'WITH_MAP' not null;
alter table judgement add column readers integer default 1 not null;
alter table judgement add column arbitration boolean default false not null;
alter table judgement add column campaign uuid;
alter table judgement add column region varchar;
update judgement set answers = '{"verdict":"' || lower(replace(verdict, '_', '-')) || '"}';
alter table judgement drop column verdict;
create index judgement_campaign on judgement (campaign, number);
create index judgement_readers on judgement (readers, case_id);
create index judgement_scheme on judgement (scheme, version);

-- Every scheme that was in force, by which judgements made with it can be read.
create table scheme (
  code varchar(32) not null,
  version varchar(32) not null,
  hash varchar(64) not null,
  body varchar not null,
  primary key (code, version)
);
