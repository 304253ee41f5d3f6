package dev.plexus.config;

import java.math.BigDecimal;
import java.util.List;

/// Every key that a configuration file may have. What is not here is reported as unknown; the tables of `docs/CONFIGURATION.md` are made from it.
///
/// What is `idle` here, a key or a word, is checked like the rest and has no effect in this version, which a file that uses it is told. Whoever makes
/// it work takes the mark away.
final class Schema {

    static final List<String> OAUTH_PROVIDERS =
            List.of("anthropic", "openai-codex", "github-copilot", "google-gemini-cli", "google-antigravity");
    static final List<String> CHECKERS = List.of(
            "naga", "synthetic", "nanogpt", "zai", "moonshot", "minimax", "openrouter", "kilo", "openai-codex", "claude-code", "copilot",
            "wisdomgate", "apertis", "generic");

    private static final Kind TEXT = new Kind.Text(false);
    private static final Kind FILLED = new Kind.Text(true);
    private static final Kind FLAG = new Kind.Flag();
    private static final Kind URL = new Kind.Url();
    private static final Kind TEXTS = new Kind.ListOf(FILLED);
    private static final Kind HEADERS = new Kind.MapOf("header", TEXT);
    private static final Kind FRACTION = new Kind.Decimal(BigDecimal.ZERO, BigDecimal.ONE);
    private static final Kind MONEY = new Kind.Decimal(BigDecimal.ZERO, null);
    private static final Kind COUNT = whole(0);
    private static final Kind POSITIVE = whole(1);
    private static final Kind EPOCH_MILLIS = new Kind.Whole(0, Long.MAX_VALUE);
    private static final Kind ANYTHING = new Kind.Free("anything");
    private static final Kind MODEL_TYPE = new Kind.OneOf(
            List.of("chat", "responses", "embeddings", "transcriptions", "speech", "image"), List.of("text", "images"), true);
    private static final Kind API_TYPES = new Kind.ListOf(new Kind.OneOf(
            List.of("chat", "messages", "gemini", "responses", "embeddings", "transcriptions", "speech", "images"),
            List.of("image", "oauth"),
            true));
    private static final Kind SELECTOR = new Kind.OneOf(
                    List.of("random", "in_order", "cost", "latency", "usage", "performance", "e2e_performance"), List.of("quota"), false)
            .idle("quota");
    private static final String NO_LOGIN = Section.NO_EFFECT + ": nothing signs in, and a target behind oauth:// is passed over";
    private static final Kind RESUME = oneOf("splice", "off");

    static final Section TIMEOUTS = Section.at("timeouts")
            .may("connectMs", POSITIVE, "10000", "TCP and TLS to the provider")
            .may("firstByteMs", COUNT, "60000", "from the request sent to the first content of the answer; 0 = no limit")
            .may("idleMs", COUNT, "60000", "longest silence between bytes of an answer after the first; 0 = no limit")
            .may("totalMs", POSITIVE, "300000", "one whole attempt")
            .may("clientIdleMs", COUNT, "300000", "how long a client may refuse to read; 0 = no limit")
            .done();

    static final Section RETRY = Section.at("retry")
            .may("maxAttempts", COUNT, "0", "attempts for each exchange in all; 0 = as many as there are candidates")
            .may("sameTargetRetries", COUNT, "1", "further tries at one target after a quick, passing failure")
            .may("backoffMs", COUNT, "200", "wait before such a try, doubling, with jitter")
            .may(
                    "respectRetryAfterMs",
                    COUNT,
                    "10000",
                    "longest `Retry-After` that is sat out when no other healthy candidate is left")
            .done();

