package dev.plexus.provider;

import dev.plexus.config.Provider;
import io.vertx.core.MultiMap;
import java.time.DateTimeException;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// The wait that a provider asks for when it is too busy (routing.md 9.3): its headers first, then what its family is known to write into bodies.
/// Milliseconds, 0 when it asks for none.
final class GivenWait {

    /// Bodies say it at their beginning, if at all.
    private static final int TEXT_MAX = 16_384;
    /// A moment given as a larger number is in milliseconds.
    private static final long EPOCH_SECONDS_MAX = 100_000_000_000L;

    private static final String HEADERS_OF_CHAT = "x-ratelimit-reset-";
    private static final Pattern HEADER_OF_MESSAGES = Pattern.compile("anthropic-ratelimit-(.+)-reset", Pattern.CASE_INSENSITIVE);

    private static final Pattern RESET_AFTER = Pattern.compile("reset after ((?:\\d{1,9}\\s{0,9}[a-z]+\\s{0,9}){1,6})");
    private static final Pattern RETRY_DELAY = Pattern.compile("\"retrydelay\"\\s*:\\s*\"([0-9.]+)s\"");
    private static final Pattern TRY_AGAIN_MINUTES = Pattern.compile("try again in ~\\s*(\\d{1,9}) ?min");
    private static final Pattern RESETS_IN = Pattern.compile("\"resets_in_seconds\"\\s*:\\s*([0-9.]{1,20})");
    private static final Pattern RESETS_AT = Pattern.compile("\"resets_at\"\\s*:\\s*(\\d{1,13})");
    private static final Pattern RETRY_SECONDS = Pattern.compile("\"retry_after_seconds(?:_raw)?\"\\s*:\\s*\"?([0-9.]{1,20})");
    private static final Pattern RETRY_HEADER = Pattern.compile("\"retry-after\"\\s*:\\s*\"?([0-9.]{1,20})");
    private static final Pattern RETRY_AFTER = Pattern.compile("retry[ -]after:? *(\\d{1,9}) *(seconds?|secs?|s|minutes?|mins?|m)(?![a-z])");
    private static final Pattern TRY_AGAIN = Pattern.compile("try again in ((?:[0-9.]{1,20} {0,9}(?:ms|[smh])[a-z]* {0,9}){1,6})");

    private GivenWait() {}

    static long millis(MultiMap headers, String body, Provider provider, InstantSource clock) {
        long asked = RetryAfter.millis(headers, clock);
        if (asked > 0) {
            return asked;
        }
        String text = (body.length() > TEXT_MAX ? body.substring(0, TEXT_MAX) : body).toLowerCase(Locale.ROOT);
        return ofFamily(family(provider, text), headers, text, clock);
    }

    private static long ofFamily(String family, MultiMap headers, String text, InstantSource clock) {
        long own = switch (family) {
            case "gemini", "antigravity", "google-antigravity", "google-gemini-cli" -> gemini(text);
            case "openai-codex" -> codex(text, clock);
            case "openrouter" -> openRouter(text);
            case "chat", "responses" -> chat(text, headers);
            case "messages" -> messages(headers, clock);
            default -> 0;
        };
        boolean speaksOpenRouter = text.contains("retry_after_seconds") || text.contains("is_byok");
        return own == 0 && speaksOpenRouter ? openRouter(text) : own;
    }

    private static String family(Provider provider, String text) {
        if (provider.oauthProvider() != null) {
            return provider.oauthProvider().toLowerCase(Locale.ROOT);
        }
        boolean openRouter = named(provider.id().value()) || provider.baseUrls().values().stream().anyMatch(GivenWait::named);
        if (openRouter || provider.dialects().isEmpty()) {
            return "openrouter";
        }
        return provider.dialects().getFirst().label().toLowerCase(Locale.ROOT);
    }

    private static boolean named(String name) {
        return name.toLowerCase(Locale.ROOT).contains("openrouter");
    }

    /// Of several units the seconds count first, then the minutes, then the hours, unless they form one span (`1h2m3s`).
    private static long gemini(String text) {
        long delay = seconds(RETRY_DELAY, text);
        long unit = Long.MAX_VALUE;
        for (Matcher span = RESET_AFTER.matcher(text); span.find(); ) {
            long smallest = Spans.smallestUnit(span.group(1));
            if (delay == 0 || smallest < unit) {
                delay = Spans.millis(span.group(1));
                unit = smallest;
            }
        }
        return delay;
    }

    private static long codex(String text, InstantSource clock) {
        Matcher minutes = TRY_AGAIN_MINUTES.matcher(text);
        if (minutes.find()) {
            return Duration.ofMinutes(Long.parseLong(minutes.group(1))).toMillis();
        }
        long in = seconds(RESETS_IN, text);
        Matcher at = RESETS_AT.matcher(text);
        return in > 0 || !at.find() ? in : Math.max(0, epochMillis(Long.parseLong(at.group(1))) - clock.millis());
    }

    private static long epochMillis(long time) {
        return time < EPOCH_SECONDS_MAX ? time * 1_000 : time;
    }

    private static long openRouter(String text) {
        long said = seconds(RETRY_SECONDS, text);
        said = said > 0 ? said : seconds(RETRY_HEADER, text);
        Matcher words = RETRY_AFTER.matcher(text);
        if (said > 0 || !words.find()) {
            return said;
        }
        Duration wait = words.group(2).startsWith("m")
                ? Duration.ofMinutes(Long.parseLong(words.group(1)))
                : Duration.ofSeconds(Long.parseLong(words.group(1)));
        return wait.toMillis();
    }

    private static long chat(String text, MultiMap headers) {
        Matcher span = TRY_AGAIN.matcher(text);
        long said = span.find() ? Spans.millis(span.group(1)) : 0;
        return said > 0 ? said : Math.max(reset(headers, "requests"), reset(headers, "tokens"));
    }

    private static long reset(MultiMap headers, String what) {
        String value = headers.get(HEADERS_OF_CHAT + what);
        return value == null ? 0 : Spans.millis(value.toLowerCase(Locale.ROOT));
    }

    /// The earliest moment at which one of the exhausted buckets is filled again.
    private static long messages(MultiMap headers, InstantSource clock) {
        long earliest = 0;
        for (Map.Entry<String, String> header : headers) {
            Matcher bucket = HEADER_OF_MESSAGES.matcher(header.getKey());
            if (bucket.matches() && "0".equals(headers.get("anthropic-ratelimit-" + bucket.group(1) + "-remaining"))) {
                long wait = until(header.getValue(), clock);
                earliest = wait > 0 && (earliest == 0 || wait < earliest) ? wait : earliest;
            }
        }
        return earliest;
    }

    private static long until(String time, InstantSource clock) {
        try {
            return Math.max(0, Duration.between(clock.instant(), Instant.parse(time.strip())).toMillis());
        } catch (DateTimeException _) {
            return 0; // a header that says nothing asks for nothing
        }
    }

    private static long seconds(Pattern pattern, String text) {
        Matcher found = pattern.matcher(text);
        return found.find() ? Spans.ceil(found.group(1), 1_000) : 0;
    }
}
