-- Links of other systems that were opened; each counts once.
create table launch (
  -- SHA-256
  nonce_hash varchar(64) primary key,
  expires_at timestamp with time zone not null
);
create index launch_expires on launch (expires_at);
