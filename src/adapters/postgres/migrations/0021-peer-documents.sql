-- What became of the documents of peers, in a table of its own: the federation door may
-- change it, and no other setting of the node.

create table peer_document (
  node text primary key,
  -- What became of the newest one; null once that is settled.
  note jsonb,
  -- When its documents renewed themselves, the last day of it: [{ "at", "kind" }].
  renewals jsonb not null default '[]'
);

-- serves on: one row for each peer, written only when a document of it changes
insert into peer_document (node, note)
  select substr(key, 15), value from node_setting where key like 'peer-document/%';
-- serves on: the same rows
delete from node_setting where key like 'peer-document/%';