    static final Section TRANSLATION = Section.at("translation")
            .may("inject_stream_usage", FLAG, "true for `chat`", "ask a streaming provider for its token counts")
            .may("developer_role", FLAG, "by host", "the provider knows the role `developer`")
            .may("max_tokens_field", oneOf("max_tokens", "max_completion_tokens"), "by model", "how the output limit is spelled")
            .may("reasoning_style", oneOf("effort", "openrouter", "thinking", "enable_thinking", "none"), "by host", "how reasoning is asked for")
            .may("efforts", TEXTS, "all", "the reasoning efforts that the provider accepts")
            .may("reasoning_replay", oneOf("never", "tool_loop", "always"), "never", "when earlier reasoning is sent again")
            .may("thinking_style", oneOf("budget", "adaptive", "level"), "by model", "how thinking is asked for (messages, gemini)")
            .may("think_tags", oneOf("keep", "parse"), "keep", "`<think>` at the start of the text becomes thinking")
            .may("structured_output", oneOf("native", "tool", "prompt"), "native", "how a JSON schema is enforced")
            .may("default_max_tokens", POSITIVE, "4096", "output limit where the provider needs one and the client gives none")
            .may("mid_system", oneOf("hoist", "native", "user"), "hoist", "system messages in the middle of a conversation")
            .may("tool_id_style", oneOf("any", "anthropic", "max40", "alnum9"), "by host", "the tool call ids that the provider accepts")
            .may("tool_args", oneOf("delta", "snapshot"), "delta", "how streamed tool arguments come")
            .may("custom_tools", FLAG, "by host", "the provider knows custom tools")
            .may("namespaces", FLAG, "by host", "the provider knows tool namespaces")
            .may("web_search", oneOf("none", "options", "tool", "openrouter"), "by host", "how web search is asked for")
            .may("cache_control", FLAG, "by host", "cache marks are sent on")
            .may("prompt_cache_breakpoint", FLAG, "false", "cache break points are sent on")
            .may("top_k", FLAG, "by host", "the provider knows `top_k`")
            .may("metadata", FLAG, "by host", "the provider takes `metadata`")
            .may("service_tier", FLAG, "by host", "the provider takes `service_tier`")
            .may("file_url", FLAG, "false", "the provider fetches files by URL")
            .may("remote_media", oneOf("pass", "fetch", "reject"), "pass", "what happens to media given by URL (gemini)")
            .may("gemini_schema", oneOf("json_schema", "openapi"), "json_schema", "the schema dialect of tools")
            .may("gemini_call_ids", FLAG, "false", "tool calls carry ids")
            .may("strip_reasoning_content", FLAG, "false", "earlier reasoning is sent again without its plain text (responses)")
            .idle("native_state", FLAG, "false", "the provider keeps conversations itself")
            .may("count_tokens", FLAG, "by host", "the provider counts tokens")
            .may("drop_params", TEXTS, "[]", "request members to remove")
            .may("rename_params", new Kind.MapOf("path", FILLED), "{}", "request members to rename: path → path")
            .may("lenient_eof", FLAG, "false", "a stream may end without its closing events")
            .may("reactive_repair", FLAG, "true", "a refused parameter is removed and the request sent again")
            .done();

    static final Section ADAPTER = Section.at("adapter[]")
            .must("name", FILLED, "the rewrite hook")
            .may("options", new Kind.MapOf("option", ANYTHING), "its options")
            .may("enabled", FLAG, "true", "false leaves it out")
            .done();

    static final Section COMPACTION = Section.at("compaction")
            .may("enabled", FLAG, "false", "shorten long prompts")
            .may("strategy", FILLED, "how")
            .may("triggerRatio", FRACTION, "from which share of the context window")
            .may("absoluteTriggerTokens", POSITIVE, "from how many tokens")
            .may("minTokens", COUNT, "what stays at least")
            .may("protectRecent", COUNT, "how many recent messages are left alone")
            .done();

    static final Section RANGE = Section.at("pricing.range[]")
            .may("lower_bound", MONEY, "0", "smallest prompt in tokens")
            .may("upper_bound", new Kind.Free("number, `.inf` or null"), "∞", "largest prompt in tokens, included")
            .must("input_per_m", MONEY, "$ per million input tokens")
            .must("output_per_m", MONEY, "$ per million output tokens")
            .may("cached_per_m", MONEY, "0", "$ per million tokens read from the cache")
            .may("cache_write_per_m", MONEY, "0", "$ per million tokens written to the cache")
            .done();

    static final Section PRICING = Section.at("pricing")
            .must("source", oneOf("simple", "openrouter", "defined", "per_request"), "where the price comes from")
            .may("input", MONEY, "`simple`, required: $ per million input tokens")
            .may("output", MONEY, "`simple`, required: $ per million output tokens")
            .may("cached", MONEY, "0", "`simple`: $ per million tokens read from the cache")
            .may("cache_write", MONEY, "0", "`simple`: $ per million tokens written to the cache")
            .may("cache_write_1h", MONEY, "`cache_write`", "`simple`: the same for the one-hour cache")
            .may("slug", FILLED, "`openrouter`, required: the model in the OpenRouter catalogue")
            .may("range", new Kind.ListOf(new Kind.Keys(RANGE)), "`defined`, required: prices by prompt size; the first matching range holds")
            .may("amount", MONEY, "`per_request`, required: $ for each request")
            .may("discount", FRACTION, "the provider's", "fraction taken off (not for `per_request`)")
            .done();

