package dev.plexus.provider;

import dev.plexus.model.DialectId;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;

/// The headers of an upstream request: the few of the client's that may travel, and how vendor versions and betas are merged.
final class UpstreamHeaders {

    static final CharSequence JSON = HttpHeaders.createOptimized("application/json");
    static final CharSequence EVENT_STREAM = HttpHeaders.createOptimized("text/event-stream");
    static final CharSequence IDENTITY = HttpHeaders.createOptimized("identity");

    private static final String ANTHROPIC_BETA = "anthropic-beta";
    private static final String ANTHROPIC_VERSION = "anthropic-version";

    private static final List<CharSequence> OF_ANY = List.of(HttpHeaders.createOptimized("openai-beta"), HttpHeaders.createOptimized("x-app"));
    private static final List<CharSequence> OF_MESSAGES =
            List.of(HttpHeaders.createOptimized(ANTHROPIC_BETA), HttpHeaders.createOptimized(ANTHROPIC_VERSION));
    private static final List<CharSequence> OF_RESPONSES = List.of(
            HttpHeaders.createOptimized("session_id"),
            HttpHeaders.createOptimized("session-id"),
            HttpHeaders.createOptimized("x-client-request-id"),
            HttpHeaders.createOptimized("x-session-id"),
            HttpHeaders.createOptimized("x-session-affinity"),
            HttpHeaders.createOptimized("x-multi-turn-session-id"),
            HttpHeaders.createOptimized("x-prompt-cache-isolation-key"));

    private UpstreamHeaders() {}

    static void forward(MultiMap client, MultiMap upstream, DialectId dialect) {
        copy(client, upstream, OF_ANY);
        switch (dialect) {
            case MESSAGES -> copy(client, upstream, OF_MESSAGES);
            case RESPONSES -> copy(client, upstream, OF_RESPONSES);
            case CHAT, GEMINI, EMBEDDINGS, TRANSCRIPTIONS, SPEECH, IMAGES, OAUTH -> {}
        }
    }

    private static void copy(MultiMap client, MultiMap upstream, List<CharSequence> names) {
        for (CharSequence name : names) {
            if (client.contains(name)) {
                upstream.set(name, String.join(",", client.getAll(name)));
            }
        }
    }

    /// Sets a header that the dialect asks for: the client's own version stays, betas are merged.
    static void credential(MultiMap headers, String name, String value) {
        String present = headers.get(name);
        if (present == null) {
            headers.set(name, value);
        } else if (name.equalsIgnoreCase(ANTHROPIC_BETA)) {
            Set<String> betas = new LinkedHashSet<>();
            for (String beta : (present + "," + value).split(",", -1)) {
                if (!beta.isBlank()) {
                    betas.add(beta.trim());
                }
            }
            headers.set(name, String.join(",", betas));
        } else if (!name.equalsIgnoreCase(ANTHROPIC_VERSION)) {
            headers.set(name, value);
        }
    }
}
