package dev.plexus.message;

/// Every address of the bus. Those of lane roles are used with [Address#on].
public final class Addresses {

    /// On a lane: the order of candidates.
    public static final Address<PlanAsked, Plan> ROUTING_PLAN = new Address<>("routing.plan", PlanAsked.class, Plan.class);
    /// The one owner of cooldowns: a target failed. Answered when every lane has been told.
    public static final Address<TargetFailed, Done> COOLDOWN_FAILED = new Address<>("cooldown.failed", TargetFailed.class, Done.class);
    /// The one owner of cooldowns: a cooled target succeeded.
    public static final Address<TargetRecovered, Done> COOLDOWN_RECOVERED =
            new Address<>("cooldown.recovered", TargetRecovered.class, Done.class);
    /// The one owner of cooldowns: a lane that begins asks for those that hold already.
    public static final Address<CooldownsAsked, CooldownView> COOLDOWN_LATEST =
            new Address<>("cooldown.latest", CooldownsAsked.class, CooldownView.class);
    /// On a lane: the new snapshot of all cooldowns.
    public static final Address<CooldownView, Done> COOLDOWN_VIEW = new Address<>("cooldown.view", CooldownView.class, Done.class);
    /// The one owner of performance figures: an exchange has ended.
    public static final Address<UsageRecord, Done> PERFORMANCE_SEEN = new Address<>("performance.seen", UsageRecord.class, Done.class);
    /// The one owner of performance figures: a lane that begins asks for those that are known already.
    public static final Address<PerformanceAsked, PerformanceView> PERFORMANCE_LATEST =
            new Address<>("performance.latest", PerformanceAsked.class, PerformanceView.class);
    /// On a lane: the new snapshot of all performance figures.
    public static final Address<PerformanceView, Done> PERFORMANCE_VIEW =
            new Address<>("performance.view", PerformanceView.class, Done.class);
    /// Published to all lanes: a target served a turn of a conversation that is to stay there.
    public static final Address<TargetServed, Done> TARGET_SERVED = new Address<>("target.served", TargetServed.class, Done.class);
    /// On a lane, for one provider (`PROVIDER_ATTEMPT.of(id).on(lane)`): one attempt at one target.
    public static final Address<AttemptAsked, AttemptEnd> PROVIDER_ATTEMPT =
            new Address<>("provider", AttemptAsked.class, AttemptEnd.class);
    /// On a lane, for one provider (`TOKEN_COUNT.of(id).on(lane)`): let the provider count the tokens of a request.
    public static final Address<TokenCountAsked, TokenCountEnd> TOKEN_COUNT =
            new Address<>("token-count", TokenCountAsked.class, TokenCountEnd.class);
    /// The one owner of quota counters: may this key go on?
    public static final Address<QuotaAsked, QuotaVerdict> QUOTA_CHECK = new Address<>("quota.check", QuotaAsked.class, QuotaVerdict.class);
    /// The one owner of quota counters: an exchange of a key with a quota has ended.
    public static final Address<UsageRecord, Done> QUOTA_SETTLE = new Address<>("quota.settle", UsageRecord.class, Done.class);
    /// The owner of the usage journal hands a lane its end of it.
    public static final Address<UsageLaneAsked, UsageLane> USAGE_LANE = new Address<>("usage.lane", UsageLaneAsked.class, UsageLane.class);
    /// Told to the usage actor when an exchange has ended, after it was journalled.
    public static final Address<UsageRecord, Done> USAGE_RECORD = new Address<>("usage.record", UsageRecord.class, Done.class);
    /// Published when a new configuration was read and found good; its providers are deployed next.
    /// How far the database is behind the usage journal.
    public static final Address<JournalStateAsked, JournalState> JOURNAL_STATE =
            new Address<>("journal.state", JournalStateAsked.class, JournalState.class);
    public static final Address<ConfigChanged, Done> CONFIG_CHANGED = new Address<>("config.changed", ConfigChanged.class, Done.class);
    /// Published when a new configuration holds: every provider that it names can be asked.
    public static final Address<ConfigChanged, Done> CONFIG_IN_FORCE = new Address<>("config.in-force", ConfigChanged.class, Done.class);
    /// On a lane: take no new exchanges, and answer when those that run have ended or were ended.
    public static final Address<DrainAsked, Done> INGRESS_DRAIN = new Address<>("ingress.drain", DrainAsked.class, Done.class);
    /// Asked of the configuration actor.
    public static final Address<ConfigStateAsked, ConfigState> CONFIG_STATE =
            new Address<>("config.state", ConfigStateAsked.class, ConfigState.class);

    /// Published when there are new live prices.
    public static final Address<PricesChanged, Done> PRICES_CHANGED = new Address<>("prices.changed", PricesChanged.class, Done.class);
    /// Asked of the owner of the live price list.
    public static final Address<PricesAsked, PricesFound> PRICES_SEARCH = new Address<>("prices.search", PricesAsked.class, PricesFound.class);

    /// Where the gateway's own simulator listens.
    public static final Address<SimulatorAsked, SimulatorAt> SIMULATOR = new Address<>("simulator", SimulatorAsked.class, SimulatorAt.class);

    /// The management API: a request that a lane has taken in.
    public static final Address<AdminAsked, AdminAnswer> ADMIN_REQUEST = new Address<>("admin.request", AdminAsked.class, AdminAnswer.class);
    /// The management API: the next events of a live stream.
    public static final Address<LiveAsked, LiveEvents> ADMIN_LIVE = new Address<>("admin.live", LiveAsked.class, LiveEvents.class);
    /// Published when an exchange has ended and its cost is known.
    public static final Address<UsageRecorded, Done> USAGE_RECORDED = new Address<>("usage.recorded", UsageRecorded.class, Done.class);
    /// The one owner of cooldowns: an administrator ends some. Answered when every lane has been told.
    public static final Address<CooldownsCleared, Done> COOLDOWN_CLEARED =
            new Address<>("cooldown.cleared", CooldownsCleared.class, Done.class);
    /// The one owner of quota counters: how do these keys stand?
    public static final Address<QuotaStandingsAsked, QuotaStandings> QUOTA_STANDINGS =
            new Address<>("quota.standings", QuotaStandingsAsked.class, QuotaStandings.class);
    /// The one owner of quota counters: a key begins anew.
    public static final Address<QuotaCleared, Done> QUOTA_CLEARED = new Address<>("quota.cleared", QuotaCleared.class, Done.class);
    /// Published to every lane when other debug traces are wanted.
    public static final Address<TraceRules, Done> TRACE_RULES = new Address<>("trace.rules", TraceRules.class, Done.class);
    /// The owner of the trace rules tells a lane that begins which traces are wanted.
    public static final Address<TraceRulesAsked, TraceRules> TRACE_RULES_LATEST =
            new Address<>("trace.rules.latest", TraceRulesAsked.class, TraceRules.class);
    /// The writer of debug traces: one more.
    public static final Address<DebugTrace, Done> TRACE_RECORD = new Address<>("trace.record", DebugTrace.class, Done.class);

    private Addresses() {}
}
