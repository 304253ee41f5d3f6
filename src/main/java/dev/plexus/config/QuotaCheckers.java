package dev.plexus.config;

import java.time.Duration;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the quota checkers of all providers, the implicit ones of subscriptions included, and keeps their ids apart. One instance per document.
final class QuotaCheckers {

    private static final Duration USUAL = Duration.ofMinutes(30);
    private static final Duration IMPLICIT = Duration.ofMinutes(5);

    private static final Map<String, List<String>> REQUIRED = Map.of(
            "minimax", List.of("groupid", "hertzSession"),
            "openrouter", List.of("apiKey"),
            "wisdomgate", List.of("session"));

    private static final Map<String, String> OF_SUBSCRIPTION =
            Map.of("openai-codex", "openai-codex", "github-copilot", "copilot", "anthropic", "claude-code");

    private final Map<String, String> owners = new HashMap<>();

    /// The checker of a provider, or null when it has none.
    @Nullable QuotaChecker read(Cursor provider, String providerId, boolean enabled) {
        QuotaChecker checker = provider.has("quota_checker")
                ? explicit(provider, provider.object("quota_checker"), providerId)
                : implicit(provider, providerId);
        if (checker == null || !enabled) {
            return null;
        }
        if (owners.putIfAbsent(checker.id(), providerId) != null) {
            String key = provider.has("quota_checker") ? "quota_checker" : "oauth_provider";
            provider.error(key, "Duplicate quota checker id '" + checker.id() + "' found in provider '" + providerId + "'");
        }
        return checker;
    }

    private static @Nullable QuotaChecker explicit(Cursor provider, Cursor at, String providerId) {
        String type = at.word("type");
        if (type == null) {
            return null;
        }
        Map<String, String> options = options(at);
        checkRequired(at, type, options);
        checkValues(at, options);
        checkSubscription(provider, at, type);
        addCredentials(provider, options);
        Duration interval = SettingsReader.minutes(at, "intervalMinutes", USUAL);
        return at.flag("enabled", true) ? new QuotaChecker(at.text("id", providerId).strip(), type, interval, options) : null;
    }

    private static @Nullable QuotaChecker implicit(Cursor provider, String providerId) {
        String subscription = provider.word("oauth_provider");
        String type = subscription == null ? null : OF_SUBSCRIPTION.get(subscription);
        if (type == null) {
            return null;
        }
        Map<String, String> options = new LinkedHashMap<>();
        addCredentials(provider, options);
        return new QuotaChecker(providerId + "-" + subscription, type, IMPLICIT, options);
    }

    private static Map<String, String> options(Cursor at) {
        Map<String, String> options = new LinkedHashMap<>();
        if (at.value("options") instanceof Tree.Mapping(var members, _)) {
            for (Tree.Member member : members) {
                if (!Tree.isNothing(member.value())) {
                    options.put(
                            member.name(),
                            member.value() instanceof Tree.Scalar scalar ? scalar.text() : JsonText.of(member.value()));
                }
            }
        }
        return options;
    }

    private static void checkRequired(Cursor at, String type, Map<String, String> options) {
        for (String option : REQUIRED.getOrDefault(type, List.of())) {
            require(at, type, options, option);
        }
        if (type.equals("naga") && at.has("options")) {
            require(at, type, options, "apiKey");
        }
        if (type.equals("apertis") && options.getOrDefault("session", "").isBlank() && options.getOrDefault("apiKey", "").isBlank()) {
            at.error("options", "session or apiKey must be given for type apertis");
        }
    }

    private static void require(Cursor at, String type, Map<String, String> options, String option) {
        String value = options.get(option);
        if (value == null) {
            at.faults().error(at.placeOf("options"), Paths.member(at.pathOf("options"), option), "must be given for type " + type);
        } else if (value.isBlank()) {
            at.faults().error(at.placeOf("options"), Paths.member(at.pathOf("options"), option), "must not be empty");
        } else {
            options.put(option, value.strip());
        }
    }

    private static void checkValues(Cursor at, Map<String, String> options) {
        if (!(at.value("options") instanceof Tree.Mapping(var members, _))) {
            return;
        }
        for (Tree.Member member : members) {
            if (!options.containsKey(member.name())
                    || !(member.value() instanceof Tree.Scalar scalar)
                    || scalar.origin() == Tree.Origin.UNRESOLVED) {
                continue;
            }
            String fault =
                    switch (member.name()) {
                        case "endpoint" -> SchemaCheck.isHttpUrl(scalar.text()) ? "" : "must be an absolute http or https URL";
                        case "max", "timeoutMs", "maxUtilizationPercent" -> isPositive(scalar) ? "" : "must be a number greater than 0";
                        default -> "";
                    };
            if (!fault.isEmpty()) {
                at.faults().error(member.place(), Paths.member(at.pathOf("options"), member.name()), fault);
            }
        }
    }

    private static boolean isPositive(Tree.Scalar scalar) {
        var number = Numbers.parse(scalar);
        return number != null && number.signum() > 0;
    }

    private static void checkSubscription(Cursor provider, Cursor at, String type) {
        String subscription = provider.word("oauth_provider", "");
        String wanted = subscription.equals("openai-codex") || subscription.equals("anthropic") ? OF_SUBSCRIPTION.get(subscription) : null;
        if (wanted != null && !wanted.equals(type)) {
            at.error("type", "a provider with oauth_provider " + subscription + " needs the type " + wanted);
        }
    }

    private static void addCredentials(Cursor provider, Map<String, String> options) {
        String apiKey = provider.text("api_key");
        if (apiKey != null && !apiKey.isBlank() && !apiKey.strip().toLowerCase(Locale.ROOT).equals("oauth")) {
            options.putIfAbsent("apiKey", apiKey);
        }
        String subscription = provider.word("oauth_provider");
        if (subscription != null) {
            options.putIfAbsent("oauthProvider", subscription);
            options.putIfAbsent("oauthAccountId", ProviderReader.account(provider));
        }
    }
}
