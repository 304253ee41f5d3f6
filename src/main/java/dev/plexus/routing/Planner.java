package dev.plexus.routing;

import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.Provider;
import dev.plexus.config.Target;
import dev.plexus.config.TargetGroup;
import dev.plexus.dialect.Dialects;
import dev.plexus.message.Candidate;
import dev.plexus.message.ConversationKey;
import dev.plexus.message.CooldownView;
import dev.plexus.message.PerformanceView;
import dev.plexus.message.Plan;
import dev.plexus.message.PlanAsked;
import dev.plexus.message.ProbeLeases;
import dev.plexus.message.Slots;
import dev.plexus.message.TargetServed;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.model.DialectId;
import dev.plexus.model.ErrorKind;
import dev.plexus.model.GatewayError;
import dev.plexus.model.ProviderId;
import dev.plexus.model.TargetId;
import dev.plexus.pricing.CostRules;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.random.RandomGenerator;
import org.jspecify.annotations.Nullable;

/// Decides which targets may serve a request, and in what order: routing.md 2 to 6, from one snapshot and one view each of cooldowns and performance.
///
/// It remembers the index and the prices of the last snapshot, and where conversations are; it asks which targets are full or being tried.
final class Planner {

    private static final String DIRECT = "direct/";
    private static final long FULL_RETRY_MILLIS = 1_000;

    private final InstantSource clock;
    private final RandomGenerator random;
    private final ReferenceCosts costs;
    private final Slots slots;
    private final ProbeLeases probes;
    private final StickyMemory conversations = new StickyMemory();
    private @Nullable Config indexed;
    private @Nullable NameIndex index;

    Planner(InstantSource clock, RandomGenerator random, CostRules costs, Slots slots, ProbeLeases probes) {
        this.clock = clock;
        this.random = random;
        this.costs = new ReferenceCosts(costs);
        this.slots = slots;
        this.probes = probes;
    }

    /// A target served a turn of a conversation, which is to stay there.
    void served(TargetServed served) {
        conversations.remember(served.conversation(), served.target(), clock.millis());
    }

    Plan plan(PlanAsked asked, CooldownView cooldowns, PerformanceView performance) {
        Alias alias = indexOf(asked.config()).find(asked.model());
        if (alias != null) {
            return planAlias(asked, alias, alias.groups(), cooldowns, performance);
        }
        if (asked.model().startsWith(DIRECT)) {
            DirectGroup group = DirectGroup.find(asked.config(), asked.model().substring(DIRECT.length()));
            return group == null
                    ? planDirect(asked, cooldowns)
                    : planAlias(asked, group.alias(), List.of(group.group()), cooldowns, performance);
        }
        return refuse(
                new GatewayError(ErrorKind.NOT_FOUND, 404, "Model '" + asked.model() + "' not found in configuration", "model_not_found", "model"),
                null);
    }

    private NameIndex indexOf(Config config) {
        NameIndex known = index;
        if (known == null || indexed != config) {
            known = new NameIndex(config);
            index = known;
            indexed = config;
        }
        return known;
    }

    private Plan planDirect(PlanAsked asked, CooldownView cooldowns) {
        String name = asked.model();
        int slash = name.indexOf('/', DIRECT.length());
        if (slash <= DIRECT.length() || slash == name.length() - 1) {
            return refuse(
                    new GatewayError(
                            ErrorKind.INVALID_REQUEST,
                            400,
                            "Direct routing failed: Invalid format '" + name + "'. Expected 'direct/provider/model'",
                            null,
                            "model"),
                    null);
        }
        if (!mayUse(asked.key().allowedModels(), asked.key().excludedModels(), name, name)) {
            return denied(name);
        }
        String providerName = name.substring(DIRECT.length(), slash);
        String model = name.substring(slash + 1);
        Provider provider = asked.config().providers().get(new ProviderId(providerName));
        if (provider == null || !provider.enabled()) {
            String what = provider == null ? "' not found in configuration" : "' is disabled";
            return refuse(
                    new GatewayError(
                            ErrorKind.NOT_FOUND, 404, "Direct routing failed: Provider '" + providerName + what, "model_not_found", "model"),
                    null);
        }
        if (!mayUse(asked.key().allowedProviders(), asked.key().excludedProviders(), providerName, providerName)) {
            return denied(name);
        }
        DialectId dialect = dialectFor(provider, model, asked.dialect());
        if (dialect == null) {
            return refuse(foreign(name, asked.dialect()), name);
        }
        return new Plan.Ready(name, null, List.of(candidate(new TargetId(provider.id(), model), provider, dialect, cooldowns)), List.of(), null);
    }

