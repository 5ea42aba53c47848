-- What this node has seen of its peers' logs as their monitor: the largest head that was
-- consistent with all before it, how far tiles were checked, and how the last look went.
-- What was found is an event; this table only says where to look on.

create table monitored_log (
  origin text primary key,
  node text not null,
  -- Signed note; null until the first look that was well.
  head bytea,
  audited_size bigint not null default 0 check (audited_size >= 0),
  -- When witnesses last confirmed the head, by their clocks.
  fresh_at timestamptz,
  looked_at timestamptz not null,
  reached_at timestamptz,
  failing_since timestamptz,
  failure text,
  served_size bigint,
  witnesses_reached integer not null default 0,
  closed boolean not null default false,
  -- Names of what the last look found and no signature proves.
  suspicions text[] not null default '{}',
  -- How many findings are on record.
  findings integer not null default 0
);
