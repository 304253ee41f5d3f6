package dev.plexus.dialect.messages;

import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Envelope;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.ToolArguments;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonOut;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes a whole answer for a client. How secrets, citations, reasons to stop and counts are spelled is the same in streams.
final class ResponseWriter {

    /// What a client reads in the place of an image, for which this format has no block in answers.
    static final String IMAGE_OMITTED = "[image omitted]";

    private final JsonOut json;
    private final Drops drops;

    private ResponseWriter(JsonOut json, Drops drops) {
        this.json = json;
        this.drops = drops;
    }

    static byte[] write(Completion completion, Reply reply, Drops drops) {
        return JsonOut.document(json -> new ResponseWriter(json, drops).message(completion, reply));
    }

    private void message(Completion completion, Reply reply) {
        if (completion.choices().size() > 1) {
            drops.add(Feature.CHOICES, "choices", "only the first answer has a place");
        }
        writeHead(json, completion.model(), reply);
        Completion.Choice choice = completion.choices().isEmpty() ? null : completion.choices().getFirst();
        List<Part> parts = choice == null ? List.of() : choice.parts();
        json.array(Wire.CONTENT);
        for (int index = 0; index < parts.size(); index++) {
            writePart(parts.get(index), index + 1 < parts.size() ? parts.get(index + 1) : null, index > 0 ? parts.get(index - 1) : null);
        }
        json.closeArray();
        boolean refused = parts.stream().anyMatch(part -> part instanceof Part.Refusal);
        FinishReason finish = choice == null ? FinishReason.STOP : choice.finish();
        writeStop(json, finish, refused, choice == null ? null : choice.stopSequence());
        writeUsage(json, completion.usage());
        json.close();
        if (choice != null && !choice.logprobs().isEmpty()) {
            drops.add(Feature.LOGPROBS, "logprobs", "the format has none");
        }
    }

    /// Opens the message, up to its model.
    static void writeHead(JsonOut json, @Nullable String model, Reply reply) {
        json.object()
                .text(Wire.ID, reply.ids().fresh("msg_"))
                .text(Wire.TYPE, Wire.MESSAGE)
                .text(Wire.ROLE, Wire.ASSISTANT)
                .text(Wire.MODEL, model == null ? reply.targetModel() : model);
    }

    private void writePart(Part part, @Nullable Part next, @Nullable Part before) {
        Secret carried = carried(part);
        if (carried != null && !(before instanceof Part.Thinking(_, var secret) && secret == null)) {
            writeThinking("", Envelope.wrap(carried));
        }
        switch (part) {
            case Part.Text text -> writeText(text.text(), text.citations());
            case Part.Refusal(var words) -> writeText(words, List.of());
            case Part.Thinking(var text, var secret) -> {
                if (secret != null && isRedacted(secret)) {
                    json.object().text(Wire.TYPE, Wire.REDACTED_THINKING).text(Wire.DATA, secret.value()).close();
                } else {
                    Secret own = secret == null && next != null ? carried(next) : secret;
                    if (own != null || !text.isEmpty()) {
                        writeThinking(text, signature(own));
                    }
                }
            }
            case Part.ToolCall call -> json.object()
                    .text(Wire.TYPE, Wire.TOOL_USE)
                    .text(Wire.ID, call.id())
                    .text(Wire.NAME, call.name())
                    .raw(Wire.INPUT, ToolArguments.object(call))
                    .close();
            case Part.Image _ -> {
                drops.add(Feature.IMAGE, Wire.CONTENT, "answers hold no images");
                writeText(IMAGE_OMITTED, List.of());
            }
            case Part.Audio _ -> drops.add(Feature.AUDIO, Wire.CONTENT, "answers hold no audio");
            case Part.Video _ -> drops.add(Feature.VIDEO, Wire.CONTENT, "answers hold no video");
            case Part.Document _, Part.SearchResult _, Part.ToolResult _, Part.Opaque _ ->
                drops.add(Feature.NATIVE_PART, Wire.CONTENT, "no part of an answer");
        }
    }

