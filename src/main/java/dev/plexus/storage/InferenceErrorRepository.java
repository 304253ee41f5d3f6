package dev.plexus.storage;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.AttemptLine;
import io.vertx.core.Future;
import io.vertx.sqlclient.SqlClient;
import io.vertx.sqlclient.templates.SqlTemplate;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// The table `inference_errors`: the failed attempts of exchanges, and what finally became of those that failed altogether. Thread-safe.
public final class InferenceErrorRepository {

    /// One row.
    public record StoredError(
            String requestId, String date, @Nullable String message, String details, long createdAt, @Nullable String apiKey) {}

    private static final String INSERT =
            """
            insert into inference_errors (request_id, date, error_message, details, created_at, api_key)
            values (#{request_id}, #{date}, #{error_message}, #{details}, #{created_at}, #{api_key})
            """;

    private final Database database;

    public InferenceErrorRepository(Database database) {
        this.database = database;
    }

    /// Stores the errors that the records tell of, in place of those of the same exchanges that are there: storing twice stores once.
    public Future<Void> store(SqlClient transaction, List<StoredUsage> records) {
        List<Map<String, Object>> exchanges = new ArrayList<>();
        List<Map<String, Object>> rows = new ArrayList<>();
        for (StoredUsage stored : records) {
            List<StoredError> errors = errorsOf(stored);
            if (!errors.isEmpty()) {
                exchanges.add(Map.of("request_id", errors.getFirst().requestId()));
                errors.forEach(error -> rows.add(parameters(error)));
            }
        }
        if (rows.isEmpty()) {
            return Future.succeededFuture();
        }
        return SqlTemplate.forUpdate(transaction, "delete from inference_errors where request_id = #{request_id}")
                .executeBatch(exchanges)
                .compose(_ -> SqlTemplate.forUpdate(transaction, INSERT).executeBatch(rows))
                .mapEmpty();
    }

    /// The errors of one exchange, in the order in which they happened.
    public Future<List<StoredError>> of(String requestId) {
        return SqlTemplate.forQuery(database.reads(), "select * from inference_errors where request_id = #{id} order by id")
                .mapTo(row -> new StoredError(
                        row.getString("request_id"),
                        row.getString("date"),
                        row.getString("error_message"),
                        row.getString("details"),
                        row.getLong("created_at"),
                        row.getString("api_key")))
                .execute(Map.of("id", requestId))
                .map(rows -> {
                    List<StoredError> errors = new ArrayList<>();
                    rows.forEach(errors::add);
                    return errors;
                });
    }

    /// A row for each attempt that failed before another was made, and one for the failure that the client saw. A client that left, a refused quota
    /// and an answer without content are not errors.
    static List<StoredError> errorsOf(StoredUsage stored) {
        UsageRecord usage = stored.usage();
        if (usage.outcome().status() == ExchangeStatus.PENDING) {
            return List.of();
        }
        List<AttemptLine> real = stored.realAttempts();
        boolean failed = isFailure(usage.outcome().status());
        List<StoredError> errors = new ArrayList<>();
        for (int i = 0; i < real.size(); i++) {
            AttemptLine line = real.get(i);
            boolean tellsTheEnd = failed && i == real.size() - 1;
            if (line.status() == AttemptLine.Status.FAILED && !tellsTheEnd) {
                errors.add(error(stored, line.reason(), line, line.statusCode(), real));
            }
        }
        if (failed) {
            AttemptLine last = real.isEmpty() ? null : real.getLast();
            String message = usage.outcome().errorMessage();
            int status = last != null && last.statusCode() != 0 ? last.statusCode() : usage.outcome().httpStatus();
            errors.add(error(stored, message == null && last != null ? last.reason() : message, last, status, real));
        }
        return errors;
    }

    private static boolean isFailure(ExchangeStatus status) {
        return switch (status) {
            case ERROR, TIMEOUT, STALL, ABORTED -> true;
            case PENDING, SUCCESS, CANCELLED, EMPTY, QUOTA_EXCEEDED -> false;
        };
    }

    private static StoredError error(
            StoredUsage stored, @Nullable String message, @Nullable AttemptLine line, int statusCode, List<AttemptLine> real) {
        UsageRecord usage = stored.usage();
        String details = Texts.json(json -> {
            json.writeStartObject();
            json.writeStringField("apiType", usage.asked().dialect().label());
            if (line != null) {
                json.writeStringField("provider", line.provider());
                json.writeStringField("targetModel", line.model());
                json.writeStringField("targetApiType", line.dialect().label());
            }
            if (statusCode != 0) {
                json.writeNumberField("statusCode", statusCode);
            }
            json.writeArrayFieldStart("allAttemptedProviders");
            for (AttemptLine attempted : real) {
                json.writeString(Texts.target(attempted));
            }
            json.writeEndArray();
            json.writeNumberField("attemptCount", real.size());
            json.writeEndObject();
        });
        return new StoredError(
                usage.requestId().value(),
                StoredUsage.iso(usage.startTime()),
                message,
                details,
                usage.startTime() + Math.max(0, usage.outcome().durationMs()),
                usage.caller().apiKey() == null ? null : usage.caller().apiKey().value());
    }

    @SuppressWarnings("NullAway") // the templates take null values, their signature has no word for it
    private static Map<String, Object> parameters(StoredError error) {
        Map<String, Object> parameters = new HashMap<>();
        parameters.put("request_id", Texts.clean(error.requestId()));
        parameters.put("date", error.date());
        parameters.put("error_message", Texts.clean(error.message()));
        parameters.put("details", Texts.clean(error.details()));
        parameters.put("created_at", error.createdAt());
        parameters.put("api_key", Texts.clean(error.apiKey()));
        return parameters;
    }
}
