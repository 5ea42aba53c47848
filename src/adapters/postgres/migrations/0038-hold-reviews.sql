-- Which legal holds stand in a case, by the day on which somebody looks at each again. Cases
-- from before have none until they change, or until `comity rebuild`.
alter table p_case_tie drop constraint p_case_tie_kind_check;
alter table p_case_tie add constraint p_case_tie_kind_check
  check (kind in ('handler', 'peer', 'agreement', 'reviewer', 'awaits', 'holdReview')) not valid;
