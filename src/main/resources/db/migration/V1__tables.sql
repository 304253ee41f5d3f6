-- One text for SQLite and PostgreSQL. ${id}, ${long}, ${num} are what the two spell differently; epoch milliseconds are ${long}, booleans 0 or 1.
-- Names are those of earlier versions, so that an existing database is adopted: hence "if not exists" everywhere.

create table if not exists request_usage (
    id ${id},
    request_id text not null,
    date text,
    source_ip text,
    api_key text,
    attribution text,
    incoming_api_type text,
    provider text,
    attempt_count integer not null default 1,
    incoming_model_alias text,
    canonical_model_name text,
    selected_model_name text,
    final_attempt_provider text,
    final_attempt_model text,
    all_attempted_providers text,
    outgoing_api_type text,
    tokens_input ${long},
    tokens_output ${long},
    tokens_reasoning ${long},
    tokens_cached ${long},
    tokens_cache_write ${long},
    cost_input ${num},
    cost_output ${num},
    cost_cached ${num},
    cost_cache_write ${num},
    cost_total ${num},
    cost_source text,
    cost_metadata text,
    start_time ${long} not null,
    duration_ms ${long},
    ttft_ms ${num},
    tokens_per_sec ${num},
    is_streamed integer not null default 0,
    is_passthrough integer not null default 0,
    response_status text,
    tokens_estimated integer not null default 0,
    created_at ${long} not null,
    tools_defined integer,
    message_count integer,
    parallel_tool_calls_enabled integer,
    tool_calls_count integer,
    finish_reason text,
    retry_history text,
    node text,
    client_request_id text,
    provider_reported_cost ${num}
);
create unique index if not exists request_usage_request_id on request_usage (request_id);
create index if not exists request_usage_date on request_usage (date);
create index if not exists request_usage_provider on request_usage (provider);
create index if not exists request_usage_start_time on request_usage (start_time);
create index if not exists request_usage_api_key on request_usage (api_key, start_time);
create index if not exists request_usage_status on request_usage (response_status, start_time);

create table if not exists provider_cooldowns (
    provider text not null,
    model text not null,
    expiry ${long} not null,
    consecutive_failures integer not null default 0,
    created_at ${long} not null,
    last_error text,
    last_failure_at ${long},
    primary key (provider, model)
);
create index if not exists provider_cooldowns_expiry on provider_cooldowns (expiry);

create table if not exists provider_performance (
    id ${id},
    provider text not null,
    model text not null,
    canonical_model_name text,
    request_id text,
    time_to_first_token_ms ${num},
    total_tokens ${long},
    duration_ms ${num},
    tokens_per_sec ${num},
    failure_count integer not null default 0,
    success_count integer not null default 0,
    created_at ${long} not null
);
create index if not exists provider_performance_target on provider_performance (provider, model, created_at);

create table if not exists inference_errors (
    id ${id},
    request_id text not null,
    date text,
    error_message text,
    error_stack text,
    details text,
    created_at ${long} not null,
    api_key text
);
create index if not exists inference_errors_request_id on inference_errors (request_id);
create index if not exists inference_errors_date on inference_errors (date);

create table if not exists debug_logs (
    id ${id},
    request_id text not null,
    raw_request text,
    transformed_request text,
    raw_response text,
    transformed_response text,
    raw_response_snapshot text,
    transformed_response_snapshot text,
    created_at ${long} not null,
    api_key text,
    request_headers text,
    response_headers text,
    response_status integer
);
create index if not exists debug_logs_request_id on debug_logs (request_id);
create index if not exists debug_logs_created_at on debug_logs (created_at);

create table if not exists quota_state (
    key_name text not null,
    quota_name text not null,
    limit_type text,
    current_usage ${num} not null default 0,
    last_updated ${long} not null,
    window_start ${long},
    quota_type text,
    primary key (key_name, quota_name)
);

create table if not exists quota_snapshots (
    id ${id},
    provider text not null,
    checker_id text not null,
    group_id text,
    window_type text not null,
    description text,
    checked_at ${long} not null,
    "limit" ${num},
    used ${num},
    remaining ${num},
    utilization_percent ${num},
    unit text,
    resets_at ${long},
    status text,
    success integer not null default 1,
    error_message text,
    created_at ${long} not null
);
create index if not exists quota_snapshots_provider on quota_snapshots (provider, checked_at);
create index if not exists quota_snapshots_checker on quota_snapshots (checker_id, window_type, checked_at);
create index if not exists quota_snapshots_group on quota_snapshots (group_id, window_type, checked_at);
create index if not exists quota_snapshots_checked_at on quota_snapshots (checked_at);

-- created_at and completed_at are seconds here, and in conversations.
create table if not exists responses (
    id text not null primary key,
    object text,
    created_at ${long} not null,
    completed_at ${long},
    status text,
    model text,
    output_items text,
    instructions text,
    temperature ${num},
    top_p ${num},
    max_output_tokens ${long},
    top_logprobs integer,
    parallel_tool_calls integer,
    tool_choice text,
    tools text,
    text_config text,
    reasoning_config text,
    usage_input_tokens ${long},
    usage_output_tokens ${long},
    usage_reasoning_tokens ${long},
    usage_cached_tokens ${long},
    usage_total_tokens ${long},
    previous_response_id text,
    conversation_id text,
    store integer not null default 1,
    background integer not null default 0,
    truncation text default 'disabled',
    incomplete_details text,
    error text,
    safety_identifier text,
    service_tier text default 'auto',
    prompt_cache_key text,
    prompt_cache_retention text,
    metadata text,
    plexus_provider text,
    plexus_target_model text,
    plexus_api_type text,
    plexus_canonical_model text,
    input_items text,
    api_key text
);
create index if not exists responses_conversation on responses (conversation_id);
create index if not exists responses_created_at on responses (created_at);
create index if not exists responses_status on responses (status);
create index if not exists responses_previous on responses (previous_response_id);

create table if not exists conversations (
    id text not null primary key,
    created_at ${long} not null,
    updated_at ${long} not null,
    items text,
    metadata text,
    plexus_account_id text
);
create index if not exists conversations_updated_at on conversations (updated_at);

create table if not exists response_items (
    id text,
    response_id text not null,
    item_index integer not null,
    item_type text,
    item_data text,
    primary key (response_id, item_index)
);
create index if not exists response_items_response on response_items (response_id, item_index);
create index if not exists response_items_type on response_items (item_type);

create table if not exists mcp_request_usage (
    id ${id},
    request_id text not null,
    created_at text,
    created_at_ms ${long},
    start_time ${long} not null,
    duration_ms ${long},
    server_name text,
    upstream_url text,
    method text,
    jsonrpc_method text,
    tool_name text,
    api_key text,
    attribution text,
    source_ip text,
    response_status integer,
    is_streamed integer not null default 0,
    has_debug integer not null default 0,
    error_code text,
    error_message text
);
create unique index if not exists mcp_request_usage_request_id on mcp_request_usage (request_id);
create index if not exists mcp_request_usage_server on mcp_request_usage (server_name);
create index if not exists mcp_request_usage_created_at on mcp_request_usage (created_at_ms);

create table if not exists mcp_debug_logs (
    id ${id},
    request_id text not null,
    raw_request_headers text,
    raw_request_body text,
    raw_response_headers text,
    raw_response_body text,
    created_at text,
    created_at_ms ${long}
);
create unique index if not exists mcp_debug_logs_request_id on mcp_debug_logs (request_id);
