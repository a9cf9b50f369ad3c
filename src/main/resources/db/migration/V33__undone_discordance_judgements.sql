-- A judgement of a discordance that was undone does not count; its row stays.
alter table discordance_judgement add column undone_at timestamp with time zone;
