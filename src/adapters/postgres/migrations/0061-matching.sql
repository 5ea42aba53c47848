-- Cases whose identifiers an officer approved for matching with a peer.
alter table p_case_tie drop constraint p_case_tie_kind_check;
alter table p_case_tie add constraint p_case_tie_kind_check check
  (kind in ('handler', 'peer', 'agreement', 'reviewer', 'awaits', 'holdReview', 'matchable')) not valid;

-- How often each peer asked on a day. Not what: nobody here can know.
create table match_question (
  peer text not null,
  asked_on date not null,
  asked integer not null,
  primary key (peer, asked_on)
);
