-- Whether a person accepted or overruled the computed priority: counted in public, with
-- small cells withheld. `comity rebuild` fills it for cases decided before. `accepted` or
-- `overruled`; the projection alone writes it.
alter table p_case add column priority_standing text;
