package dev.plexus.dialect.chat;

import dev.plexus.dialect.CustomTools;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Reply;
import dev.plexus.model.Citation;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Part;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.ToolKind;
import dev.plexus.wire.JsonOut;
import java.util.ArrayList;
import java.util.List;

/// Writes a whole answer for a client.
final class ResponseWriter {

    private ResponseWriter() {}

    static byte[] write(Completion completion, Reply reply, Drops drops) {
        return JsonOut.document(json -> {
            json.object()
                    .text("id", reply.ids().fresh("chatcmpl-"))
                    .text("object", "chat.completion")
                    .number("created", completion.created() == 0 ? reply.createdSeconds() : completion.created())
                    .text(Wire.MODEL, completion.model() == null ? reply.targetModel() : completion.model())
                    .array("choices");
            for (Completion.Choice choice : completion.choices()) {
                new Sorted(choice, drops).write(json);
            }
            json.closeArray();
            Wire.usage(json, completion.usage());
            json.close();
        });
    }

    /// The parts of one choice by where they go: a message of this dialect has one member for each kind.
    private static final class Sorted {

        private final Completion.Choice choice;
        private final Drops drops;
        private final StringBuilder text = new StringBuilder();
        private final StringBuilder refusal = new StringBuilder();
        private final List<Part.Thinking> thoughts = new ArrayList<>(1);
        private final List<Part.ToolCall> calls = new ArrayList<>(1);
        private final List<Citation> citations = new ArrayList<>(0);
        private final List<Source> images = new ArrayList<>(0);
        /// Gemini's signatures of texts, which have no place at the text.
        private final List<Secret> signatures = new ArrayList<>(0);
        private boolean hasText;

        Sorted(Completion.Choice choice, Drops drops) {
            this.choice = choice;
            this.drops = drops;
            for (Part part : choice.parts()) {
                switch (part) {
                    case Part.Text said -> {
                        hasText |= !said.text().isEmpty();
                        text.append(said.text());
                        citations.addAll(said.citations());
                        if (said.signature() != null) {
                            signatures.add(said.signature());
                        }
                    }
                    case Part.Refusal(var words) -> refusal.append(words);
                    case Part.Thinking thought -> thoughts.add(thought);
                    case Part.ToolCall call -> calls.add(call);
                    case Part.Image(var source, _, _) -> images.add(source);
                    case Part.Audio _, Part.Video _, Part.Document _, Part.SearchResult _, Part.ToolResult _, Part.Opaque _ ->
                            drops.add(Feature.NATIVE_PART, "choices[" + choice.index() + "]", "a message has no place for it");
                }
            }
        }

        void write(JsonOut json) {
            json.object().number("index", choice.index()).object("message").text(Wire.ROLE, "assistant");
            textOrNull(json, "content", hasText ? text : new StringBuilder());
            textOrNull(json, "refusal", refusal);
            thoughts(json);
            calls(json);
            if (!citations.isEmpty()) {
                json.array("annotations");
                citations.forEach(citation -> Wire.citation(json, citation));
                json.closeArray();
            }
            if (!images.isEmpty()) {
                json.array("images");
                images.forEach(image -> Wire.image(json, image));
                json.closeArray();
            }
            json.close();
            Wire.logprobs(json, choice.logprobs());
            boolean refused = choice.finish() == FinishReason.REFUSAL && !refusal.isEmpty();
            json.text("finish_reason", Wire.finishReason(refused ? FinishReason.STOP : choice.finish())).close();
        }

        private static void textOrNull(JsonOut json, String name, StringBuilder text) {
            if (text.isEmpty()) {
                json.nothing(name);
            } else {
                json.text(name, text.toString());
            }
        }

        private void thoughts(JsonOut json) {
            List<String> visible = thoughts.stream().map(Part.Thinking::text).filter(words -> !words.isEmpty()).toList();
            json.text("reasoning_content", visible.isEmpty() ? null : String.join("\n\n", visible));
            if (signatures.isEmpty() && thoughts.stream().allMatch(thought -> thought.secret() == null)) {
                return;
            }
            json.array("reasoning_details");
            int index = 0;
            for (Part.Thinking thought : thoughts) {
                if (thought.secret() != null) {
                    Wire.Detail.write(json, thought.secret(), thought.text(), index++);
                } else if (!thought.text().isEmpty()) {
                    Wire.Detail.write(json, thought.text(), index++);
                }
            }
            for (Secret signature : signatures) {
                Wire.Detail.write(json, signature, null, index++);
            }
            json.closeArray();
        }

        private void calls(JsonOut json) {
            if (calls.isEmpty()) {
                return;
            }
            json.array("tool_calls");
            for (Part.ToolCall call : calls) {
                json.object().text("id", call.id());
                if (call.kind() == ToolKind.CUSTOM) {
                    json.text("type", "custom").object("custom").text("name", call.name()).text("input", CustomTools.unwrap(call.arguments())).close();
                } else {
                    String arguments = call.arguments().isBlank() ? "{}" : call.arguments();
                    json.text("type", "function").object("function").text("name", call.name()).text("arguments", arguments).close();
                }
                Secret signature = call.signature();
                if (signature != null && signature.dialect() == DialectId.GEMINI) {
                    Wire.thoughtSignature(json, signature);
                } else if (signature != null) {
                    drops.add(Feature.SIGNATURE, "choices[" + choice.index() + "]", "a call carries no secret but Gemini's");
                }
                json.close();
            }
            json.closeArray();
        }
    }
}
