-- Whether a person accepted or overruled the computed priority: counted in public, with
-- small cells withheld. `comity rebuild` fills it for cases decided before.
alter table p_case add column priority_standing text
  check (priority_standing in ('accepted', 'overruled'));
