package dev.plexus.dialect.responses;

import dev.plexus.dialect.AnswerWatch;
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
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.ToolKind;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's whole answer. Its items are those of a stream too, so how they are read and told is here for both.
final class ResponseReader {

    private static final int BAD_GATEWAY = 502;

    private ResponseReader() {}

    static void read(byte[] body, Traits target, Emitter out) {
        Answer answer = new Answer();
        JsonIn.read(body, 0, body.length, in -> {
            in.object(name -> answer.member(in, name));
            if (!answer.failed() && answer.status == null && !answer.hasOutput) {
                throw in.bad("output", "is required");
            }
        });
        Telling telling = new Telling(out);
        telling.start(answer);
        if (answer.usage != null) {
            out.usage(answer.usage);
        }
        if (answer.failed() && fail(body, answer, out)) {
            return;
        }
        for (int index = 0; index < answer.output.size(); index++) {
            telling.item(answer.output.get(index), index);
        }
        telling.finish(answer.status, answer.incompleteReason);
        out.end();
    }

    /// Tells the error in a body that speaks of one; false if it is an answer all the same.
    private static boolean fail(byte[] body, Answer answer, Emitter out) {
        AnswerScan scan = new AnswerScan();
        scan.feed(body, 0, body.length);
        AnswerWatch.Result judged = scan.end();
        if (judged.error() != null) {
            out.fail(judged.error());
            return true;
        }
        if (Wire.STATUS_CANCELLED.equals(answer.status)) {
            out.fail(new UpstreamError(BAD_GATEWAY, null, Wire.STATUS_CANCELLED, 0, "Upstream cancelled the response"));
            return true;
        }
        return false;
    }

    /// A response object, as far as it is there.
    static final class Answer {

        @Nullable String id;
        @Nullable String model;
        long created;
        @Nullable String status;
        @Nullable String incompleteReason;
        @Nullable Usage usage;
        final List<Item> output = new ArrayList<>(0);
        private boolean hasOutput;
        private boolean error;

        void member(JsonIn in, String name) {
            switch (name) {
                case "id" -> id = in.textIfAny();
                case "model" -> model = in.textIfAny();
                case "created_at" -> created = (long) in.numberOr(0);
                case "status" -> status = in.textIfAny();
                case "incomplete_details" -> {
                    if (in.isObject()) {
                        in.object(detail -> incompleteReason = detail.equals("reason") ? in.textIfAny() : incompleteReason);
                    }
                }
                case Wire.ERROR -> error = isError(in);
                case "output" -> {
                    hasOutput = true;
                    if (in.isArray()) {
                        in.array(() -> {
                            if (in.isObject()) {
                                output.add(Item.read(in));
                            }
                        });
                    }
                }
                case "usage" -> usage = AnswerScan.usage(in);
                default -> {}
            }
        }

        boolean failed() {
            return error || Wire.STATUS_FAILED.equals(status) || Wire.STATUS_CANCELLED.equals(status);
        }
    }

    /// True if the value of a member `error` speaks of one.
    static boolean isError(JsonIn in) {
        String words = in.scalarIfAny();
        return words == null ? !in.isNull() : !words.isBlank() && !words.equals("false");
    }

    /// A piece of a message: text or a refusal. Citations count from the piece's beginning.
    record Piece(boolean refusal, String text, List<Citation> citations, List<TokenLogprob> logprobs) {}

    /// An item of the output.
    static final class Item {

        String type = "";
        @Nullable String id;
        @Nullable String callId;
        @Nullable String name;
        @Nullable String namespace;
        String arguments = "";
        String input = "";
        @Nullable String encrypted;
        @Nullable String image;
        private @Nullable String imageFormat;
        final List<Piece> pieces = new ArrayList<>(0);
        private final List<String> thoughts = new ArrayList<>(0);
        private final List<String> summary = new ArrayList<>(0);
        /// Content of types that nobody knows.
        private final List<String> unknown = new ArrayList<>(0);
        private int lostCitations;

        static Item read(JsonIn in) {
            Item item = new Item();
            in.object(name -> item.member(in, name));
            return item;
        }

