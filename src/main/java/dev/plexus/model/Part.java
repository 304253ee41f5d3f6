package dev.plexus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// One piece of a message: what the four conversation dialects have in common (spec: translation, section 2.2).
public sealed interface Part {

    /// `signature` is a Gemini thought signature on text that is no thought.
    record Text(String text, List<Citation> citations, @Nullable CacheMark cache, @Nullable Secret signature) implements Part {

        public Text {
            citations = List.copyOf(citations);
        }

        public Text(String text) {
            this(text, List.of(), null, null);
        }
    }

    /// The model declined to answer, in these words.
    record Refusal(String text) implements Part {}

    /// `detail` is `auto`, `low`, `high`, `original` or absent.
    record Image(Source source, @Nullable String detail, @Nullable CacheMark cache) implements Part {}

    /// `format` is the vendor's short name (`wav`, `mp3`), where one was given.
    record Audio(Source source, @Nullable String format) implements Part {}

    record Video(Source source) implements Part {}

    /// PDFs, text files and documents made of parts.
    record Document(
            Source source,
            @Nullable String filename,
            @Nullable String title,
            @Nullable String context,
            boolean citationsEnabled,
            @Nullable CacheMark cache)
            implements Part {}

    /// A search hit that the client hands in.
    record SearchResult(String source, String title, List<Part> parts, boolean citationsEnabled, @Nullable CacheMark cache) implements Part {

        public SearchResult {
            parts = List.copyOf(parts);
        }
    }

    /// Reasoning: visible text (empty where there is none) and the secret that goes with it.
    record Thinking(String text, @Nullable Secret secret) implements Part {}

    /// The model wants a tool to be run. `arguments` is the JSON text exactly as it came, never re-serialised; for [ToolKind#CUSTOM] the free text
    /// input. `namespace` is set where the tool was declared in one. `itemId` is the id of the Responses item, which is not `id`.
    record ToolCall(
            String id,
            String name,
            String arguments,
            ToolKind kind,
            @Nullable String namespace,
            @Nullable String itemId,
            @Nullable Secret signature)
            implements Part {

        public static ToolCall function(String id, String name, String arguments) {
            return new ToolCall(id, name, arguments, ToolKind.FUNCTION, null, null, null);
        }
    }

    /// What came of a tool call; always inside a user message. `name` is that of the called tool, null where it is not known.
    record ToolResult(
            String callId, @Nullable String name, List<Part> parts, boolean isError, ToolKind kind, @Nullable CacheMark cache)
            implements Part {

        public ToolResult {
            parts = List.copyOf(parts);
        }
    }

    /// Something of one dialect that the others have no word for; dropped on translation. `type` is its name there.
    record Opaque(DialectId dialect, String type) implements Part {}
}
