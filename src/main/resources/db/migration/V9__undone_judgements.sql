-- A judgement that its person took back; the row stays.
alter table judgement add column undone_at timestamp with time zone;