    static final Section PROVIDER_MODEL = Section.at("providers.<id>.models.<model>")
            .may("pricing", new Kind.Keys(PRICING), "simple, 0 and 0", "what the model costs")
            .may("access_via", API_TYPES, "the provider's types", "API types of this model, the first is the default; an empty list means unset")
            .may("type", MODEL_TYPE, "unset", "what the model is for")
            .idle("context_window", POSITIVE, "unknown", "tokens that fit into it")
            .may("translation", new Kind.Keys(TRANSLATION), "the provider's", "translation options of this model, key by key")
            .idle("extraBody", new Kind.MapOf("member", ANYTHING), "{}", "members put into each request body")
            .idle("adapter", new Kind.ListOf(new Kind.Keys(ADAPTER)), "[]", "rewrite hooks")
            .may("prefill", FLAG, "by API type", "the model continues an assistant turn that was begun")
            .may("maxConcurrency", POSITIVE, "no limit", "attempts at the same time; a full target is passed over")
            .done();

    static final Section QUOTA_CHECKER = Section.at("providers.<id>.quota_checker")
            .must("type", new Kind.OneOf(CHECKERS, List.of(), true), "whose account page it reads")
            .may("enabled", FLAG, "true", "false means no checker, not even the implicit one of a subscription")
            .may("intervalMinutes", new Kind.Decimal(BigDecimal.ONE, null), "30", "time between two checks")
            .may("id", FILLED, "the provider's id", "its name; unique over all providers")
            .may("options", new Kind.MapOf("option", ANYTHING), "{}", "by type, see below")
            .may("gate", FLAG, "false", "an exhausted account cools the provider")
            .done();

    static final Section AUTOSYNC = Section.at("providers.<id>.model_autosync")
            .may("enabled", FLAG, "false", "take the model list from the provider")
            .may("intervalMinutes", new Kind.Decimal(BigDecimal.ONE, null), "60", "how often")
            .done();

    static final Section RAW_PASSTHROUGH = Section.at("providers.<id>.raw_passthrough")
            .may("enabled", FLAG, "false", "serve `/raw/<provider>/…`")
            .may("base_url", URL, "`api_base_url`", "where the paths begin")
            .may("auth", oneOf("bearer", "x-api-key", "x-goog-api-key"), "bearer", "how the key is sent")
            .done();

    static final Section PROVIDER = Section.at("providers.<id>")
            .may("display_name", TEXT, "the id", "name for people")
            .must("api_base_url", new Kind.Free("URL, or map: API type → URL"), "where the API lives, see below")
            .may("api_key", FILLED, "the credential; required unless `oauth://` or `simulator://`")
            .idle("oauth_provider", oneOf(OAUTH_PROVIDERS.toArray(String[]::new)), "–", "whose subscription; required with `oauth://`", NO_LOGIN)
            .idle("oauth_account", TEXT, "`legacy`, with a warning", "which signed-in account; with `oauth://`")
            .may("enabled", FLAG, "true", "false: never a candidate")
            .may("disable_cooldown", FLAG, "false", "never left out after failures")
            .may("discount", FRACTION, "0", "fraction off all its prices")
            .may("models", new Kind.Free("list of names, or map: model → `providers.<id>.models.<model>`"), "none", "the models it offers")
            .may("headers", HEADERS, "{}", "set last on each request to it, overriding any other")
            .may("extraBody", new Kind.MapOf("member", ANYTHING), "{}", "members put into each request body, overriding the client's")
            .may("estimateTokens", FLAG, "false", "estimate token counts that it does not report")
            .idle("quota_checker", new Kind.Keys(QUOTA_CHECKER), "none", "polls what the account has left")
            .may("timeouts", new Kind.Keys(TIMEOUTS), "the top level's", "time limits, key by key")
            .may("timeoutMs", POSITIVE, "–", "older spelling of `timeouts.totalMs`")
            .may("retry", new Kind.Keys(RETRY), "the top level's", "retries, key by key")
            .may("resume", RESUME, "the top level's", "see `resume` at the top level")
            .may("prefill", FLAG, "by API type", "its models continue an assistant turn that was begun")
            .may("inject_stream_usage", FLAG, "true", "ask for token counts in streams")
            .may("on_disconnect", oneOf("cancel", "drain"), "cancel", "when the client leaves: stop at once, or read on for the token counts")
            .may("translation", new Kind.Keys(TRANSLATION), "–", "translation options")
            .idle("adapter", new Kind.ListOf(new Kind.Keys(ADAPTER)), "[]", "rewrite hooks")
            .may("maxConcurrency", POSITIVE, "no limit", "attempts at the same time; a full target is passed over")
            .idle("raw_passthrough", new Kind.Keys(RAW_PASSTHROUGH), "off", "relay of untouched requests")
            .idle("model_autosync", new Kind.Keys(AUTOSYNC), "off", "refresh of the model list")
            .idle("compaction", new Kind.Keys(COMPACTION), "the top level's", "prompt compaction")
            .may("stallTtfbMs", whole(0), "the top level's", "see `stall`")
            .may("stallTtfbBytes", POSITIVE, "the top level's", "see `stall`")
            .may("stallMinBps", COUNT, "the top level's", "see `stall`")
            .may("stallWindowMs", POSITIVE, "the top level's", "see `stall`")
            .may("stallGracePeriodMs", COUNT, "the top level's", "see `stall`")
            .may("stall_cooldown", FLAG, "the top level's", "see `stall`")
            .done();

