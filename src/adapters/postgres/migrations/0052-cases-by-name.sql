-- What participants of a case write to each other names it by the lead's id alone.
-- serves on: one short row for each case that was joined, written when an invitation comes
create index case_link_by_name on case_link (peer_case_id);
