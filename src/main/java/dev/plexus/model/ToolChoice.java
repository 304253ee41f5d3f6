package dev.plexus.model;

import java.util.List;

/// Which tools the model may, or must, use.
public sealed interface ToolChoice {

    /// As the model sees fit.
    record Auto() implements ToolChoice {}

    /// No tool at all.
    record None() implements ToolChoice {}

    /// Some tool.
    record Required() implements ToolChoice {}

    /// This tool.
    record Named(String name, ToolKind kind) implements ToolChoice {}

    /// A tool that the provider runs itself, by its canonical name (`web_search` for [Tool.WebSearch]).
    record NamedBuiltin(String type) implements ToolChoice {}

    /// One of these; `required` if one must be used.
    record Allowed(List<String> names, boolean required) implements ToolChoice {

        public Allowed {
            names = List.copyOf(names);
        }
    }

    /// As the model sees fit, with arguments held to the schema (Gemini); `names` empty for all tools.
    record Validated(List<String> names) implements ToolChoice {

        public Validated {
            names = List.copyOf(names);
        }
    }
}