    static final Section TARGET = Section.at("models.<alias>.targets[]")
            .may("provider", FILLED, "a provider's id; required unless `alias` is given")
            .may("model", FILLED, "the model's name there; required unless `alias` is given")
            .may("alias", FILLED, "instead of both: the targets of another alias, after the ones named here")
            .may("enabled", FLAG, "true", "false leaves it out")
            .done();

    static final Section TARGET_GROUP = Section.at("models.<alias>.target_groups[]")
            .must("name", FILLED, "the group's name")
            .may("selector", SELECTOR, "the alias's", "order within the group")
            .must("targets", new Kind.ListOf(new Kind.Keys(TARGET)), "its targets")
            .done();

    static final Section BEHAVIOUR = Section.at("models.<alias>.advanced[]")
            .must("type", FILLED, "`strip_adaptive_thinking`: removes `thinking` of type `adaptive` from requests of the Anthropic endpoint")
            .may("enabled", FLAG, "true", "false leaves it out")
            .done();

    static final Section HEDGE = Section.at("models.<alias>.hedge")
            .may("afterMs", POSITIVE, "–", "start a second attempt after this time")
            .may("p95", FLAG, "false", "or after the usual time to the first content")
            .may("maxExtraPercent", new Kind.Decimal(BigDecimal.ZERO, BigDecimal.valueOf(100)), "5", "at most this share of requests")
            .done();

    static final Section METADATA = Section.at("models.<alias>.metadata")
            .may("source", oneOf("auto", "openrouter", "models.dev", "catwalk", "custom", "disabled"), "auto", "where it comes from")
            .may("source_path", FILLED, "the model in that source")
            .may("overrides", new Kind.MapOf("member", ANYTHING), "{}", "what you know better")
            .done();

    static final Section ALIAS = Section.at("models.<alias>")
            .may("selector", SELECTOR, "random", "how the targets are ordered")
            .may("priority", oneOf("selector", "api_match"), "selector", "`api_match` puts targets of the client's API type first")
            .may("api_match_strict", FLAG, "false", "with `api_match`: leave the others out altogether")
            .may("targets", new Kind.ListOf(new Kind.Keys(TARGET)), "where the alias is served; required, may be empty")
            .may(
                    "target_groups",
                    new Kind.ListOf(new Kind.Keys(TARGET_GROUP)),
                    "–",
                    "groups of targets, tried in order, after `targets`; `direct/<alias>/<group>` leads to one of them")
            .may("additional_aliases", TEXTS, "[]", "further names of the alias")
            .may("type", MODEL_TYPE, "unset = chat", "what the alias is for")
            .may("advanced", new Kind.ListOf(new Kind.Keys(BEHAVIOUR)), "[]", "behaviours")
            .may("retry", new Kind.Keys(RETRY), "the provider's", "retries, key by key")
            .may("resume", RESUME, "the provider's", "see `resume` at the top level")
            .idle("hedge", new Kind.Keys(HEDGE), "off", "a second attempt when the first is slow")
            .idle("translation", new Kind.Keys(TRANSLATION), "–", "translation options")
            .idle("extraBody", new Kind.MapOf("member", ANYTHING), "{}", "members put into each request body")
            .may("sticky_session", FLAG, "false", "follow-up turns prefer the target of the turn before")
            .idle("enforce_limits", FLAG, "false", "refuse prompts that do not fit the context window")
            .idle("metadata", new Kind.Keys(METADATA), "–", "enriches the model list")
            .idle("preferred_api", TEXTS, "–", "hint in the model list")
            .idle("use_image_fallthrough", FLAG, "false", "describe images for targets that read text only")
            .idle("compaction", new Kind.Keys(COMPACTION), "the provider's", "prompt compaction")
            .done();

