package dev.plexus.admin;

import dev.plexus.message.AdminAnswer;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.HashMap;
import java.util.Map;

/// The forms that answers of the management API have.
final class Reply {

    private static final Map<String, String> JSON =
            Map.of("content-type", "application/json; charset=utf-8", "cache-control", "no-store");

    private Reply() {}

    static AdminAnswer.Whole json(JsonObject body) {
        return new AdminAnswer.Whole(200, JSON, body.toBuffer());
    }

    static AdminAnswer.Whole json(JsonArray body) {
        return new AdminAnswer.Whole(200, JSON, body.toBuffer());
    }

    static AdminAnswer.Whole text(String type, String body) {
        return new AdminAnswer.Whole(200, Map.of("content-type", type, "cache-control", "no-store"), Buffer.buffer(body));
    }

    static AdminAnswer.Whole success() {
        return json(new JsonObject().put("success", true));
    }

    static AdminAnswer.Whole deleted(long rows) {
        return json(new JsonObject().put("success", true).put("deleted", rows));
    }

    /// The simple form of an error.
    static AdminAnswer.Whole error(int status, String message) {
        return new AdminAnswer.Whole(status, JSON, new JsonObject().put("error", message).toBuffer());
    }

    /// The form that earlier versions have for what concerns quotas.
    static AdminAnswer.Whole typedError(int status, String type, String message) {
        JsonObject error = new JsonObject().put("message", message).put("type", type);
        return new AdminAnswer.Whole(status, JSON, new JsonObject().put("error", error).toBuffer());
    }

    static AdminAnswer.Whole unauthorized() {
        JsonObject error = new JsonObject().put("message", "Unauthorized").put("type", "auth_error").put("code", 401);
        return with(
                new AdminAnswer.Whole(401, JSON, new JsonObject().put("error", error).toBuffer()),
                "www-authenticate",
                "Bearer realm=\"plexus-admin\"");
    }

    static AdminAnswer.Whole tooManyGuesses(long seconds) {
        JsonObject error = new JsonObject().put("message", "Too many failed attempts").put("type", "auth_error").put("code", 429);
        return with(
                new AdminAnswer.Whole(429, JSON, new JsonObject().put("error", error).toBuffer()), "retry-after", Long.toString(seconds));
    }

    static AdminAnswer.Whole with(AdminAnswer.Whole answer, String header, String value) {
        Map<String, String> headers = new HashMap<>(answer.headers());
        headers.put(header, value);
        return new AdminAnswer.Whole(answer.status(), headers, answer.body());
    }
}
