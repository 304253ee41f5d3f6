package dev.plexus.config;

import dev.plexus.model.KeyName;
import java.math.BigDecimal;
import java.net.InetAddress;
import java.time.Instant;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// Reads who may use the gateway and how much: `keys`, `user_quotas`, `mcp_servers`.
final class AccessReader {

    /// Used by the gateway itself in usage records.
    private static final Set<String> RESERVED_KEYS = Set.of("*", "probe", "admin");

    private static final Set<String> RESERVED_SERVERS = Set.of("plexus", "all");
    private static final Pattern SERVER_NAME = Pattern.compile("[a-z0-9][a-z0-9_-]{1,62}");
    private static final Pattern LITERAL = Pattern.compile("[0-9a-fA-F.:]+");

    private AccessReader() {}

    static Map<KeyName, KeyRule> keys(Cursor top, Set<String> quotas) {
        Map<String, Cursor> declared = top.objects("keys");
        if (declared.isEmpty() && top.mentions("keys") && (top.value("keys") == null || top.value("keys") instanceof Tree.Mapping)) {
            top.warning("keys", "there is no key, so nobody can call the gateway");
        }
        List<String> defaults = existing(top, "default_quotas", top.texts("default_quotas"), quotas);
        Map<String, String> owners = new HashMap<>();
        Map<KeyName, KeyRule> keys = new LinkedHashMap<>();
        declared.forEach((name, at) -> {
            if (RESERVED_KEYS.contains(name)) {
                at.error("the name is reserved");
            }
            checkSecret(name, at, owners);
            keys.put(new KeyName(name), key(name, at, quotas, defaults));
        });
        return keys;
    }

    private static void checkSecret(String name, Cursor at, Map<String, String> owners) {
        String secret = at.text("secret", "");
        if (secret.isBlank()) {
            return;
        }
        if (secret.contains(":")) {
            at.error("secret", "must not contain a colon: what follows it is taken as the attribution");
        }
        String owner = owners.putIfAbsent(secret, name);
        if (owner != null) {
            at.error("secret", "is the secret of the key \"" + owner + "\" too");
        }
    }

    private static KeyRule key(String name, Cursor at, Set<String> quotas, List<String> defaults) {
        if (at.has("expiresInMinutes")) {
            at.warning("expiresInMinutes", "has no effect in a file, write expiresAt in epoch milliseconds");
        }
        checkAddresses(at, "allowedIps", true);
        List<String> own = at.has("quotas")
                ? existing(at, "quotas", at.texts("quotas"), quotas)
                : existing(at, "quota", at.has("quota") ? List.of(at.text("quota", "")) : List.of(), quotas);
        boolean named = at.has("quotas") ? !at.texts("quotas").isEmpty() : at.has("quota");
        return new KeyRule(
                new KeyName(name),
                at.text("secret", ""),
                at.text("comment"),
                named ? own : defaults,
                at.texts("allowedModels"),
                at.texts("excludedModels"),
                at.texts("allowedProviders"),
                at.texts("excludedProviders"),
                at.texts("allowedIps").stream().map(String::strip).toList(),
                instant(at, "expiresAt"),
                instant(at, "disabledAt"));
    }

    private static List<String> existing(Cursor at, String key, List<String> named, Set<String> quotas) {
        Set<String> found = new LinkedHashSet<>();
        for (String name : named) {
            if (quotas.contains(name)) {
                found.add(name);
            } else if (!name.isBlank()) {
                String shown = key.equals("quota") ? at.quoted(key) : "\"" + name + "\"";
                at.warning(key, "no user quota " + shown + ", so it limits nothing" + Nearest.hint(name, quotas));
            }
        }
        return List.copyOf(found);
    }

    private static @Nullable Instant instant(Cursor at, String key) {
        Long millis = at.whole(key);
        return millis == null ? null : Instant.ofEpochMilli(millis);
    }

