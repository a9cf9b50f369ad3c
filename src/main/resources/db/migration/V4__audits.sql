-- Whether a result's audit asks for a person to look; results that are older have no audit. The list of cases counts
-- and seeks it, so it is in the index that the list is made from.
alter table result add column alarm boolean not null default false;
drop index result_case;
create index result_case on result (case_id, withdrawn, alarm, similarity, id);