        private void member(JsonIn in, String member) {
            switch (member) {
                case "type" -> type = orEmpty(in.textIfAny());
                case "id" -> id = in.textIfAny();
                case "call_id" -> callId = in.textIfAny();
                case "name" -> name = in.textIfAny();
                case "namespace" -> namespace = in.textIfAny();
                case "arguments" -> arguments = in.isObject() ? in.raw() : orEmpty(in.textIfAny());
                case "input" -> input = orEmpty(in.textIfAny());
                case "encrypted_content" -> encrypted = in.textIfAny();
                case "result" -> image = in.textIfAny();
                case "output_format" -> imageFormat = in.textIfAny();
                case "content" -> each(in, () -> content(in));
                case "summary" -> each(in, () -> in.object(name -> {
                    if (name.equals("text")) {
                        add(summary, in.textIfAny());
                    }
                }));
                default -> {}
            }
        }

        private static void each(JsonIn in, Runnable object) {
            if (in.isArray()) {
                in.array(() -> {
                    if (in.isObject()) {
                        object.run();
                    }
                });
            }
        }

        private void content(JsonIn in) {
            var said = new Object() {
                String type = "";
                String text = "";
                final List<Citation> citations = new ArrayList<>(0);
                List<TokenLogprob> logprobs = List.of();
            };
            in.object(name -> {
                switch (name) {
                    case "type" -> said.type = orEmpty(in.textIfAny());
                    case "text", "refusal" -> said.text = in.isText() ? in.text() : said.text;
                    case "annotations" -> each(in, () -> {
                        Citation citation = citation(in, 0);
                        if (citation != null) {
                            said.citations.add(citation);
                        } else {
                            lostCitations++;
                        }
                    });
                    case "logprobs" -> said.logprobs = ResponseReader.logprobs(in);
                    default -> {}
                }
            });
            switch (said.type) {
                case Wire.OUTPUT_TEXT, "text" -> pieces.add(new Piece(false, said.text, said.citations, said.logprobs));
                case Wire.REFUSAL -> pieces.add(new Piece(true, said.text, List.of(), List.of()));
                case Wire.REASONING_TEXT -> add(thoughts, said.text);
                default -> unknown.add(said.type);
            }
        }

        /// The reasoning in words: itself, else its summary.
        String thinking() {
            return String.join("\n\n", thoughts.isEmpty() ? summary : thoughts);
        }

        String imageMime() {
            return Wire.imageMime(imageFormat);
        }

        boolean isCustom() {
            return type.equals(Wire.CUSTOM_TOOL_CALL);
        }

        boolean isCall() {
            return type.equals(Wire.FUNCTION_CALL) || isCustom();
        }

        /// What a call gives to its tool.
        String given() {
            return isCustom() ? input : arguments;
        }

        private static void add(List<String> texts, @Nullable String text) {
            if (text != null && !text.isEmpty()) {
                texts.add(text);
            }
        }
    }

    private static String orEmpty(@Nullable String text) {
        return text == null ? "" : text;
    }

    /// The citation of a web page that the object at the cursor is, its place moved by `offset`; null if it is something else.
    static @Nullable Citation citation(JsonIn in, int offset) {
        var said = new Object() {
            @Nullable String type;
            @Nullable String url;
            @Nullable String title;
            int start = -1;
            int end = -1;
        };
        in.object(name -> {
            switch (name) {
                case "type" -> said.type = in.textIfAny();
                case "url" -> said.url = in.textIfAny();
                case "title" -> said.title = in.textIfAny();
                case "start_index" -> said.start = in.intOr(-1);
                case "end_index" -> said.end = in.intOr(-1);
                default -> {}
            }
        });
        return !Wire.URL_CITATION.equals(said.type) || said.url == null
                ? null
                : moved(new Citation(said.url, said.title, null, said.start, said.end), offset);
    }

    private static Citation moved(Citation citation, int offset) {
        boolean placed = citation.start() >= 0 && citation.end() >= 0;
        return new Citation(
                citation.url(),
                citation.title(),
                citation.quote(),
                placed ? citation.start() + offset : -1,
                placed ? citation.end() + offset : -1);
    }

    /// The log probabilities in the array at the cursor, none if it is something else.
    static List<TokenLogprob> logprobs(JsonIn in) {
        if (!in.isArray()) {
            return List.of();
        }
        List<TokenLogprob> tokens = new ArrayList<>(0);
        in.array(() -> {
            if (in.isObject()) {
                var said = new Object() {
                    String token = "";
                    double logprob;
                    List<TokenLogprob> top = List.of();
                };
                in.object(name -> {
                    switch (name) {
                        case "token" -> said.token = orEmpty(in.textIfAny());
                        case "logprob" -> said.logprob = in.numberOr(0);
                        case "top_logprobs" -> said.top = logprobs(in);
                        default -> {}
                    }
                });
                tokens.add(new TokenLogprob(said.token, said.logprob, said.top));
            }
        });
        return tokens;
    }