    static final Section KEY = Section.at("keys.<name>")
            .must("secret", FILLED, "what the client sends; unique, without `:`")
            .may("comment", TEXT, "–", "for people")
            .may("quota", FILLED, "`default_quotas`", "one name of `user_quotas`")
            .may("quotas", TEXTS, "`default_quotas`", "several; all must pass. Wins over `quota`")
            .may("allowedModels", TEXTS, "all", "model names it may ask for")
            .may("excludedModels", TEXTS, "none", "and may not; wins")
            .may("allowedProviders", TEXTS, "all", "providers it may reach")
            .may("excludedProviders", TEXTS, "none", "and may not; wins")
            .may("allowedIps", TEXTS, "all", "addresses it may come from: IPv4, IPv6, CIDR or `first-last`")
            .may("expiresAt", EPOCH_MILLIS, "never", "epoch milliseconds from which it is refused")
            .may("expiresInMinutes", new Kind.Decimal(BigDecimal.ZERO, null), "–", "for the management API only; in the file write `expiresAt`")
            .may("disabledAt", EPOCH_MILLIS, "never", "epoch milliseconds at which it was switched off")
            .idle("allowRawPassthrough", FLAG, "false", "may use `/raw/…`")
            .done();

    static final Section USER_QUOTA = Section.at("user_quotas.<name>")
            .must("type", oneOf("rolling", "daily", "weekly", "monthly"), "over what time it is counted (UTC)")
            .must("limitType", oneOf("requests", "tokens", "cost"), "what it counts; `cost` in $")
            .must("limit", new Kind.Decimal(BigDecimal.ZERO, null), "the most that may be used; at least 1, for `cost` more than 0")
            .may("duration", new Kind.Span(), "–", "required for `rolling`: `30s`, `5m`, `2h30m`, `1d`; a bare number is milliseconds")
            .may("week_start", oneOf("sunday", "monday"), "sunday", "for `weekly`")
            .may("reserve", FLAG, "false", "for `tokens`: count the estimate of running requests")
            .may("shared", FLAG, "false", "one pool for all keys that use it")
            .may("warnAt", FRACTION, "–", "share from which answers carry `x-plexus-quota-warning`")
            .may("allowedModels", TEXTS, "all", "counts only these models")
            .may("excludedModels", TEXTS, "none", "and not these")
            .may("allowedProviders", TEXTS, "all", "counts only these providers")
            .may("excludedProviders", TEXTS, "none", "and not these")
            .done();

    static final Section MCP_SERVER = Section.at("mcp_servers.<name>")
            .must("upstream_url", URL, "the server's endpoint")
            .may("enabled", FLAG, "true", "false: as if it were not there")
            .may("headers", HEADERS, "{}", "always sent, overriding the client's")
            .may("timeout_ms", COUNT, "120000", "to the first byte of an answer")
            .may("stream_idle_timeout_ms", COUNT, "0", "silence in a stream; 0 = no limit")
            .may("max_request_bytes", POSITIVE, "4194304", "largest request")
            .may("allowed_tools", TEXTS, "all", "globs of tools")
            .may("denied_tools", TEXTS, "none", "globs of tools; wins")
            .may("forward_headers", TEXTS, "none", "further client headers to send on")
            .may("allowed_keys", TEXTS, "all", "names of keys that may use it")
            .may("log_payloads", FLAG, "false", "keep what was said")
            .done();

