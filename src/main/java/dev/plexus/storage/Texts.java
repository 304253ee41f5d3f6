package dev.plexus.storage;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.plexus.message.UsageRecord.AttemptLine;
import java.io.IOException;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What goes into text columns: JSON documents written straight from records, and text that both databases take.
final class Texts {

    private static final JsonFactory JSON = new JsonFactory();

    /// Something that writes one JSON value.
    @FunctionalInterface
    interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private Texts() {}

    static String json(Writing writing) {
        StringWriter text = new StringWriter(256);
        try (JsonGenerator json = JSON.createGenerator(text)) {
            writing.to(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException(impossible);
        }
        return text.toString();
    }

    /// `["provider/model", ...]`
    static String targets(List<AttemptLine> attempts) {
        return attempts.isEmpty() ? "[]" : json(json -> {
            json.writeStartArray();
            for (AttemptLine line : attempts) {
                json.writeString(target(line));
            }
            json.writeEndArray();
        });
    }

    static String target(AttemptLine line) {
        return line.provider() + "/" + line.model();
    }

    /// The attempt history, null when there is none.
    static @Nullable String history(List<AttemptLine> attempts) {
        return attempts.isEmpty() ? null : json(json -> {
            json.writeStartArray();
            for (int i = 0; i < attempts.size(); i++) {
                line(json, i, attempts.get(i));
            }
            json.writeEndArray();
        });
    }

    private static void line(JsonGenerator json, int index, AttemptLine line) throws IOException {
        json.writeStartObject();
        json.writeNumberField("index", index);
        json.writeStringField("provider", line.provider());
        json.writeStringField("model", line.model());
        json.writeStringField("apiType", line.dialect().label());
        json.writeStringField("status", switch (line.status()) {
            case SUCCESS -> "success";
            case FAILED -> "failed";
            case SKIPPED -> "skipped";
        });
        if (line.statusCode() != 0) {
            json.writeNumberField("statusCode", line.statusCode());
        }
        json.writeStringField("reason", line.reason());
        json.writeBooleanField("retryable", line.retryable());
        json.writeNumberField("durationMs", line.durationMs());
        json.writeEndObject();
    }

    /// PostgreSQL has no zero character in its texts.
    static @Nullable String clean(@Nullable String text) {
        return text == null || text.indexOf('\0') < 0 ? text : text.replace("\0", "");
    }
}
