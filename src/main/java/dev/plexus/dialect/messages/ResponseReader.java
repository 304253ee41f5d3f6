package dev.plexus.dialect.messages;

import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's whole answer. What is in a block, and what a reason to stop means, is the same in streams.
final class ResponseReader {

    private final JsonIn in;

    private @Nullable String id;
    private @Nullable String model;
    private @Nullable String stopReason;
    private @Nullable String stopSequence;
    private final List<Block> blocks = new ArrayList<>(2);
    private final AnswerScan.Tokens tokens = new AnswerScan.Tokens();
    private boolean hasContent;

    private ResponseReader(JsonIn in) {
        this.in = in;
    }

    static void read(byte[] body, Traits target, Emitter out) {
        AnswerScan.Findings findings = new AnswerScan.Findings();
        Json.walk(body, 0, body.length, Wire.SHAPE, findings);
        UpstreamError error = findings.error(findings.type());
        if (error != null) {
            out.fail(error);
            return;
        }
        JsonIn.read(body, 0, body.length, in -> {
            ResponseReader reader = new ResponseReader(in);
            in.object(reader::member);
            if (!reader.hasContent) {
                throw in.bad(Wire.CONTENT, "Field required");
            }
            reader.tell(out, target);
        });
    }

    private void member(String name) {
        switch (name) {
            case Wire.ID -> id = in.textIfAny();
            case Wire.MODEL -> model = in.textIfAny();
            case Wire.STOP_REASON -> stopReason = in.textIfAny();
            case Wire.STOP_SEQUENCE -> stopSequence = in.textIfAny();
            case Wire.USAGE -> tokens.read(in.raw());
            case Wire.CONTENT -> {
                hasContent = in.isArray();
                if (hasContent) {
                    in.array(() -> {
                        if (in.isObject()) {
                            blocks.add(new Block(in));
                        }
                    });
                }
            }
            default -> {}
        }
    }

    private void tell(Emitter out, Traits target) {
        out.start(id, model, 0);
        int characters = 0;
        for (int index = 0; index < blocks.size(); index++) {
            Block block = blocks.get(index);
            int part = block.open(out, target, id + "/" + index);
            out.delta(part, block.content());
            block.sealRedacted(out, part);
            seal(out, part, block.signature());
            int end = characters + (block.isText() ? block.content().codePointCount(0, block.content().length()) : 0);
            for (Citation citation : block.citations) {
                out.cite(part, placed(citation, characters, end));
            }
            out.close(part);
            characters = end;
        }
        if (stopReason != null) {
            out.finish(0, finish(stopReason), stopReason, stopSequence);
        }
        var usage = tokens.usage();
        if (usage != null) {
            out.usage(usage);
        }
        out.end();
    }

    /// Tells the signature of thoughts, if there is one.
    static void seal(Emitter out, int part, String signature) {
        if (!signature.isEmpty()) {
            out.seal(part, new Secret(DialectId.MESSAGES, Secret.Kind.SIGNATURE, signature));
        }
    }

    /// What that reason to stop means.
    static FinishReason finish(String stopReason) {
        return switch (stopReason) {
            case "end_turn" -> FinishReason.STOP;
            case "max_tokens" -> FinishReason.LENGTH;
            case "stop_sequence" -> FinishReason.STOP_SEQUENCE;
            case "tool_use" -> FinishReason.TOOL_CALLS;
            case "pause_turn" -> FinishReason.PAUSE;
            case "refusal" -> FinishReason.REFUSAL;
            case "model_context_window_exceeded" -> FinishReason.CONTEXT_WINDOW;
            default -> FinishReason.OTHER;
        };
    }

    /// The citation at the cursor; null if it is not one of a web page, which others could follow.
    static @Nullable Citation citation(JsonIn in) {
        var read = new Object() {
            @Nullable String type;
            @Nullable String url;
            @Nullable String title;
            @Nullable String quote;
        };
        if (!in.isObject()) {
            return null;
        }
        in.object(name -> {
            switch (name) {
                case Wire.TYPE -> read.type = in.textIfAny();
                case Wire.URL -> read.url = in.textIfAny();
                case Wire.TITLE -> read.title = in.textIfAny();
                case Wire.CITED_TEXT -> read.quote = in.textIfAny();
                default -> {}
            }
        });
        return Wire.WEB_CITATION.equals(read.type) && read.url != null ? new Citation(read.url, read.title, read.quote, -1, -1) : null;
    }

