package dev.plexus.app;

import java.net.http.HttpResponse;

/// A short question in each dialect.
enum Question {
    CHAT("/v1/chat/completions", "{\"model\":\"%s\",\"stream\":%s,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
    RESPONSES("/v1/responses", "{\"model\":\"%s\",\"stream\":%s,\"store\":false,\"input\":\"hi\"}"),
    MESSAGES("/v1/messages", "{\"model\":\"%s\",\"stream\":%s,\"max_tokens\":99,\"messages\":[{\"role\":\"user\",\"content\":\"hi\"}]}"),
    GEMINI("/v1beta/models/%s:%s", "{\"contents\":[{\"role\":\"user\",\"parts\":[{\"text\":\"hi\"}]}]}");

    private final String path;
    private final String body;

    Question(String path, String body) {
        this.path = path;
        this.body = body;
    }

    String path(String model, boolean stream) {
        return this == GEMINI ? path.formatted(model, stream ? "streamGenerateContent?alt=sse" : "generateContent") : path;
    }

    String body(String model, boolean stream) {
        return this == GEMINI ? body : body.formatted(model, stream);
    }

    HttpResponse<String> ask(RunningGateway gateway, String model, boolean stream) {
        return gateway.post(path(model, stream), body(model, stream));
    }
}
