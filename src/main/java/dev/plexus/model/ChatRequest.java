package dev.plexus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// A request in the words that all conversation dialects share: the hub between their spokes (spec: translation, section 2).
///
/// Absent stays absent: nothing here is a default. `dialect` is the client's. `includeUsage` is true where a streaming client asked to see the token
/// counts, which only the chat dialect makes a question. `parallelToolCalls` is null where the client did not say.
public record ChatRequest(
        DialectId dialect,
        String model,
        boolean stream,
        boolean includeUsage,
        List<Message> messages,
        List<Tool> tools,
        @Nullable ToolChoice toolChoice,
        @Nullable Boolean parallelToolCalls,
        Reasoning reasoning,
        Settings settings) {

    public ChatRequest {
        messages = List.copyOf(messages);
        tools = List.copyOf(tools);
    }

    public ChatRequest withMessages(List<Message> other) {
        return new ChatRequest(dialect, model, stream, includeUsage, other, tools, toolChoice, parallelToolCalls, reasoning, settings);
    }

    public ChatRequest withTools(List<Tool> other, @Nullable ToolChoice choice) {
        return new ChatRequest(dialect, model, stream, includeUsage, messages, other, choice, parallelToolCalls, reasoning, settings);
    }
}