    private Plan planAlias(
            PlanAsked asked, Alias alias, List<TargetGroup> groups, CooldownView cooldowns, PerformanceView performance) {
        String canonical = alias.name().value();
        KeyRule key = asked.key();
        if (alias.type() != null && !alias.type().accepts(asked.dialect())) {
            return refuse(
                    new GatewayError(
                            ErrorKind.INVALID_REQUEST,
                            400,
                            "Model '" + asked.model() + "' is of type '" + alias.type().name().toLowerCase(Locale.ROOT)
                                    + "' and cannot be used with " + endpoint(asked.dialect()),
                            "model_type_mismatch",
                            "model"),
                    canonical);
        }
        if (!mayUse(key.allowedModels(), key.excludedModels(), asked.model(), canonical)) {
            return denied(asked.model());
        }
        List<Target> enabled = enabled(asked.config(), groups);
        if (enabled.isEmpty()) {
            return refuse(
                    GatewayError.of(
                            ErrorKind.UNAVAILABLE, "all_targets_disabled", "All targets for model alias '" + canonical + "' are disabled."),
                    canonical);
        }
        List<Target> permitted = permitted(enabled, key);
        if (permitted.isEmpty()) {
            return denied(asked.model());
        }
        long now = clock.millis();
        List<Target> healthy = healthy(asked.config(), permitted, cooldowns, now);
        if (healthy.isEmpty()) {
            return allCooling(canonical, permitted, cooldowns, now);
        }
        List<Target> free = free(asked.config(), healthy);
        if (free.isEmpty()) {
            return allFull(canonical);
        }
        Ordering ordering = new Ordering(asked.config(), performance, costs, random, now);
        List<Target> ordered = order(asked, alias, groups, narrow(asked, alias, free), ordering);
        ConversationKey conversation = conversation(asked, alias);
        if (conversation != null) {
            ordered = Preference.first(ordered, conversations.placeOf(conversation, now));
        }
        List<Candidate> candidates = new ArrayList<>(ordered.size());
        List<AttemptLine> skipped = new ArrayList<>(0);
        for (Target target : ordered) {
            Provider provider = providerOf(asked.config(), target);
            DialectId dialect = dialectFor(provider, target.model(), asked.dialect());
            if (dialect == null) {
                skipped.add(skippedLine(target, asked.dialect()));
            } else {
                candidates.add(candidate(new TargetId(target.provider(), target.model()), provider, dialect, cooldowns));
            }
        }
        if (!candidates.isEmpty()) {
            return new Plan.Ready(canonical, alias, Probing.guard(candidates, cooldowns, probes, now), skipped, conversation);
        }
        List<Target> waiting = waiting(asked, permitted, healthy);
        return waiting.isEmpty() ? refuse(foreign(asked.model(), asked.dialect()), canonical) : allCooling(canonical, waiting, cooldowns, now);
    }

    private static Candidate candidate(TargetId id, Provider provider, DialectId dialect, CooldownView cooldowns) {
        return new Candidate(id, provider, dialect, cooldowns.of(id) != null);
    }

