-- All rows of lists that come from one stream, taken away in one round trip before they are
-- written anew. A new table of lists replaces this function by one that names it, too.
create function clear_projection(of_stream uuid) returns void language plpgsql as $$
begin
  delete from p_case where stream_id = of_stream;
  delete from p_deadline where stream_id = of_stream;
  delete from p_law_case where stream_id = of_stream;
  delete from p_decision where stream_id = of_stream;
  delete from p_duty where stream_id = of_stream;
  delete from p_release where stream_id = of_stream;
  delete from p_transfer where stream_id = of_stream;
  delete from p_retention where stream_id = of_stream;
  delete from p_notice where stream_id = of_stream;
  delete from p_due where stream_id = of_stream;
  delete from p_publication where stream_id = of_stream;
  delete from p_public_text where stream_id = of_stream;
  delete from p_disclosure where stream_id = of_stream;
  delete from p_thanks where stream_id = of_stream;
  delete from p_agreement where stream_id = of_stream;
  delete from p_sign_off where stream_id = of_stream;
  delete from p_case_tie where stream_id = of_stream;
end $$;