    private void writeText(String text, List<Citation> citations) {
        if (text.isEmpty() && citations.isEmpty()) {
            return;
        }
        json.object().text(Wire.TYPE, Wire.TEXT).text(Wire.TEXT, text);
        if (!citations.isEmpty()) {
            json.array(Wire.CITATIONS);
            citations.forEach(citation -> writeCitation(json, citation));
            json.closeArray();
        }
        json.close();
    }

    private void writeThinking(String text, String signature) {
        json.object().text(Wire.TYPE, Wire.THINKING).text(Wire.THINKING, text).text(Wire.SIGNATURE, signature).close();
    }

    private static @Nullable Secret carried(Part part) {
        return switch (part) {
            case Part.ToolCall call -> carried(call.signature(), call.id());
            case Part.Text text -> carried(text.signature(), null);
            case Part.Refusal _, Part.Thinking _, Part.Image _, Part.Audio _, Part.Video _, Part.Document _, Part.SearchResult _, Part.ToolResult _,
                    Part.Opaque _ -> null;
        };
    }

    /// The secret of a part that has no place for it, as a thinking block before it carries it: with the id of the call, to find the way back.
    static @Nullable Secret carried(@Nullable Secret secret, @Nullable String callId) {
        return secret == null ? null : new Secret(secret.dialect(), secret.kind(), secret.value(), callId);
    }

    static boolean isRedacted(Secret secret) {
        return secret.dialect() == DialectId.MESSAGES && secret.kind() == Secret.Kind.REDACTED;
    }

    /// The signature of a thinking block: the vendor's own, or an envelope, so that foreign thoughts are known again when they come back.
    static String signature(@Nullable Secret secret) {
        if (secret == null) {
            return Envelope.empty(DialectId.CHAT); // the one whose thoughts have no secrets
        }
        return secret.dialect() == DialectId.MESSAGES ? secret.value() : Envelope.wrap(secret);
    }

    static void writeCitation(JsonOut json, Citation citation) {
        json.object().text(Wire.TYPE, Wire.WEB_CITATION).text(Wire.URL, citation.url());
        if (citation.title() == null) {
            json.nothing(Wire.TITLE);
        } else {
            json.text(Wire.TITLE, citation.title());
        }
        json.text(Wire.CITED_TEXT, citation.quote() == null ? "" : citation.quote()).text("encrypted_index", "").close();
    }

    /// The members `stop_reason` and `stop_sequence`. `refused` is true if a part says so in words of its own.
    static void writeStop(JsonOut json, FinishReason finish, boolean refused, @Nullable String stopSequence) {
        boolean known = finish == FinishReason.STOP_SEQUENCE && stopSequence != null;
        String reason = switch (finish) {
            case STOP, OTHER -> refused ? "refusal" : "end_turn";
            case STOP_SEQUENCE -> known ? "stop_sequence" : "end_turn";
            case LENGTH -> "max_tokens";
            case CONTEXT_WINDOW -> "model_context_window_exceeded";
            case TOOL_CALLS -> "tool_use";
            case CONTENT_FILTER, REFUSAL -> "refusal";
            case PAUSE -> "pause_turn";
        };
        json.text(Wire.STOP_REASON, reason);
        if (known) {
            json.text(Wire.STOP_SEQUENCE, stopSequence);
        } else {
            json.nothing(Wire.STOP_SEQUENCE);
        }
    }

    /// The member `usage`; zeros where nothing was reported.
    static void writeUsage(JsonOut json, @Nullable Usage usage) {
        json.object(Wire.USAGE)
                .number("input_tokens", usage == null ? 0 : usage.input())
                .number("cache_creation_input_tokens", usage == null ? 0 : usage.cacheWrite())
                .number("cache_read_input_tokens", usage == null ? 0 : usage.cached())
                .number("output_tokens", usage == null ? 0 : usage.output());
        if (usage != null && usage.reasoning() > 0) {
            json.object("output_tokens_details").number("thinking_tokens", usage.reasoning()).close();
        }
        json.close();
    }
}
