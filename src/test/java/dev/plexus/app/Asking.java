package dev.plexus.app;

import java.net.URI;
import java.net.http.HttpRequest;
import java.time.Duration;
import java.util.Arrays;
import java.util.Locale;
import java.util.stream.Stream;

/// One way of asking for an answer: a dialect, whole or streamed. What the tests of faults run over.
enum Asking {
    CHAT_WHOLE,
    CHAT_STREAM,
    MESSAGES_WHOLE,
    MESSAGES_STREAM,
    RESPONSES_WHOLE,
    RESPONSES_STREAM,
    GEMINI_WHOLE,
    GEMINI_STREAM;

    boolean streams() {
        return name().endsWith("STREAM");
    }

    /// The name of the dialect, as records spell it.
    String dialect() {
        return name().substring(0, name().indexOf('_')).toLowerCase(Locale.ROOT);
    }

    static Stream<Asking> streamed() {
        return Arrays.stream(values()).filter(Asking::streams);
    }

    static Stream<Asking> whole() {
        return Arrays.stream(values()).filter(asking -> !asking.streams());
    }

    String path(String model) {
        return switch (this) {
            case CHAT_WHOLE, CHAT_STREAM -> "/v1/chat/completions";
            case MESSAGES_WHOLE, MESSAGES_STREAM -> "/v1/messages";
            case RESPONSES_WHOLE, RESPONSES_STREAM -> "/v1/responses";
            case GEMINI_WHOLE -> "/v1beta/models/" + model + ":generateContent";
            case GEMINI_STREAM -> "/v1beta/models/" + model + ":streamGenerateContent?alt=sse";
        };
    }

    /// A small question; a chat stream asks for its usage, so that nothing has to be taken out of the answer.
    String body(String model) {
        String begin = "{\"model\":\"" + model + "\",\"stream\":" + streams();
        return switch (this) {
            case CHAT_WHOLE -> begin + ",\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            case CHAT_STREAM -> begin + ",\"stream_options\":{\"include_usage\":true},\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            case MESSAGES_WHOLE, MESSAGES_STREAM -> begin + ",\"max_tokens\":64,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}";
            case RESPONSES_WHOLE, RESPONSES_STREAM -> begin + ",\"input\":\"hi\"}";
            case GEMINI_WHOLE, GEMINI_STREAM -> "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}";
        };
    }

    /// What ends a broken stream of this dialect.
    String errorEvent() {
        return switch (this) {
            case CHAT_STREAM -> "data: {\"error\":";
            case MESSAGES_STREAM -> "event: error";
            case RESPONSES_STREAM -> "response.failed";
            case GEMINI_STREAM -> "\"error\":";
            case CHAT_WHOLE, MESSAGES_WHOLE, RESPONSES_WHOLE, GEMINI_WHOLE -> throw new IllegalStateException(this + " is no stream");
        };
    }

    HttpRequest request(String baseUrl, String model) {
        return HttpRequest.newBuilder(URI.create(baseUrl + path(model)))
                .timeout(Duration.ofSeconds(30))
                .header("content-type", "application/json")
                .header("authorization", "Bearer sk-test")
                .POST(HttpRequest.BodyPublishers.ofString(body(model)))
                .build();
    }

    /// The same as bytes, for a client that is a socket.
    String raw(String model, String... headers) {
        String body = body(model);
        StringBuilder text = new StringBuilder("POST " + path(model) + " HTTP/1.1\r\nhost: gateway\r\nauthorization: Bearer sk-test\r\n");
        for (String header : headers) {
            text.append(header).append("\r\n");
        }
        return text.append("content-type: application/json\r\ncontent-length: ")
                .append(body.length())
                .append("\r\n\r\n")
                .append(body)
                .toString();
    }
}