    private static @Nullable ConversationKey conversation(PlanAsked asked, Alias alias) {
        long beginning = alias.stickySession() ? asked.beginning().getAsLong() : 0;
        return beginning == 0 ? null : new ConversationKey(alias.name().value(), asked.dialect(), beginning);
    }

    private static List<Target> enabled(Config config, List<TargetGroup> groups) {
        Set<Target> distinct = new LinkedHashSet<>();
        for (TargetGroup group : groups) {
            for (Target target : group.targets()) {
                Provider provider = config.providers().get(target.provider());
                if (target.enabled() && provider != null && provider.enabled()) {
                    distinct.add(target);
                }
            }
        }
        return List.copyOf(distinct);
    }

    private static List<Target> permitted(List<Target> targets, KeyRule key) {
        if (key.allowedProviders().isEmpty() && key.excludedProviders().isEmpty()) {
            return targets;
        }
        return targets.stream()
                .filter(target -> {
                    String name = target.provider().value();
                    return mayUse(key.allowedProviders(), key.excludedProviders(), name, name);
                })
                .toList();
    }

    private static List<Target> healthy(Config config, List<Target> targets, CooldownView cooldowns, long now) {
        if (cooldowns.entries().isEmpty()) {
            return targets;
        }
        return targets.stream()
                .filter(target -> providerOf(config, target).disableCooldown()
                        || cooldowns.blockedUntil(new TargetId(target.provider(), target.model())) <= now)
                .toList();
    }

    private List<Target> free(Config config, List<Target> targets) {
        List<Target> free = null;
        for (int index = 0; index < targets.size(); index++) {
            Target target = targets.get(index);
            if (slots.isFull(providerOf(config, target), target.model())) {
                free = free == null ? new ArrayList<>(targets.subList(0, index)) : free;
            } else if (free != null) {
                free.add(target);
            }
        }
        return free == null ? targets : free;
    }

    private static Plan allFull(String canonical) {
        return new Plan.Refused(
                GatewayError.of(
                        ErrorKind.RATE_LIMIT,
                        "concurrency_limit",
                        "All targets for model alias '" + canonical + "' are at their concurrency limit."),
                canonical,
                FULL_RETRY_MILLIS);
    }

    /// The targets that could serve this request if they were well.
    private static List<Target> waiting(PlanAsked asked, List<Target> targets, List<Target> healthy) {
        return targets.stream()
                .filter(target -> !healthy.contains(target))
                .filter(target -> dialectFor(providerOf(asked.config(), target), target.model(), asked.dialect()) != null)
                .toList();
    }

    private static Plan allCooling(String canonical, List<Target> targets, CooldownView cooldowns, long now) {
        long earliest = targets.stream()
                .mapToLong(target -> cooldowns.blockedUntil(new TargetId(target.provider(), target.model())))
                .min()
                .orElse(now);
        return new Plan.Refused(
                GatewayError.of(
                        ErrorKind.UNAVAILABLE,
                        "all_targets_cooling",
                        "All providers for model alias '" + canonical + "' are currently on cooldown."),
                canonical,
                Math.max(1, earliest - now));
    }

    /// Embeddings requests go to targets that embed; where none is known to, all stay (routing.md 4, step 5).
    private static List<Target> narrow(PlanAsked asked, Alias alias, List<Target> targets) {
        if (asked.dialect() != DialectId.EMBEDDINGS || targets.size() == 1) {
            return targets;
        }
        List<Target> kept = targets.stream()
                .filter(target -> Embeds.test(providerOf(asked.config(), target), target.model(), alias))
                .toList();
        return kept.isEmpty() ? targets : kept;
    }

