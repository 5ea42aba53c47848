-- What calls something back gets its number before what else waits.
alter table fed_out_pending add column goes_ahead boolean not null default false;
drop index fed_out_pending_by_destination;
-- serves on: the table holds only what waits for a peer.
create index fed_out_pending_by_destination
  on fed_out_pending (destination, goes_ahead desc, place);

-- A batch may be made while the one before it is under way. Only the first one is sent.
alter table fed_out_transaction drop constraint fed_out_transaction_pkey;
-- serves on: the table has at most one row a peer.
alter table fed_out_transaction add primary key (destination, epoch, first_seq);

-- Sealed bytes cannot be made smaller, and to try takes longer than to write them.
alter table fed_out_transaction alter column body set storage external;
alter table fed_out set (toast_tuple_target = 8160);
