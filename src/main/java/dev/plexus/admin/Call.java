package dev.plexus.admin;

import dev.plexus.message.AdminAsked;
import io.vertx.core.json.DecodeException;
import io.vertx.core.json.JsonObject;
import java.net.URLDecoder;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.LocalDate;
import java.time.OffsetDateTime;
import java.time.ZoneOffset;
import java.time.format.DateTimeParseException;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A request of the management API with its query taken apart, and the names that its path has in the places of `*`. What cannot be read is a
/// [Refusal] that names the parameter.
record Call(AdminAsked asked, Map<String, String> query, List<String> names) {

    static final int LIMIT_DEFAULT = 50;
    private static final int LIMIT_MAX = 500;
    private static final int OFFSET_MAX = 1_000_000;

    static Call of(AdminAsked asked, List<String> names) {
        return new Call(asked, queryOf(asked.query()), names);
    }

    private static Map<String, String> queryOf(@Nullable String text) {
        Map<String, String> query = new HashMap<>();
        if (text != null) {
            for (String pair : text.split("&", -1)) {
                int equals = pair.indexOf('=');
                String name = decoded(equals < 0 ? pair : pair.substring(0, equals));
                query.putIfAbsent(name, equals < 0 ? "" : decoded(pair.substring(equals + 1)));
            }
        }
        return query;
    }

    static String decoded(String text) {
        try {
            return URLDecoder.decode(text, StandardCharsets.UTF_8);
        } catch (IllegalArgumentException _) {
            throw new Refusal(400, "The address is not percent-encoded as it should be");
        }
    }

    String name() {
        return names.getFirst();
    }

    /// Null where the parameter is not there or empty.
    @Nullable String text(String name) {
        String value = query.get(name);
        return value == null || value.isEmpty() ? null : value;
    }

    boolean flag(String name) {
        String value = query.get(name);
        return value != null && (value.isEmpty() || value.equals("1") || value.equals("true"));
    }

    @Nullable Boolean choice(String name) {
        String value = text(name);
        return switch (value) {
            case null -> null;
            case "1", "true" -> true;
            case "0", "false" -> false;
            default -> throw new Refusal(400, "Parameter " + name + " must be true or false");
        };
    }

    @Nullable Long whole(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return Long.parseLong(value);
        } catch (NumberFormatException _) {
            throw new Refusal(400, "Parameter " + name + " must be a whole number");
        }
    }

    @Nullable Double decimal(String name) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            return Double.parseDouble(value);
        } catch (NumberFormatException _) {
            throw new Refusal(400, "Parameter " + name + " must be a number");
        }
    }

    /// Not outside of what is sensible.
    int limit(int otherwise) {
        Long limit = whole("limit");
        return limit == null ? otherwise : (int) Math.clamp(limit, 1, LIMIT_MAX);
    }

    int offset() {
        Long offset = whole("offset");
        return offset == null ? 0 : (int) Math.clamp(offset, 0, OFFSET_MAX);
    }

    /// An epoch millisecond from ISO 8601, a bare day, or milliseconds; `endOfDay` makes a bare day mean its last millisecond.
    @Nullable Long moment(String name, boolean endOfDay) {
        String value = text(name);
        if (value == null) {
            return null;
        }
        try {
            if (value.matches("-?\\d{9,15}")) {
                return Long.parseLong(value);
            }
            if (value.length() == 10) {
                LocalDate day = LocalDate.parse(value);
                Instant start = (endOfDay ? day.plusDays(1) : day).atStartOfDay(ZoneOffset.UTC).toInstant();
                return start.toEpochMilli() - (endOfDay ? 1 : 0);
            }
            return value.endsWith("Z") ? Instant.parse(value).toEpochMilli() : OffsetDateTime.parse(value).toInstant().toEpochMilli();
        } catch (DateTimeParseException | ArithmeticException _) {
            throw new Refusal(400, "Parameter " + name + " must be a date (ISO 8601) or epoch milliseconds");
        }
    }

    /// The body, which must be a JSON object.
    JsonObject body() {
        try {
            return new JsonObject(asked.body());
        } catch (DecodeException | ClassCastException _) {
            throw new Refusal(400, "The body must be a JSON object");
        }
    }
}