    private static List<Target> order(PlanAsked asked, Alias alias, List<TargetGroup> groups, List<Target> targets, Ordering ordering) {
        if (targets.size() == 1) {
            return targets;
        }
        if (!alias.apiMatch()) {
            return inGroups(groups, targets, ordering);
        }
        List<Target> matching = new ArrayList<>();
        List<Target> others = new ArrayList<>();
        for (Target target : targets) {
            boolean speaks = providerOf(asked.config(), target).dialectsOf(target.model()).contains(asked.dialect());
            (speaks ? matching : others).add(target);
        }
        if (matching.isEmpty()) {
            return inGroups(groups, others, ordering);
        }
        List<Target> ordered = new ArrayList<>(inGroups(groups, matching, ordering));
        if (!alias.apiMatchStrict()) {
            ordered.addAll(inGroups(groups, others, ordering));
        }
        return ordered;
    }

    /// One group after the other, each in the order of its own selector.
    private static List<Target> inGroups(List<TargetGroup> groups, List<Target> targets, Ordering ordering) {
        if (groups.size() == 1) {
            return ordering.order(groups.getFirst().selector(), targets);
        }
        List<Target> ordered = new ArrayList<>(targets.size());
        for (TargetGroup group : groups) {
            ordered.addAll(ordering.order(group.selector(), targets.stream().filter(group.targets()::contains).toList()));
        }
        return ordered;
    }

    private static Provider providerOf(Config config, Target target) {
        Provider provider = config.providers().get(target.provider());
        if (provider == null) {
            throw new IllegalStateException("a target of an unknown provider survived the first step");
        }
        return provider;
    }

    /// The dialect in which the target is called (routing.md 5): the client's own, else the first one that this can be translated into; null when the
    /// target cannot serve it. Embeddings need no entry of their own at providers that speak an OpenAI dialect.
    private static @Nullable DialectId dialectFor(Provider provider, String model, DialectId incoming) {
        List<DialectId> spoken = provider.dialectsOf(model);
        if (spoken.contains(incoming)) {
            return incoming;
        }
        if (Dialects.conversation(incoming).isPresent()) {
            for (DialectId other : spoken) {
                if (Dialects.conversation(other).isPresent()) {
                    return other;
                }
            }
            return null;
        }
        boolean embedsAnyway =
                incoming == DialectId.EMBEDDINGS && (spoken.contains(DialectId.CHAT) || spoken.contains(DialectId.RESPONSES));
        return embedsAnyway ? incoming : null;
    }

    private static String endpoint(DialectId dialect) {
        return switch (dialect) {
            case CHAT, OAUTH -> "/v1/chat/completions";
            case MESSAGES -> "/v1/messages";
            case RESPONSES -> "/v1/responses";
            case GEMINI -> "/v1beta/models";
            case EMBEDDINGS -> "/v1/embeddings";
            case TRANSCRIPTIONS -> "/v1/audio/transcriptions";
            case SPEECH -> "/v1/audio/speech";
            case IMAGES -> "/v1/images";
        };
    }

    private static boolean mayUse(List<String> allowed, List<String> excluded, String name, String otherName) {
        if (excluded.contains(name) || excluded.contains(otherName)) {
            return false;
        }
        return allowed.isEmpty() || allowed.contains(name) || allowed.contains(otherName);
    }

    private static AttemptLine skippedLine(Target target, DialectId dialect) {
        return new AttemptLine(
                target.provider().value(), target.model(), dialect, AttemptLine.Status.SKIPPED, 0, "does not speak " + dialect.label(), true, 0);
    }

    private static GatewayError foreign(String model, DialectId dialect) {
        return new GatewayError(
                ErrorKind.INVALID_REQUEST,
                400,
                "No target of model '" + model + "' can serve the " + dialect.label() + " dialect",
                "dialect_not_supported",
                "model");
    }

    private static Plan denied(String model) {
        return refuse(
                new GatewayError(ErrorKind.PERMISSION, 403, "This API key may not use model '" + model + "'", "access_denied", "model"), null);
    }

    private static Plan refuse(GatewayError error, @Nullable String canonicalName) {
        return new Plan.Refused(error, canonicalName, 0);
    }
}
