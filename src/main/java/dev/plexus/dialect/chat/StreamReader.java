package dev.plexus.dialect.chat;

import dev.plexus.dialect.DataUrls;
import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.ThinkTags;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.Source;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's stream: chunk after chunk, or a whole answer as if it were the only chunk.
///
/// A choice is told once all its members have been read, since vendors write them in any order and say some things twice.
final class StreamReader implements StreamDecoder {

    /// Choices beyond this are not told apart.
    private static final int CHOICES_MAX = 128;

    /// What a message says of itself, and what says nothing: nobody misses it.
    private static final Set<String> BOOKKEEPING = Set.of("role", "name", "id", "type", "object", "tool_call_id", "token_ids", "finish_reason", "stop_reason");

    /// Kinds of members that nobody knows are told apart up to this.
    private static final int UNKNOWN_MAX = 16;

    private final Traits target;
    private final Emitter out;
    private final AnswerScan.Counting counting = new AnswerScan.Counting();
    private final Choice choice = new Choice();
    /// By the index of their choice; nearly always there is only the first.
    private final List<@Nullable Line> lines = new ArrayList<>(1);

    // Of the document at hand.
    private boolean hasChoices;
    private boolean suspect;
    private @Nullable Usage usage;
    private @Nullable String topFinish;

    // Of the stream.
    private boolean started;
    private @Nullable String id;
    private @Nullable String model;
    private long created;
    /// Members of messages that cannot be told; each is counted once, however many pieces it comes in.
    private final Set<String> unknown = new HashSet<>(0);