    static void dropCitation(Emitter out) {
        out.dropped(Feature.CITATIONS, "a citation of something that is no web page");
    }

    /// The citation with the place of the block that it is on.
    static Citation placed(Citation citation, int start, int end) {
        return new Citation(citation.url(), citation.title(), citation.quote(), start, end);
    }

    /// A block of content, as it is in an answer and at the beginning of a block in a stream.
    static final class Block {

        private @Nullable String type;
        private @Nullable String text;
        private @Nullable String thinking;
        private @Nullable String signature;
        private @Nullable String data;
        private @Nullable String id;
        private @Nullable String name;
        private @Nullable String input;
        private List<Citation> citations = List.of();
        private int lostCitations;
        private boolean isAnswer;

        Block(JsonIn in) {
            in.object(member -> {
                switch (member) {
                    case Wire.TYPE -> type = in.textIfAny();
                    case Wire.TEXT -> text = in.textIfAny();
                    case Wire.THINKING -> thinking = in.textIfAny();
                    case Wire.SIGNATURE -> signature = in.textIfAny();
                    case Wire.DATA -> data = in.textIfAny();
                    case Wire.ID -> id = in.textIfAny();
                    case Wire.NAME -> name = in.textIfAny();
                    case Wire.INPUT -> input = in.isNull() ? null : in.raw();
                    case Wire.CITATIONS -> {
                        if (in.isArray()) {
                            citations = new ArrayList<>();
                            in.array(() -> {
                                Citation citation = citation(in);
                                if (citation != null) {
                                    citations.add(citation);
                                } else {
                                    lostCitations++;
                                }
                            });
                        }
                    }
                    default -> {}
                }
            });
        }

        /// Opens the part that the block is; negative for one that other dialects have no word for. `place` makes an id for a call that has none.
        int open(Emitter out, Traits target, String place) {
            for (int lost = 0; lost < lostCitations; lost++) {
                ResponseReader.dropCitation(out);
            }
            return switch (type) {
                case Wire.TEXT -> out.open(0, PartKind.TEXT);
                case Wire.THINKING, Wire.REDACTED_THINKING -> out.open(0, PartKind.THINKING);
                case Wire.TOOL_USE -> call(out, target, place);
                case null, default -> {
                    out.dropped(Feature.NATIVE_PART, "block of type " + type);
                    yield -1;
                }
            };
        }

        private int call(Emitter out, Traits target, String place) {
            if (name == null || name.isEmpty()) {
                out.dropped(Feature.NATIVE_PART, "a tool call without a name");
                return -1;
            }
            isAnswer = name.equals(Wire.JSON_RESPONSE) && target.structuredOutput().equals("tool");
            if (isAnswer) {
                return out.open(0, PartKind.TEXT);
            }
            String known = id == null || id.isEmpty() ? "toolu_" + Ids.sha256(place).substring(0, 24) : id;
            return out.openCall(0, known, name, null);
        }

        boolean isThinking() {
            return Wire.THINKING.equals(type);
        }

        /// True for text, and for the input of the tool that gives the answer.
        boolean isText() {
            return isAnswer || Wire.TEXT.equals(type);
        }

        boolean isCall() {
            return Wire.TOOL_USE.equals(type);
        }

        /// The text, thoughts or arguments in it.
        String content() {
            String found = switch (type) {
                case Wire.TEXT -> text;
                case Wire.THINKING -> thinking;
                case Wire.TOOL_USE -> input == null ? "{}" : input;
                case null, default -> null;
            };
            return found == null ? "" : found;
        }

        List<Citation> citations() {
            return citations;
        }

        /// The signature of the thoughts in it, empty where there is none yet.
        String signature() {
            return isThinking() && signature != null ? signature : "";
        }

        /// Tells the secret of a block of hidden thoughts.
        void sealRedacted(Emitter out, int part) {
            if (Wire.REDACTED_THINKING.equals(type) && data != null && !data.isEmpty()) {
                out.seal(part, new Secret(DialectId.MESSAGES, Secret.Kind.REDACTED, data));
            }
        }
    }
}
