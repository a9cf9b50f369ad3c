-- Since when new content waits in a row: updated_at changes with each attempt.
alter table outbox add column opened_at timestamp with time zone;
update outbox set opened_at = updated_at;
alter table outbox alter column opened_at set not null;