    StreamReader(Traits target, Emitter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public boolean frame(byte[] array, int from, int to, @Nullable String event) {
        if (out.isOver()) {
            return true;
        }
        if (DoneMark.is(array, from, to)) {
            complete();
            return true;
        }
        try {
            document(array, from, to, event);
            return true;
        } catch (JsonIn.Bad e) {
            return false;
        }
    }

    @Override
    public void end() {
        if (out.isFinished() || started && target.lenientEnd()) {
            complete();
        }
    }

    /// Reads a document that is the whole answer.
    void whole(byte[] body) {
        document(body, 0, body.length, null);
        if (out.isOver()) {
            return;
        }
        if (!hasChoices) {
            JsonIn.read(body, 0, body.length, in -> {
                throw in.bad("choices", "is required");
            });
        }
        complete();
    }

    private void complete() {
        for (int index = 0; index < lines.size(); index++) {
            Line line = lines.get(index);
            if (line != null) {
                line.settle();
            }
        }
        out.end();
    }

    private void document(byte[] array, int from, int to, @Nullable String event) {
        hasChoices = false;
        suspect = Wire.ERROR.equals(event);
        usage = null;
        topFinish = null;
        JsonIn.read(array, from, to, in -> in.object(name -> member(in, name, array, from, to)));
        if (suspect) {
            UpstreamError error = AnswerScan.errorIn(array, from, to, event);
            if (error != null) {
                out.fail(error);
                return;
            }
        }
        if (topFinish != null) {
            start();
            finish(line(0), topFinish);
        }
        if (usage != null) {
            start();
            out.usage(usage);
        }
    }

    private void member(JsonIn in, String name, byte[] array, int from, int to) {
        switch (name) {
            case "id" -> id = first(id, in);
            case "model" -> model = first(model, in);
            case "created" -> created = created == 0 ? (long) in.numberOr(0) : created;
            case "choices" -> {
                if (in.isArray()) {
                    hasChoices = true;
                    head(array, from, to);
                    choice.count = 0;
                    in.array(() -> choice.read(in));
                }
            }
            case "usage" -> usage(in);
            case "finish_reason" -> topFinish = in.textIfAny();
            case "x_groq" -> {
                if (in.isObject()) {
                    in.object(inner -> {
                        switch (inner) {
                            case "usage" -> usage(in);
                            case Wire.ERROR -> suspect |= !in.isNull();
                            default -> {}
                        }
                    });
                }
            }
            case Wire.ERROR -> suspect |= !in.isNull();
            case "object", "type" -> suspect |= Wire.ERROR.equals(in.textIfAny());
            case "code", "status" -> suspect |= in.isNumber() || in.isText();
            default -> {}
        }
    }

    /// Finds what the answer's head says where a vendor puts it behind the choices.
    private void head(byte[] array, int from, int to) {
        if (!started && (id == null || model == null || created == 0)) {
            JsonIn.read(array, from, to, in -> in.object(name -> {
                switch (name) {
                    case "id" -> id = first(id, in);
                    case "model" -> model = first(model, in);
                    case "created" -> created = created == 0 ? (long) in.numberOr(0) : created;
                    default -> {}
                }
            }));
        }
    }

    private static @Nullable String first(@Nullable String known, JsonIn in) {
        if (known != null) {
            return known;
        }
        String text = in.textIfAny();
        return text == null || text.isEmpty() ? null : text;
    }

    private void start() {
        if (!started) {
            started = true;
            out.start(id, model, created);
        }
    }

    private void usage(JsonIn in) {
        Usage counted = counting.read(in);
        usage = counted == null ? usage : counted;
    }

    private Line line(int index) {
        while (lines.size() <= index) {
            lines.add(null);
        }
        Line known = lines.get(index);
        if (known == null) {
            known = new Line(index);
            lines.set(index, known);
        }
        return known;
    }

    private void finish(Line line, String word) {
        if (Wire.FAILURES.contains(word)) {
            suspect = true;
            return;
        }
        if (!word.isEmpty()) {
            line.settle();
            FinishReason reason = Wire.finishReason(word);
            out.finish(line.index, reason == FinishReason.STOP && line.refused ? FinishReason.REFUSAL : reason, word, null);
        }
    }

    /// A piece of what a vendor says as an array of parts.
    private record Piece(boolean thinking, String text) {}

    /// A piece of a tool call. `index` is [#NO_INDEX] where there is none.
    private static final class Fragment {

        static final int NO_INDEX = -1;

        int index = NO_INDEX;
        String id = "";
        String name = "";
        String arguments = "";
        boolean whole;
        @Nullable String signature;
    }

    /// One element of a document's `choices`; the same object for all.
    private final class Choice {

        private int count;
        private int index;
        private boolean whole;
        private @Nullable String content;
        private @Nullable String reasoningContent;
        private @Nullable String reasoning;
        private @Nullable String refusal;
        private @Nullable String finish;
        private final List<Piece> pieces = new ArrayList<>(0);
        private final List<Wire.Detail> details = new ArrayList<>(0);
        private final List<Fragment> fragments = new ArrayList<>(1);
        private final List<Citation> citations = new ArrayList<>(0);
        private final List<Source.Base64> images = new ArrayList<>(0);
        private final List<TokenLogprob> logprobs = new ArrayList<>(0);

        void read(JsonIn in) {
            clear();
            if (!in.isObject()) {
                return;
            }
            in.object(name -> {
                switch (name) {
                    case "index" -> index = Math.clamp(in.intOr(index), 0, CHOICES_MAX - 1);
                    case "delta" -> message(in, false);
                    case "message" -> message(in, true);
                    case "text" -> content = in.textIfAny();
                    case "finish_reason" -> finish = in.textIfAny();
                    case "logprobs" -> logprobs(in);
                    case "usage" -> usage(in);
                    case Wire.ERROR -> suspect |= !in.isNull();
                    default -> {}
                }
            });
            tell(line(index));
        }

        private void clear() {
            index = Math.min(count++, CHOICES_MAX - 1);
            whole = false;
            content = null;
            reasoningContent = null;
            reasoning = null;
            refusal = null;
            finish = null;
            pieces.clear();
            details.clear();
            fragments.clear();
            citations.clear();
            images.clear();
            logprobs.clear();
        }

        private void message(JsonIn in, boolean isWhole) {
            if (!in.isObject()) {
                return;
            }
            whole |= isWhole;
            in.object(name -> {
                switch (name) {
                    case "content" -> {
                        content = in.isText() ? in.text() : content;
                        each(in, () -> piece(in));
                    }
                    case "reasoning_content" -> reasoningContent = in.textIfAny();
                    case "reasoning" -> reasoning = in.textIfAny();
                    case "reasoning_details" -> each(in, () -> {
                        Wire.Detail detail = Wire.Detail.read(in);
                        if (detail != null) {
                            details.add(detail);
                        } else {
                            unknown("reasoning_details");
                        }
                    });
                    case "refusal" -> refusal = in.textIfAny();
                    case "tool_calls" -> each(in, () -> {
                        if (in.isObject()) {
                            fragments.add(fragment(in));
                        }
                    });
                    case "function_call" -> {
                        if (in.isObject()) {
                            Fragment fragment = new Fragment();
                            fragment.index = 0;
                            function(in, fragment);
                            fragments.add(fragment);
                        }
                    }
                    case "annotations" -> each(in, () -> citation(in));
                    case "images" -> each(in, () -> image(in));
                    default -> {
                        if (!BOOKKEEPING.contains(name) && says(in)) {
                            unknown(name);
                        }
                    }
                }
            });
        }

        /// False for null, and for what is empty.
        private static boolean says(JsonIn in) {
            String text = in.scalarIfAny();
            if (text != null) {
                return !text.isEmpty();
            }
            var found = new Object() {
                boolean any;
            };
            each(in, () -> found.any = true);
            if (in.isObject()) {
                in.object(_ -> found.any = true);
            }
            return found.any;
        }

        private void unknown(String name) {
            if (unknown.size() < UNKNOWN_MAX && unknown.add(name)) {
                out.dropped(name.equals("audio") ? Feature.AUDIO : Feature.NATIVE_PART, "member " + name + " of a message");
            }
        }

        private static void each(JsonIn in, Runnable element) {
            if (in.isArray()) {
                in.array(element);
            }
        }

        private void piece(JsonIn in) {
            if (in.isText()) {
                pieces.add(new Piece(false, in.text()));
            } else if (in.isObject()) {
                var said = new Object() {
                    String type = "";
                };
                int before = pieces.size();
                in.object(name -> {
                    String text = in.textIfAny();
                    switch (name) {
                        case "type" -> said.type = orEmpty(text);
                        case "text" -> pieces.add(new Piece(false, text == null ? "" : text));
                        case "thinking" -> {
                            if (text != null) {
                                pieces.add(new Piece(true, text));
                            }
                            each(in, () -> {
                                if (in.isObject()) {
                                    in.object(inner -> {
                                        if (inner.equals("text") && in.isText()) {
                                            pieces.add(new Piece(true, in.text()));
                                        }
                                    });
                                }
                            });
                        }
                        default -> {}
                    }
                });
                if (pieces.size() == before && !said.type.equals("thinking")) {
                    out.dropped(Feature.NATIVE_PART, "content of type " + said.type);
                }
            }
        }

        private Fragment fragment(JsonIn in) {
            Fragment fragment = new Fragment();
            in.object(name -> {
                switch (name) {
                    case "index" -> fragment.index = in.isNumber() ? in.intOr(Fragment.NO_INDEX) : Fragment.NO_INDEX;
                    case "id" -> fragment.id = orEmpty(in.textIfAny());
                    case "function", "custom" -> {
                        if (in.isObject()) {
                            function(in, fragment);
                        }
                    }
                    case "extra_content" -> {
                        if (in.isObject()) {
                            in.object(vendor -> {
                                if (vendor.equals("google") && in.isObject()) {
                                    in.object(inner -> fragment.signature =
                                            inner.equals("thought_signature") ? in.textIfAny() : fragment.signature);
                                }
                            });
                        }
                    }
                    default -> {}
                }
            });
            return fragment;
        }

        private static void function(JsonIn in, Fragment fragment) {
            in.object(name -> {
                switch (name) {
                    case "name" -> fragment.name = orEmpty(in.textIfAny());
                    case "arguments", "input" -> {
                        fragment.whole = in.isObject() || in.isArray();
                        fragment.arguments = fragment.whole ? in.raw() : orEmpty(in.textIfAny());
                    }
                    default -> {}
                }
            });
        }

        private static String orEmpty(@Nullable String text) {
            return text == null ? "" : text;
        }

        private void citation(JsonIn in) {
            if (!in.isObject()) {
                return;
            }
            var seen = new Object() {
                String url = "";
                @Nullable String title;
                @Nullable String quote;
                int start = -1;
                int end = -1;

                void member(String name) {
                    switch (name) {
                        case "url_citation" -> {
                            if (in.isObject()) {
                                in.object(this::member);
                            }
                        }
                        case "url" -> url = orEmpty(in.textIfAny());
                        case "title" -> title = in.textIfAny();
                        case "content" -> quote = in.textIfAny();
                        case "start_index" -> start = in.intOr(-1);
                        case "end_index" -> end = in.intOr(-1);
                        default -> {}
                    }
                }
            };
            in.object(seen::member);
            if (!seen.url.isEmpty()) {
                boolean placed = seen.start >= 0 && seen.end >= seen.start;
                citations.add(new Citation(seen.url, seen.title, seen.quote, placed ? seen.start : -1, placed ? seen.end : -1));
            } else {
                out.dropped(Feature.CITATIONS, "an annotation without an address");
            }
        }

        private void image(JsonIn in) {
            if (in.isObject()) {
                in.object(name -> {
                    if (name.equals("image_url") && in.isObject()) {
                        in.object(inner -> {
                            if (inner.equals("url") && in.isText()) {
                                if (DataUrls.source(in.text()) instanceof Source.Base64 media) {
                                    images.add(media);
                                } else {
                                    out.dropped(Feature.IMAGE, "an image that is only an address");
                                }
                            }
                        });
                    }
                });
            }
        }

        private void logprobs(JsonIn in) {
            if (in.isObject()) {
                in.object(name -> {
                    if (name.equals("content")) {
                        each(in, () -> logprob(in, logprobs));
                    }
                });
            }
        }

        private static void logprob(JsonIn in, List<TokenLogprob> to) {
            if (!in.isObject()) {
                return;
            }
            var seen = new Object() {
                @Nullable String token;
                double logprob = Double.NaN;
                final List<TokenLogprob> top = new ArrayList<>(0);
            };
            in.object(name -> {
                switch (name) {
                    case "token" -> seen.token = in.textIfAny();
                    case "logprob" -> seen.logprob = in.numberOr(Double.NaN);
                    case "top_logprobs" -> each(in, () -> logprob(in, seen.top));
                    default -> {}
                }
            });
            if (seen.token != null && !Double.isNaN(seen.logprob)) {
                to.add(new TokenLogprob(seen.token, seen.logprob, seen.top));
            }
        }

        /// Tells what the choice says: thoughts, text, refusal, images, calls, citations, and last that it is at its end.
        private void tell(Line line) {
            if (!started && finish != null && Wire.FAILURES.contains(finish)) {
                suspect = true;
                return;
            }
            start();
            if (!whole || !line.thought) {
                thoughts(line);
            }
            if (!logprobs.isEmpty()) {
                out.logprobs(index, logprobs);
            }
            if (!whole || !line.spoke) {
                if (content != null && !content.isEmpty()) {
                    line.text(content);
                }
                for (Piece piece : pieces) {
                    if (piece.thinking) {
                        out.thinking(index, piece.text);
                    } else {
                        line.text(piece.text);
                    }
                }
            }
            if (refusal != null && !refusal.isEmpty() && (!whole || !line.refused)) {
                line.refused = true;
                out.refusal(index, refusal);
            }
            for (Citation cited : citations) {
                out.cite(out.runPart(index, PartKind.TEXT), cited);
            }
            if (!fragments.isEmpty() || !images.isEmpty()) {
                line.untag();
            }
            for (Source.Base64 image : images) {
                out.image(index, image.mime(), image.data());
            }
            if (!whole || !line.called) {
                for (Fragment fragment : fragments) {
                    line.called |= !whole;
                    line.calls.add(fragment, whole);
                }
            }
            if (finish != null) {
                finish(line, finish);
            }
        }

        private void thoughts(Line line) {
            boolean detailed = false;
            for (Wire.Detail detail : details) {
                detailed |= detail.text() != null && !detail.text().isEmpty();
            }
            String plain = detailed ? null : reasoningContent == null || reasoningContent.isEmpty() ? reasoning : reasoningContent;
            if (plain != null && !plain.isEmpty()) {
                line.thought |= !whole;
                out.thinking(index, plain);
            }
            for (Wire.Detail detail : details) {
                line.thought |= !whole;
                line.detail(detail);
            }
        }
    }

    /// What one choice has said in the documents until now.
    private final class Line {

        private final int index;
        private final Calls calls;
        private final @Nullable ThinkTags tags;
        /// True once something of the kind has been streamed: a whole message at the end only repeats it.
        private boolean spoke;
        private boolean thought;
        private boolean called;
        private boolean refused;
        private int detailIndex = -1;

        Line(int index) {
            this.index = index;
            this.calls = new Calls(index);
            this.tags = target.parsesThinkTags() ? new ThinkTags(text -> out.thinking(index, text), text -> out.text(index, text)) : null;
        }

        void text(String delta) {
            if (delta.isEmpty()) {
                return;
            }
            spoke |= !choice.whole;
            if (tags != null) {
                tags.accept(delta);
            } else {
                out.text(index, delta);
            }
        }

        /// Entries of another index are another thought.
        void detail(Wire.Detail detail) {
            if (detail.index() >= 0 && detail.index() != detailIndex) {
                if (detailIndex >= 0) {
                    out.endRun(index);
                }
                detailIndex = detail.index();
            }
            if (detail.text() != null) {
                out.thinking(index, detail.text());
            }
            Secret secret = detail.fromUpstream();
            if (secret != null) {
                out.seal(out.runPart(index, PartKind.THINKING), secret);
                out.endRun(index);
            }
        }

        /// Tells what was held back.
        void settle() {
            untag();
            calls.settle();
        }

        /// What may have been the beginning of a tag comes before whatever else is told now.
        private void untag() {
            if (tags != null) {
                tags.end();
            }
        }
    }

    /// Makes tool calls of fragments that vendors number in different ways (spec: streaming, section 3.1.1).
    private final class Calls {

        private final int choice;
        private final Map<Integer, Call> byIndex = new HashMap<>(4);
        private final Map<String, Call> byId = new HashMap<>(4);
        private @Nullable Call last;
        private int count;

        /// A call that fragments are added to. Until its name is known it has no part, and its arguments wait.
        private static final class Call {
            String id = "";
            String name = "";
            String arguments = "";
            int part = -1;
            boolean hasArguments;
            boolean whole;
            @Nullable String signature;
        }

        Calls(int choice) {
            this.choice = choice;
        }

        /// `isWhole` for one that is a call by itself.
        void add(Fragment fragment, boolean isWhole) {
            Call call = isWhole ? new Call() : callOf(fragment);
            last = call;
            if (call.id.isEmpty() && !fragment.id.isEmpty()) {
                call.id = fragment.id;
                byId.put(fragment.id, call);
            }
            if (call.part < 0 && call.name.isEmpty()) {
                call.name = fragment.name;
            }
            call.signature = fragment.signature == null ? call.signature : fragment.signature;
            String delta = delta(call, fragment);
            call.hasArguments |= !delta.isEmpty();
            if (call.part < 0 && !call.name.isEmpty()) {
                open(call);
                delta = target.argumentsAreSnapshots() ? call.arguments : call.arguments + delta;
            } else if (call.part < 0 && !target.argumentsAreSnapshots()) {
                out.gathered(delta.length());
                call.arguments += delta;
            }
            if (call.part >= 0) {
                sign(call);
                out.delta(call.part, delta);
            }
        }

        /// Calls that never got a name cannot be told.
        void settle() {
            Set<Call> nameless = new HashSet<>(0);
            byIndex.values().stream().filter(call -> call.part < 0 && call.name.isEmpty()).forEach(nameless::add);
            byId.values().stream().filter(call -> call.part < 0 && call.name.isEmpty()).forEach(nameless::add);
            if (last != null && last.part < 0 && last.name.isEmpty()) {
                nameless.add(last);
            }
            last = null;
            nameless.forEach(_ -> out.dropped(Feature.NATIVE_PART, "a tool call without a name"));
            byIndex.clear();
            byId.clear();
        }

        private Call callOf(Fragment fragment) {
            if (fragment.index != Fragment.NO_INDEX) {
                Call known = byIndex.get(fragment.index);
                // Some number every parallel call 0.
                boolean another = known == null || !known.name.isEmpty() && !fragment.name.isEmpty()
                        && !fragment.id.isEmpty() && !fragment.id.equals(known.id);
                if (known != null && !another) {
                    return known;
                }
                Call begun = new Call();
                byIndex.put(fragment.index, begun);
                return begun;
            }
            if (!fragment.id.isEmpty()) {
                Call known = byId.get(fragment.id);
                return known == null ? new Call() : known;
            }
            boolean goesOn = last != null && (fragment.name.isEmpty() || !last.hasArguments);
            return last != null && goesOn ? last : new Call();
        }

        /// What the fragment adds to the arguments.
        private String delta(Call call, Fragment fragment) {
            if (fragment.whole) {
                if (call.whole || call.hasArguments) {
                    return "";
                }
                call.whole = true;
                call.arguments = target.argumentsAreSnapshots() ? fragment.arguments : call.arguments;
                return fragment.arguments;
            }
            if (!target.argumentsAreSnapshots()) {
                return fragment.arguments;
            }
            String before = call.arguments;
            if (!fragment.arguments.startsWith(before)) {
                return "";
            }
            call.arguments = fragment.arguments;
            return fragment.arguments.substring(before.length());
        }

        private void open(Call call) {
            String known = call.id.isEmpty() ? minted(call.name) : call.id;
            count++;
            call.part = out.openCall(choice, known, call.name, null);
        }

        /// An id for a call that came without one: no other answer of the conversation has the same.
        private String minted(String name) {
            return "call_" + Ids.sha256(id + "/" + created + "/" + choice + "/" + count + "/" + name).substring(0, 24);
        }

        /// Google's endpoint for this dialect hands out the same signatures as its own.
        private void sign(Call call) {
            if (call.signature != null && !call.signature.isEmpty()) {
                out.seal(call.part, new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, call.signature));
                call.signature = null;
            }
        }
    }
}
