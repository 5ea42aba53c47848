-- From when a clock that was due counts as overdue: its later date. Rows from before have
-- none until their case changes, or until `comity rebuild`; then the earlier date counts.
alter table p_deadline add column overdue_at timestamptz;
