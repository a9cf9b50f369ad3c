-- Answers that senders wait for after their request for storage commitment was acknowledged: a row is deleted when its
-- sender has taken the answer. instances: SOP class UID and SOP Instance UID, one instance a line. Without next_at, given up.
create table owed_commitment (
  id uuid primary key,
  calling_ae_title varchar(16) not null,
  called_ae_title varchar(16) not null,
  transaction_uid varchar(64) not null,
  instances text not null,
  attempts int not null,
  problem varchar not null,
  asked_at timestamp with time zone not null,
  next_at timestamp with time zone,
  unique (calling_ae_title, transaction_uid)
);
create index owed_commitment_next on owed_commitment (next_at);
