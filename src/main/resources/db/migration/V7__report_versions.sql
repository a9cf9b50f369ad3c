-- By which of two versions of a report the later one is known, and what intake took out of its text.
alter table arrival add column issued varchar;
alter table arrival add column sent varchar;
alter table arrival add column notes varchar;