    static void checkAddresses(Cursor at, String key, boolean rangesToo) {
        for (String text : at.texts(key)) {
            if (!isAddress(text.strip(), rangesToo)) {
                at.error(key, "must hold IPv4 or IPv6 addresses" + (rangesToo ? ", CIDRs or ranges first-last" : " or CIDRs"));
            }
        }
    }

    private static boolean isAddress(String text, boolean rangesToo) {
        int dash = text.indexOf('-');
        if (dash > 0) {
            return rangesToo && bits(text.substring(0, dash).strip()) > 0 && bits(text.substring(0, dash).strip()) == bits(text.substring(dash + 1).strip());
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            return bits(text) > 0;
        }
        String length = text.substring(slash + 1);
        return length.matches("\\d{1,3}") && Integer.parseInt(length) <= bits(text.substring(0, slash));
    }

    /// The length of an address literal, 0 when it is none; no name is ever looked up.
    private static int bits(String literal) {
        if (!LITERAL.matcher(literal).matches()) {
            return 0;
        }
        try {
            return InetAddress.ofLiteral(literal).getAddress().length * 8;
        } catch (IllegalArgumentException _) {
            return 0;
        }
    }

    static Map<String, UserQuota> userQuotas(Cursor top) {
        Map<String, UserQuota> quotas = new LinkedHashMap<>();
        top.objects("user_quotas").forEach((name, at) -> quotas.put(name, userQuota(name, at)));
        return quotas;
    }

    private static UserQuota userQuota(String name, Cursor at) {
        UserQuota.Window window =
                switch (at.word("type", "daily")) {
                    case "rolling" -> UserQuota.Window.ROLLING;
                    case "weekly" -> UserQuota.Window.WEEKLY;
                    case "monthly" -> UserQuota.Window.MONTHLY;
                    default -> UserQuota.Window.DAILY;
                };
        UserQuota.Measure measure =
                switch (at.word("limitType", "requests")) {
                    case "tokens" -> UserQuota.Measure.TOKENS;
                    case "cost" -> UserQuota.Measure.COST;
                    default -> UserQuota.Measure.REQUESTS;
                };
        BigDecimal limit = at.number("limit");
        if (limit != null && limit.signum() >= 0) {
            checkLimit(at, measure, limit);
        }
        boolean rolling = window == UserQuota.Window.ROLLING;
        if (rolling && !at.has("duration")) {
            at.faults().error(at.place(), at.pathOf("duration"), "must be given for a rolling quota");
        }
        return new UserQuota(
                name,
                window,
                measure,
                limit == null ? BigDecimal.ONE : limit,
                rolling ? SpanText.parse(at.text("duration", "")).orElse(null) : null,
                at.word("week_start", "sunday").equals("monday"),
                at.flag("reserve", false),
                at.flag("shared", false),
                at.number("warnAt"),
                new UserQuota.Scope(
                        at.texts("allowedModels"), at.texts("excludedModels"), at.texts("allowedProviders"), at.texts("excludedProviders")));
    }

    private static void checkLimit(Cursor at, UserQuota.Measure measure, BigDecimal limit) {
        if (measure == UserQuota.Measure.COST ? limit.signum() == 0 : limit.compareTo(BigDecimal.ONE) < 0) {
            at.error("limit", measure == UserQuota.Measure.COST ? "must be more than 0" : "must be at least 1");
        }
    }

    static Map<String, McpServer> mcpServers(Cursor top) {
        Map<String, McpServer> servers = new LinkedHashMap<>();
        top.objects("mcp_servers").forEach((name, at) -> {
            if (!SERVER_NAME.matcher(name).matches() || RESERVED_SERVERS.contains(name)) {
                at.warning("a server of this name cannot be reached: 2 to 63 of a-z, 0-9, _ and -, beginning with a letter or digit, and not "
                        + String.join(" or ", RESERVED_SERVERS.stream().sorted().toList()));
            }
            servers.put(name, new McpServer(name, at.text("upstream_url", "").strip(), at.flag("enabled", true), at.textMap("headers")));
        });
        return servers;
    }
}