    static final Section MCP = Section.at("mcp")
            .may("sse_keepalive_ms", COUNT, "25000", "comment in quiet streams; 0 = off")
            .may("allowed_origins", new Kind.Free("list of origins, or `\"*\"`"), "its own", "browsers that may call")
            .may("forward_all_headers", FLAG, "false", "send all client headers on, except credentials")
            .may("add_forwarded", FLAG, "false", "add `Forwarded`")
            .may("bind_sessions", FLAG, "true", "a session belongs to the key that opened it")
            .may("oauth", oneOf("static", "off", "builtin"), "static", "what the OAuth discovery endpoints say")
            .done();

    static final Section OAUTH_PROVIDER = Section.at("oauth.providers.<id>")
            .snakeCaseToo()
            .may("clientId", FILLED, "the vendor's", "OAuth client")
            .may("clientSecret", FILLED, "none", "needed by the two Google providers")
            .may("scopes", new Kind.Free("text or list"), "the vendor's", "what is asked for")
            .may("authorizeUrl", URL, "the vendor's", "where a login begins")
            .may("tokenUrl", URL, "the vendor's", "where tokens come from")
            .may("redirectUri", URL, "the vendor's", "where a login comes back")
            .may("browserRedirectUri", URL, "the vendor's", "the same for the browser method")
            .may("deviceCodeUrl", URL, "the vendor's", "device flow")
            .may("deviceTokenUrl", URL, "the vendor's", "device flow")
            .may("deviceVerificationUrl", URL, "the vendor's", "device flow")
            .may("deviceRedirectUri", URL, "the vendor's", "device flow")
            .may("copilotTokenUrl", new Kind.Free("URL"), "the vendor's", "Copilot token exchange")
            .may("userInfoUrl", URL, "the vendor's", "who signed in")
            .may("onboardingUrl", new Kind.Free("URL or list"), "the vendor's", "project discovery")
            .may("apiBaseUrl", new Kind.Free("URL or list"), "the vendor's", "the API itself")
            .may("usageUrl", new Kind.Free("URL"), "the vendor's", "what the account has left")
            .may("projectId", FILLED, "–", "Google Cloud project")
            .may("onboardPollSeconds", POSITIVE, "5", "wait between two looks")
            .may("fallbackProject", FILLED, "the vendor's", "project when none is found")
            .may("userAgent", FILLED, "the vendor's", "client name that is sent")
            .may("headers", HEADERS, "{}", "set last; an empty value removes the header")
            .may("betas", TEXTS, "[]", "further beta flags")
            .may("toolNamePrefix", TEXT, "`proxy_`", "put before tool names")
            .may("probe", FLAG, "false", "check the account with a small paid request")
            .may("clientVersion", FILLED, "the vendor's", "client version that is sent")
            .may("originator", FILLED, "`plexus`", "client name that is sent")
            .may("enableModels", FLAG, "true", "switch on models that wait for consent")
            .may("version", FILLED, "the vendor's", "client version that is sent")
            .may("systemPrefix", TEXT, "empty", "put before system prompts")
            .may("refreshSkewSeconds", COUNT, "60", "renew this long before the end")
            .may("models", ANYTHING, "shipped list", "model catalogue")
            .done();

    static final Section OAUTH = oauthProviders(Section.at("oauth").snakeCaseToo())
            .may("store", oneOf("file", "database"), "`file` with SQLite, else `database`", "where credentials are kept")
            .may("callbackListener", FLAG, "true on a loopback `HOST`", "listen for logins coming back")
            .may("callbackHost", FILLED, "`127.0.0.1`", "on this address")
            .may("strictModels", FLAG, "false", "refuse models that the catalogue does not know")
            .may("sessionTtlSeconds", POSITIVE, "1200", "life of a login session")
            .may("refreshSkewSeconds", COUNT, "60", "renew this long before the end")
            .may("refreshCheckSeconds", POSITIVE, "60", "period of the background refresher")
            .may("refreshAheadSeconds", COUNT, "300", "how early it renews; 0 = off")
            .may("refreshTimeoutSeconds", POSITIVE, "30", "limit of one token call")
            .may("refreshBackoffSeconds", POSITIVE, "5", "first wait after a failure, doubling")
            .may("forcedRefreshMinSeconds", COUNT, "60", "shortest time between two forced renewals")
            .may("providers", new Kind.MapOf("id", new Kind.Keys(OAUTH_PROVIDER)), "–", "the same, under one roof")
            .done();

