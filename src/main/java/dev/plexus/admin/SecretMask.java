package dev.plexus.admin;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import dev.plexus.config.Provider;
import dev.plexus.message.UsageRecord;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.Pattern;

/// Takes the secrets that we know out of what is stored for people to read, and those that headers and addresses carry.
final class SecretMask {

    private static final Pattern SECRET_NAME = Pattern.compile(".*(auth|key|token|secret|cookie).*");
    private static final Pattern KEY_IN_URL = Pattern.compile("(?<=[?&]key=)[^&#]*");
    private static final int SECRET_LENGTH_MIN = 6;
    /// A shorter secret would be half told by its ends.
    private static final int ENDS_LENGTH_MIN = 24;
    private static final String HIDDEN = "***";

    private final List<String> secrets;

    private SecretMask(List<String> secrets) {
        this.secrets = secrets;
    }

    /// For the story of one exchange: the secrets of its caller, of all providers, and the admin's.
    static SecretMask of(Config config, UsageRecord usage) {
        List<String> secrets = new ArrayList<>();
        secrets.add(config.adminKey());
        KeyRule caller = usage.caller().apiKey() == null ? null : config.keys().get(usage.caller().apiKey());
        if (caller != null) {
            secrets.add(caller.secret());
        }
        for (Provider provider : config.providers().values()) {
            if (provider.apiKey() != null) {
                secrets.add(provider.apiKey());
            }
            provider.headers().forEach((name, value) -> {
                if (isSecret(name)) {
                    secrets.add(value);
                }
            });
        }
        return new SecretMask(secrets.stream()
                .filter(secret -> secret.length() >= SECRET_LENGTH_MIN)
                .distinct()
                .sorted(Comparator.comparingInt(String::length).reversed())
                .toList());
    }

    String text(String text) {
        String masked = text;
        for (String secret : secrets) {
            masked = masked.replace(secret, HIDDEN);
        }
        return masked;
    }

    String url(String url) {
        return text(KEY_IN_URL.matcher(url).replaceAll(HIDDEN));
    }

    /// In the order of their names.
    Map<String, String> headers(Map<String, String> headers) {
        Map<String, String> masked = new TreeMap<>();
        headers.forEach((name, value) -> masked.put(name, isSecret(name) ? ends(value) : text(value)));
        return masked;
    }

    /// Rate limits speak of tokens too, and are no secrets.
    private static boolean isSecret(String name) {
        String lower = name.toLowerCase(Locale.ROOT);
        return SECRET_NAME.matcher(lower).matches() && !lower.contains("ratelimit");
    }

    private static String ends(String value) {
        int blank = value.indexOf(' ');
        String secret = value.substring(blank + 1);
        String scheme = value.substring(0, blank + 1);
        return scheme + (secret.length() < ENDS_LENGTH_MIN ? HIDDEN : secret.substring(0, 4) + "..." + secret.substring(secret.length() - 4));
    }
}