    /// Tells items to an emitter, and remembers what must be known of the whole answer.
    static final class Telling {

        private final Emitter out;
        private String responseId = "";
        /// Code points of text until now: citations count in the whole answer, but come counted in their piece.
        private int points;
        private boolean refused;
        private boolean called;

        Telling(Emitter out) {
            this.out = out;
        }

        void start(Answer answer) {
            responseId = answer.id == null ? responseId : answer.id;
            out.start(answer.id, answer.model, answer.created);
        }

        int points() {
            return points;
        }

        /// A whole item.
        void item(Item item, int index) {
            switch (item.type) {
                case Wire.MESSAGE -> {
                    item.pieces.forEach(this::piece);
                    for (int lost = 0; lost < item.lostCitations; lost++) {
                        dropCitation();
                    }
                    dropUnknown(item);
                }
                case Wire.REASONING_ITEM -> {
                    if (!item.thinking().isEmpty() || item.encrypted != null) {
                        int part = out.open(0, PartKind.THINKING);
                        out.delta(part, item.thinking());
                        seal(part, item);
                        out.close(part);
                    }
                }
                case Wire.FUNCTION_CALL, Wire.CUSTOM_TOOL_CALL -> {
                    int part = call(item, index);
                    out.delta(part, item.given());
                    out.close(part);
                }
                case Wire.IMAGE_CALL -> image(item);
                default -> dropItem(item.type);
            }
        }

        /// An item that other dialects have no word for.
        void dropItem(String type) {
            out.dropped(Feature.NATIVE_PART, "item of type " + type);
        }

        /// Content of a message that other dialects have no word for.
        void dropUnknown(Item item) {
            item.unknown.forEach(type -> out.dropped(type.contains("audio") ? Feature.AUDIO : Feature.NATIVE_PART, "content of type " + type));
        }

        void dropCitation() {
            out.dropped(Feature.CITATIONS, "a citation of something that is no web page");
        }

        private void piece(Piece piece) {
            if (piece.text().isEmpty()) {
                return;
            }
            int base = points;
            int part = out.open(0, piece.refusal() ? PartKind.REFUSAL : PartKind.TEXT);
            out.logprobs(0, piece.logprobs());
            say(part, piece.refusal(), piece.text());
            cite(part, piece.citations(), base);
            out.close(part);
        }

        /// Text of a message.
        void say(int part, boolean refusal, String text) {
            if (refusal) {
                refused |= !text.isEmpty();
            } else {
                points += text.codePointCount(0, text.length());
            }
            out.delta(part, text);
        }

        void cite(int part, List<Citation> citations, int base) {
            citations.forEach(citation -> out.cite(part, moved(citation, base)));
        }

        /// Gives a thought its secret, if the item has one.
        void seal(int part, Item item) {
            if (item.encrypted != null && !item.encrypted.isEmpty()) {
                out.seal(part, new Secret(DialectId.RESPONSES, Secret.Kind.ENCRYPTED, item.encrypted, item.id));
            }
        }

        void image(Item item) {
            if (item.image != null && !item.image.isEmpty()) {
                out.image(0, item.imageMime(), item.image);
            }
        }

        /// Opens the call that the item is.
        int call(Item item, int index) {
            called = true;
            String name = orEmpty(item.name);
            String id = item.callId != null && !item.callId.isEmpty() ? item.callId
                    : item.id != null && !item.id.isEmpty() ? item.id
                    : "call_" + Ids.sha256(responseId + "/" + index + "/" + name).substring(0, 24);
            return item.namespace == null
                    ? out.openCall(0, id, name, item.id)
                    : out.openCall(0, id, name, item.isCustom() ? ToolKind.CUSTOM : ToolKind.FUNCTION, item.namespace, item.id);
        }

        /// How the answer ended.
        void finish(@Nullable String status, @Nullable String incompleteReason) {
            String word = AnswerScan.finishWord(status, incompleteReason);
            FinishReason reason = switch (word) {
                case "length" -> FinishReason.LENGTH;
                case Wire.CONTENT_FILTER -> FinishReason.CONTENT_FILTER;
                case null, default -> refused && !called ? FinishReason.REFUSAL : FinishReason.STOP;
            };
            out.finish(0, reason, word, null);
        }
    }
}
