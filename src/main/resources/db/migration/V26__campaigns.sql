-- A question, a sample that does not change once it is drawn, and who judges what in which order.
create table campaign (
  id uuid primary key,
  question varchar not null,
  scheme varchar(32) not null,
  version varchar(32) not null,
  blind boolean not null,
  double_share double precision not null,
  one_per_case boolean not null,
  seed bigint not null,
  strata varchar not null,
  readers varchar not null,
  deadline timestamp with time zone,
  created_by varchar not null,
  created_at timestamp with time zone not null,
  closed_at timestamp with time zone
);

-- A result's row is replaced when it is made again, so nothing refers to it.
create table campaign_item (
  campaign uuid not null references campaign (id),
  number int not null,
  stratum varchar not null,
  case_id uuid not null references cases (id),
  result_id uuid not null,
  position int not null,
  readers int not null,
  primary key (campaign, number)
);
create index campaign_item_case on campaign_item (case_id);

create table campaign_assignment (
  campaign uuid not null,
  person varchar not null,
  place int not null,
  item int not null,
  primary key (campaign, person, place),
  foreign key (campaign, item) references campaign_item (campaign, number)
);
create index campaign_assignment_item on campaign_assignment (campaign, item);

-- Who wrote a report, one identifier or name on a line; nobody judges their own.
alter table arrival add column authors varchar;
