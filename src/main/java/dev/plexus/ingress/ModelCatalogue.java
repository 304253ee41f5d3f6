package dev.plexus.ingress;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import dev.plexus.config.Alias;
import dev.plexus.config.Config;
import dev.plexus.config.ModelType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Instant;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The list of models in each vendor's own form: every alias and every additional name once, sorted. Made from one snapshot.
final class ModelCatalogue {

    private static final JsonFactory JSON = new JsonFactory();
    private static final int PAGE_MAX = 1_000;

    private final Map<String, Alias> byName = new TreeMap<>();
    private final long created;

    /// `created` is in epoch seconds.
    ModelCatalogue(Config config, long created) {
        this.created = created;
        config.aliases().values().forEach(alias -> byName.put(alias.name().value(), alias));
        config.aliases().values().forEach(alias -> alias.additionalNames().forEach(name -> byName.putIfAbsent(name, alias)));
    }

    /// True if the other has nothing else to show.
    boolean isLike(ModelCatalogue other) {
        return Arrays.equals(openAiList(), other.openAiList()) && Arrays.equals(geminiList(PAGE_MAX, 0), other.geminiList(PAGE_MAX, 0));
    }

    boolean has(String name) {
        return byName.containsKey(name);
    }

    byte[] openAiList() {
        return write(json -> {
            json.writeStartObject();
            json.writeStringField("object", "list");
            json.writeArrayFieldStart("data");
            for (String name : byName.keySet()) {
                openAi(json, name);
            }
            json.writeEndArray();
            json.writeEndObject();
        });
    }

    byte[] openAiModel(String name) {
        return write(json -> openAi(json, name));
    }

    private void openAi(JsonGenerator json, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("id", name);
        json.writeStringField("object", "model");
        json.writeNumberField("created", created);
        json.writeStringField("owned_by", "plexus");
        json.writeEndObject();
    }

    /// `after` and `before` are ids between which the page lies; `limit` is at least 1.
    byte[] anthropicList(int limit, @Nullable String after, @Nullable String before) {
        List<String> names = byName.keySet().stream()
                .filter(name -> after == null || name.compareTo(after) > 0)
                .filter(name -> before == null || name.compareTo(before) < 0)
                .toList();
        List<String> page = names.subList(0, Math.min(names.size(), Math.min(limit, PAGE_MAX)));
        return write(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("data");
            for (String name : page) {
                anthropic(json, name);
            }
            json.writeEndArray();
            json.writeBooleanField("has_more", page.size() < names.size());
            json.writeStringField("first_id", page.isEmpty() ? null : page.getFirst());
            json.writeStringField("last_id", page.isEmpty() ? null : page.getLast());
            json.writeEndObject();
        });
    }

    byte[] anthropicModel(String name) {
        return write(json -> anthropic(json, name));
    }

    private void anthropic(JsonGenerator json, String name) throws IOException {
        json.writeStartObject();
        json.writeStringField("type", "model");
        json.writeStringField("id", name);
        json.writeStringField("display_name", name);
        json.writeStringField("created_at", Instant.ofEpochSecond(created).toString());
        json.writeEndObject();
    }

    /// `start` is the index of the first model of the page.
    byte[] geminiList(int pageSize, int start) {
        List<Map.Entry<String, Alias>> all = List.copyOf(new LinkedHashMap<>(byName).entrySet());
        int end = Math.min(all.size(), start + Math.min(pageSize, PAGE_MAX));
        return write(json -> {
            json.writeStartObject();
            json.writeArrayFieldStart("models");
            for (Map.Entry<String, Alias> entry : all.subList(Math.min(start, all.size()), end)) {
                gemini(json, entry.getKey(), entry.getValue());
            }
            json.writeEndArray();
            if (end < all.size()) {
                json.writeStringField("nextPageToken", Integer.toString(end));
            }
            json.writeEndObject();
        });
    }

    byte[] geminiModel(String name) {
        return write(json -> gemini(json, name, byName.get(name)));
    }

    private static void gemini(JsonGenerator json, String name, @Nullable Alias alias) throws IOException {
        json.writeStartObject();
        json.writeStringField("name", "models/" + name);
        json.writeStringField("baseModelId", name);
        json.writeStringField("version", "1");
        json.writeStringField("displayName", name);
        json.writeArrayFieldStart("supportedGenerationMethods");
        boolean embeds = alias != null && alias.type() == ModelType.EMBEDDINGS;
        for (String method : embeds ? List.of("embedContent", "batchEmbedContents") : List.of("generateContent", "streamGenerateContent")) {
            json.writeString(method);
        }
        json.writeEndArray();
        json.writeEndObject();
    }

    private interface Writing {
        void to(JsonGenerator json) throws IOException;
    }

    private static byte[] write(Writing writing) {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (JsonGenerator json = JSON.createGenerator(bytes)) {
            writing.to(json);
        } catch (IOException impossible) {
            throw new UncheckedIOException("writing to memory", impossible);
        }
        return bytes.toByteArray();
    }
}
