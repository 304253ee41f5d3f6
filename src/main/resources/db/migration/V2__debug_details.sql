-- What debug traces say besides the bodies: the upstream's side of the headers, where the request went, and what a translation left out.

alter table debug_logs add column upstream_url text;
alter table debug_logs add column upstream_status integer;
alter table debug_logs add column upstream_request_headers text;
alter table debug_logs add column upstream_response_headers text;
alter table debug_logs add column translation_drops text;
alter table debug_logs add column truncated integer not null default 0;