    static final Section FAILOVER = Section.at("failover")
            .may("enabled", FLAG, "true", "false: only the first candidate is tried")
            .may(
                    "retryableStatusCodes",
                    new Kind.ListOf(new Kind.Whole(100, 599)),
                    "all but 200-299, 400, 413, 422",
                    "answers after which the next candidate is tried; 402 always is one")
            .may(
                    "retryableErrors",
                    TEXTS,
                    "`ECONNREFUSED`, `ETIMEDOUT`, `ENOTFOUND`, `ECONNRESET`, `EPIPE`, `EHOSTUNREACH`, `ENETUNREACH`, `EAI_AGAIN`",
                    "transport failures after which the next candidate is tried")
            .may("streamProbeMs", COUNT, "15000", "longest time a stream is held back for its first content; 0 = not at all")
            .done();

    static final Section COOLDOWN = Section.at("cooldown")
            .may("initialMinutes", new Kind.Decimal(new BigDecimal("0.1"), null), "2", "after the first failure; doubles with each further one")
            .may("maxMinutes", new Kind.Decimal(new BigDecimal("0.1"), null), "300", "at most")
            .done();

    static final Section RETENTION = Section.at("retention")
            .may("usageDays", COUNT, "0", "usage records; 0 = keep for ever, as everywhere here")
            .may("errorDays", COUNT, "30", "error records")
            .may("debugDays", COUNT, "7", "debug traces")
            .may("mcpDays", COUNT, "30", "MCP records")
            .may("snapshotDays", COUNT, "90", "upstream quota snapshots")
            .done();

    static final Section LIMITS = Section.at("limits")
            .may("bodyBytesMax", new Kind.Whole(1, Long.MAX_VALUE), "31457280", "largest request body")
            .may("headerBytesMax", whole(1024), "32768", "request line and headers together")
            .may("urlBytesMax", whole(256), "8192", "request line")
            .may("headerTimeoutMs", POSITIVE, "15000", "from the first byte of a request to the end of its headers")
            .done();

    static final Section SHUTDOWN = Section.at("shutdown")
            .may("graceSeconds", COUNT, "30", "how long running streams may go on")
            .done();

    static final Section TIMEOUT = Section.at("timeout")
            .may("defaultSeconds", new Kind.Whole(1, 3600), "–", "older spelling of `timeouts.totalMs`")
            .done();

    static final Section STALL = Section.at("stall")
            .may("ttfbSeconds", new Kind.Decimal(BigDecimal.valueOf(5), BigDecimal.valueOf(120)), "off", "time for the first bytes")
            .may("ttfbBytes", new Kind.Whole(50, 10_000), "100", "how many bytes these are")
            .may("minBytesPerSecond", new Kind.Whole(50, 5_000), "off", "slowest stream")
            .may("windowSeconds", new Kind.Decimal(BigDecimal.valueOf(3), BigDecimal.valueOf(30)), "10", "measured over")
            .may("gracePeriodSeconds", new Kind.Decimal(BigDecimal.ZERO, BigDecimal.valueOf(120)), "30", "not measured at the beginning")
            .may("stallCooldown", FLAG, "false", "a stall cools the target")
            .done();

    static final Section BACKGROUND_EXPLORATION = Section.at("backgroundExploration")
            .may("enabled", FLAG, "false", "probe idle targets")
            .may("stalenessThresholdSeconds", POSITIVE, "600", "from this age of the last sample")
            .may("workerConcurrency", new Kind.Whole(1, 16), "2", "probes at the same time")
            .done();

    static final Section VISION = Section.at("vision_fallthrough")
            .may("descriptor_model", FILLED, "the alias that describes images")
            .may("default_prompt", FILLED, "what it is asked")
            .done();

    static final Section MCP_OAUTH = Section.at("mcpOAuth")
            .may("enabled", FLAG, "false", "authorization server for MCP clients")
            .may("issuer", URL, "–", "its public URL")
            .done();

