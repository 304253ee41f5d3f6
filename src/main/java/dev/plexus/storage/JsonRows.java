package dev.plexus.storage;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import io.vertx.sqlclient.Row;
import io.vertx.sqlclient.RowSet;
import java.math.BigDecimal;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Shows rows as JSON: columns in camel case, flags as flags.
final class JsonRows {

    /// Columns of 0 and 1 that are shown as false and true.
    private static final Set<String> FLAGS =
            Set.of("is_streamed", "is_passthrough", "parallel_tool_calls_enabled", "has_debug", "has_error", "truncated");

    private JsonRows() {}

    static JsonArray array(RowSet<Row> rows) {
        JsonArray all = new JsonArray();
        rows.forEach(row -> all.add(object(row)));
        return all;
    }

    static JsonObject object(Row row) {
        JsonObject object = new JsonObject();
        for (int column = 0; column < row.size(); column++) {
            String name = row.getColumnName(column);
            object.put(camel(name), value(name, row.getValue(column)));
        }
        return object;
    }

    /// With the names of the columns as they are.
    static JsonObject plain(Row row) {
        JsonObject object = new JsonObject();
        for (int column = 0; column < row.size(); column++) {
            object.put(row.getColumnName(column), number(row.getValue(column)));
        }
        return object;
    }

    static @Nullable Object value(String column, @Nullable Object value) {
        return FLAGS.contains(column) && value instanceof Number number ? (Object) (number.longValue() != 0) : number(value);
    }

    /// PostgreSQL's sums and averages have a type of their own.
    private static @Nullable Object number(@Nullable Object value) {
        return switch (value) {
            case Integer whole -> whole;
            case Long whole -> whole;
            case Double number -> number;
            case Number other -> {
                BigDecimal exact = new BigDecimal(other.toString());
                yield exact.stripTrailingZeros().scale() <= 0 ? (Object) exact.longValue() : (Object) exact.doubleValue();
            }
            case null -> null;
            default -> value;
        };
    }

    static String camel(String column) {
        StringBuilder name = new StringBuilder(column.length());
        for (int at = 0; at < column.length(); at++) {
            char letter = column.charAt(at);
            if (letter == '_' && at + 1 < column.length()) {
                name.append(Character.toUpperCase(column.charAt(++at)));
            } else {
                name.append(letter);
            }
        }
        return name.toString();
    }
}
