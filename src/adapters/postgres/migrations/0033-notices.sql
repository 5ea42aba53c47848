-- Notices that were delayed at some time are counted for the public.
alter table p_notice add column was_delayed boolean not null default false;