    static final Section TOP = Section.at("(top level)")
            .may("adminKey", FILLED, "opens the management API; required unless the environment gives `ADMIN_KEY`, which wins")
            .may("providers", new Kind.MapOf("id", new Kind.Keys(PROVIDER)), "required, may be empty", "upstream accounts")
            .may("models", new Kind.MapOf("alias", new Kind.Keys(ALIAS)), "required, may be empty", "the names that clients ask for")
            .may("keys", new Kind.MapOf("name", new Kind.Keys(KEY)), "required, may be empty", "the clients' API keys")
            .may("failover", new Kind.Keys(FAILOVER), "–", "when the next candidate is tried")
            .may("cooldown", new Kind.Keys(COOLDOWN), "–", "how long failing targets are left out")
            .may("timeouts", new Kind.Keys(TIMEOUTS), "–", "time limits of one attempt")
            .may("timeout", new Kind.Keys(TIMEOUT), "–", "older spelling")
            .may("retry", new Kind.Keys(RETRY), "–", "tries at the same target")
            .may("resume", RESUME, "splice", "when a stream breaks after its first content: go on at another target, or end with an error")
            .may("performanceExplorationRate", FRACTION, "0.05", "share of requests that try another than the fastest target")
            .may("latencyExplorationRate", FRACTION, "`performanceExplorationRate`", "the same for the selector `latency`")
            .may("e2ePerformanceExplorationRate", FRACTION, "`performanceExplorationRate`", "the same for `e2e_performance`")
            .idle("backgroundExploration", new Kind.Keys(BACKGROUND_EXPLORATION), "off", "probes that keep performance figures fresh")
            .may("user_quotas", new Kind.MapOf("name", new Kind.Keys(USER_QUOTA)), "{}", "limits that keys can have")
            .may("default_quotas", TEXTS, "[]", "quotas of keys that name none")
            .idle("mcp_servers", new Kind.MapOf("name", new Kind.Keys(MCP_SERVER)), "{}", "MCP servers reached through the gateway")
            .idle("mcp", new Kind.Keys(MCP), "–", "what holds for all of them")
            .idle("mcpOAuth", new Kind.Keys(MCP_OAUTH), "off", "authorization server for MCP clients")
            .idle("oauth", new Kind.Keys(OAUTH), "–", "signed-in subscriptions")
            .may("limits", new Kind.Keys(LIMITS), "–", "bounds of what a client may send")
            .may("keepAliveMs", COUNT, "15000", "comment in quiet streams; 0 = off")
            .may("retention", new Kind.Keys(RETENTION), "–", "how long records are kept")
            .may("shutdown", new Kind.Keys(SHUTDOWN), "–", "going down in peace")
            .may("exposeRoutingHeaders", FLAG, "true", "answers carry `x-plexus-provider`, `x-plexus-model`, `x-plexus-attempts`")
            .may("trustedProxies", TEXTS, "[]", "CIDRs whose forwarding headers are believed")
            .idle("publicUrl", URL, "–", "the gateway's address as clients see it")
            .may("stall", new Kind.Keys(STALL), "off", "streams that are too slow")
            .idle("compaction", new Kind.Keys(COMPACTION), "off", "prompt compaction")
            .idle("vision_fallthrough", new Kind.Keys(VISION), "–", "images for models that read text only")
            .may("quotas", ANYTHING, "–", "no longer used: configure `providers.<id>.quota_checker`")
            .done();

    /// The sections in the order in which the reference shows them.
    static final List<Section> ALL = List.of(
            TOP, PROVIDER, PROVIDER_MODEL, PRICING, RANGE, QUOTA_CHECKER, RAW_PASSTHROUGH, AUTOSYNC, ADAPTER, TRANSLATION, ALIAS, TARGET,
            TARGET_GROUP, BEHAVIOUR, HEDGE, METADATA, KEY, USER_QUOTA, FAILOVER, COOLDOWN, TIMEOUTS, TIMEOUT, RETRY, STALL,
            BACKGROUND_EXPLORATION, LIMITS, RETENTION, SHUTDOWN, MCP_SERVER, MCP, MCP_OAUTH, OAUTH, OAUTH_PROVIDER,
            COMPACTION, VISION);

    private Schema() {}

    private static Section.Building oauthProviders(Section.Building building) {
        for (String id : OAUTH_PROVIDERS) {
            building.may(id, new Kind.Keys(OAUTH_PROVIDER), "–", "overrides of the constants of " + id);
        }
        return building;
    }

    private static Kind.OneOf oneOf(String... words) {
        return new Kind.OneOf(List.of(words), List.of(), false);
    }

    private static Kind whole(long min) {
        return new Kind.Whole(min, Integer.MAX_VALUE);
    }
}
