package dev.plexus.dialect.gemini;

import dev.plexus.dialect.DoneMark;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.Feature;
import dev.plexus.dialect.GatheredObject;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.Tally;
import dev.plexus.dialect.ToolArguments;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Citation;
import dev.plexus.model.DialectId;
import dev.plexus.model.FinishReason;
import dev.plexus.model.Secret;
import dev.plexus.model.StreamEvent.PartKind;
import dev.plexus.model.TokenLogprob;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonIn;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// Reads an upstream's stream, chunk by chunk. Some back ends put a finish reason on every chunk, or parts after it; so it is believed only once a chunk
/// without parts follows, or the end.
final class StreamReader implements StreamDecoder {

    /// Answers of a request beyond this are not told apart.
    private static final int CHOICES_MAX = 128;

    private final Traits target;
    private final Emitter out;
    private final Tally<Wire.Place> tally = new Tally<>(Wire.Place.class);
    private final Map<Integer, Candidate> candidates = new TreeMap<>();
    private @Nullable String blockReason;
    private boolean started;
    private boolean said;

    // Of the chunk at hand.
    private boolean malformedCall;
    private boolean mentionsError;
    private boolean hasCandidates;

    // Of the candidate at hand.
    private final Parts parts = new Parts();
    private int index;
    private @Nullable String finishWord;
    private @Nullable List<TokenLogprob> logprobs;
    private @Nullable Grounding grounding;

    StreamReader(Traits target, Emitter out) {
        this.target = target;
        this.out = out;
    }

    @Override
    public boolean frame(byte[] array, int from, int to, @Nullable String event) {
        if (DoneMark.is(array, from, to)) {
            finish();
            out.end();
            return true;
        }
        try {
            return read(array, from, to, event);
        } catch (JsonIn.Bad e) {
            return false;
        }
    }

    @Override
    public boolean hasAll() {
        return blockReason != null || !candidates.isEmpty() && candidates.values().stream().allMatch(one -> one.finish != null);
    }

    @Override
    public void end() {
        if (hasAll() || started && target.lenientEnd()) {
            finish();
            out.end();
        }
    }

    /// Tells the finish reasons that wait.
    void finish() {
        candidates.values().forEach(Candidate::finish);
        if (blockReason != null && candidates.isEmpty()) {
            out.finish(0, FinishReason.CONTENT_FILTER, blockReason, null);
        }
    }

    /// True if anything read until now belongs to an answer.
    boolean saidSomething() {
        return said;
    }

    /// Reads one chunk, or several in an array. False for JSON of another sort.
    boolean read(byte[] array, int from, int to, @Nullable String event) {
        mentionsError = false;
        hasCandidates = false;
        malformedCall = false;
        if (!started) {
            JsonIn.read(array, from, to, this::start);
        }
        var chunk = new Object() {
            boolean any = true;
        };
        JsonIn.read(array, from, to, in -> {
            if (in.isObject()) {
                in.object(name -> member(in, name));
            } else if (in.isArray()) {
                in.array(() -> {
                    if (in.isObject()) {
                        in.object(name -> member(in, name));
                    }
                });
            } else {
                chunk.any = false;
            }
        });
        if (malformedCall) {
            out.fail(AnswerScan.Findings.MALFORMED_CALL);
        } else if (mentionsError || !hasCandidates) {
            error(array, from, to, event);
            finishKnown();
        }
        return chunk.any;
    }

    /// A chunk that only counts tokens comes after everything else.
    private void finishKnown() {
        for (Candidate candidate : candidates.values()) {
            if (candidate.finish != null) {
                candidate.finish();
            }
        }
    }

    /// Looks for an error by the rules that pass-through has.
    private void error(byte[] array, int from, int to, @Nullable String event) {
        AnswerScan.Findings findings = new AnswerScan.Findings();
        if (Json.walk(array, from, to, Wire.ANSWER, findings)) {
            UpstreamError error = findings.error(event);
            if (error != null) {
                out.fail(error);
            }
        }
    }

    /// Id and model come after the candidates, but have to be told first.
    private void start(JsonIn in) {
        var head = new Object() {
            @Nullable String id;
            @Nullable String model;
            boolean answer;
        };
        Runnable object = () -> in.object(name -> {
            switch (Wire.camelCase(name)) {
                case "responseId" -> head.id = in.textIfAny();
                case "modelVersion" -> head.model = in.textIfAny();
                case "candidates", "promptFeedback", "usageMetadata" -> head.answer = true;
                default -> {}
            }
        });
        if (in.isObject()) {
            object.run();
        } else if (in.isArray()) {
            in.array(() -> {
                if (in.isObject() && !head.answer) {
                    object.run();
                }
            });
        }
        if (head.answer) {
            started = true;
            out.start(head.id, head.model, 0);
        }
    }

    private void member(JsonIn in, String name) {
        switch (Wire.camelCase(name)) {
            case "candidates" -> {
                if (in.isArray()) {
                    hasCandidates = true;
                    said = true;
                    var place = new Object() {
                        int next;
                    };
                    in.array(() -> candidate(in, place.next++));
                }
            }
            case "usageMetadata" -> {
                if (in.isObject()) {
                    tally.clear();
                    in.object(count -> {
                        Wire.Place place = Wire.COUNTS.get(Wire.camelCase(count));
                        if (place != null) {
                            tally.set(place, in.count());
                        }
                    });
                    if (tally.any()) {
                        out.usage(AnswerScan.usage(tally));
                    }
                }
            }
            case "promptFeedback" -> {
                said = true;
                if (in.isObject()) {
                    in.object(feedback -> {
                        String reason = Wire.camelCase(feedback).equals("blockReason") ? in.textIfAny() : null;
                        if (reason != null && !reason.isEmpty() && !reason.endsWith("_UNSPECIFIED")) {
                            blockReason = reason;
                        }
                    });
                }
            }
            case Wire.ERROR -> mentionsError |= !in.isNull();
            default -> {}
        }
    }

    /// Reads a candidate whole before anything is told of it: its index may stand behind its parts.
    private void candidate(JsonIn in, int place) {
        if (!in.isObject()) {
            return;
        }
        parts.clear();
        index = place;
        finishWord = null;
        logprobs = null;
        grounding = null;
        in.object(name -> {
            switch (Wire.camelCase(name)) {
                case "index" -> index = in.intOr(place);
                case "content" -> {
                    if (in.isObject()) {
                        in.object(member -> {
                            if (member.equals("parts") && in.isArray()) {
                                in.array(() -> part(in));
                            }
                        });
                    }
                }
                case "finishReason" -> {
                    String word = in.textIfAny();
                    finishWord = word == null || word.isEmpty() || word.equals(Wire.UNSPECIFIED) ? null : word;
                }
                case "logprobsResult" -> logprobs = Logprobs.read(in);
                case "groundingMetadata" -> grounding = Grounding.read(in);
                case "citationMetadata" -> {
                    if (!in.isNull()) {
                        out.dropped(Feature.CITATIONS, "the model's own citations");
                    }
                }
                default -> {}
            }
        });
        if (index < 0 || index >= CHOICES_MAX) {
            out.dropped(Feature.CHOICES, "an answer beyond the first " + CHOICES_MAX);
        } else {
            Candidate candidate = candidates.get(index);
            if (candidate == null) {
                candidate = new Candidate(index);
                candidates.put(index, candidate);
            }
            candidate.chunk();
        }
    }

    private void part(JsonIn in) {
        if (!in.isObject()) {
            return;
        }
        Part part = parts.next();
        in.object(name -> {
            switch (Wire.camelCase(name)) {
                case "text" -> part.text = in.textIfAny();
                case "thought" -> part.thought = in.isTrue();
                case "thoughtSignature" -> part.signature = in.textIfAny();
                case "functionCall" -> functionCall(in, part);
                case "inlineData" -> inlineData(in, part);
                case "videoMetadata", "partMetadata", "mediaResolution" -> {}
                default -> {
                    if (!in.isNull()) {
                        out.dropped(Feature.NATIVE_PART, "part of type " + name);
                    }
                }
            }
        });
    }

    private static void functionCall(JsonIn in, Part part) {
        if (!in.isObject()) {
            return;
        }
        part.isCall = true;
        in.object(name -> {
            switch (Wire.camelCase(name)) {
                case "id" -> part.id = in.scalarIfAny();
                case "name" -> part.name = in.textIfAny();
                case "args" -> part.arguments = in.isNull() ? null : in.isObject() ? in.raw() : ToolArguments.object(in.isText() ? in.text() : in.raw());
                case "willContinue" -> part.willContinue = in.isTrue();
                case "partialArgs" -> {
                    if (in.isArray()) {
                        in.array(() -> part.pieces(in));
                    }
                }
                default -> {}
            }
        });
    }

    private static void inlineData(JsonIn in, Part part) {
        if (!in.isObject()) {
            return;
        }
        in.object(name -> {
            switch (Wire.camelCase(name)) {
                case "mimeType" -> part.mime = in.textIfAny();
                case "data" -> part.data = in.textIfAny();
                default -> {}
            }
        });
    }

    /// One part of a chunk while it is being read; used again for the next chunk.
    private static final class Part {

        @Nullable String text;
        boolean thought;
        @Nullable String signature;
        boolean isCall;
        @Nullable String id;
        @Nullable String name;
        @Nullable String arguments;
        boolean willContinue;
        @Nullable List<Piece> pieces;
        @Nullable String mime;
        @Nullable String data;

        void clear() {
            text = null;
            thought = false;
            signature = null;
            isCall = false;
            id = null;
            name = null;
            arguments = null;
            willContinue = false;
            pieces = null;
            mime = null;
            data = null;
        }

        boolean isEmpty() {
            return !isCall && signature == null && data == null && (text == null || text.isEmpty());
        }

        /// One of `partialArgs`: the value of a place within the arguments, or more of a string there.
        void pieces(JsonIn in) {
            if (!in.isObject()) {
                return;
            }
            var read = new Object() {
                @Nullable String path;
                @Nullable String text;
                String json = "null";
            };
            in.object(name -> {
                switch (Wire.camelCase(name)) {
                    case "jsonPath" -> read.path = in.textIfAny();
                    case "stringValue" -> read.text = in.textIfAny();
                    case "numberValue", "boolValue" -> {
                        String value = in.scalarIfAny();
                        read.json = value == null || in.isText() ? "null" : value;
                    }
                    default -> {}
                }
            });
            if (read.path != null) {
                if (pieces == null) {
                    pieces = new ArrayList<>();
                }
                pieces.add(new Piece(read.path, read.text, read.json));
            }
        }
    }

    private record Piece(String path, @Nullable String text, String json) {}

    /// The parts of a chunk.
    private static final class Parts {

        private final List<Part> all = new ArrayList<>(1);
        private int size;

        Part next() {
            if (size == all.size()) {
                all.add(new Part());
            }
            return all.get(size++);
        }

        void clear() {
            for (int at = 0; at < size; at++) {
                all.get(at).clear();
            }
            size = 0;
        }

        boolean areEmpty() {
            for (int at = 0; at < size; at++) {
                if (!all.get(at).isEmpty()) {
                    return false;
                }
            }
            return true;
        }
    }

    /// What is known of one candidate.
    private final class Candidate {

        private final int choice;
        /// The kind of the last part, null before the first.
        private @Nullable PartKind last;
        private @Nullable String lastCall;
        private boolean textIsSealed;
        private @Nullable Arguments streamed;
        private @Nullable String finish;
        private @Nullable Grounding cites;
        private final StringBuilder text = new StringBuilder();
        /// Where the text of each part of the first chunk begins; of no use once there are more chunks.
        private int[] starts = {};
        private int chunks;

        Candidate(int choice) {
            this.choice = choice;
        }

        /// Tells what the chunk at hand says of this candidate.
        void chunk() {
            chunks++;
            boolean follows = finish != null && finishWord == null && parts.areEmpty();
            if (chunks == 1) {
                starts = new int[parts.size];
            }
            for (int at = 0; at < parts.size; at++) {
                if (chunks == 1) {
                    starts[at] = text.length();
                }
                tell(parts.all.get(at));
            }
            if (logprobs != null) {
                out.logprobs(choice, logprobs);
            }
            cites = grounding != null ? grounding : cites;
            if (finishWord != null) {
                finish = finishWord;
                malformedCall |= Wire.isMalformedCall(finishWord);
            } else if (follows) {
                finish();
            }
        }

        private void tell(Part part) {
            if (part.isCall) {
                call(part);
            } else if (part.data != null) {
                image(part, part.data);
            } else if (part.text != null && !part.text.isEmpty()) {
                text(part, part.text);
            } else if (part.signature != null) {
                looseSignature(part.signature);
            }
        }

        private void text(Part part, String delta) {
            PartKind kind = part.thought ? PartKind.THINKING : PartKind.TEXT;
            if (last != kind || textIsSealed) {
                out.endRun(choice);
                textIsSealed = false;
                last = kind;
            }
            if (part.thought) {
                out.thinking(choice, delta);
            } else {
                text.append(delta);
                out.text(choice, delta);
            }
            if (part.signature != null) {
                out.seal(out.runPart(choice, kind), secret(part.signature, null));
                textIsSealed = !part.thought;
            }
        }

        /// A signature without a part of its own belongs to what was last said. A call is closed by now: a thought takes it along.
        private void looseSignature(String signature) {
            if (last == PartKind.TEXT && !textIsSealed) {
                out.seal(out.runPart(choice, PartKind.TEXT), secret(signature, null));
                textIsSealed = true;
            } else if (last == PartKind.TOOL_CALL) {
                thought(secret(signature, lastCall));
            } else {
                out.seal(out.runPart(choice, PartKind.THINKING), secret(signature, null));
                last = PartKind.THINKING;
            }
        }

        private void thought(Secret secret) {
            int part = out.open(choice, PartKind.THINKING);
            out.seal(part, secret);
            out.close(part);
        }

        private void image(Part part, String data) {
            if (part.thought || part.mime == null || !part.mime.startsWith("image/")) {
                out.dropped(mediaOf(part), part.thought ? "media within thoughts" : "media of type " + part.mime);
                return;
            }
            if (part.signature != null) {
                thought(secret(part.signature, null));
            }
            out.image(choice, part.mime, data);
            last = PartKind.IMAGE;
        }

        private static Feature mediaOf(Part part) {
            String mime = part.mime == null ? "" : part.mime;
            return mime.startsWith("image/") ? Feature.IMAGE
                    : mime.startsWith("audio/") ? Feature.AUDIO : mime.startsWith("video/") ? Feature.VIDEO : Feature.NATIVE_PART;
        }

        private void call(Part part) {
            boolean named = part.name != null && !part.name.isEmpty();
            if (streamed != null && (!named || streamed.part >= 0 && part.pieces != null && streamed.name.equals(part.name))) {
                streamed.add(part);
            } else if (part.name != null && named) {
                endStreamedCall();
                String id = part.id == null || part.id.isEmpty() ? Wire.freshCallId() : part.id;
                int opened = out.openCall(choice, id, part.name, null);
                last = PartKind.TOOL_CALL;
                lastCall = id;
                if (part.signature != null) {
                    out.seal(opened, secret(part.signature, null));
                }
                if (part.pieces == null && !part.willContinue) {
                    out.delta(opened, part.arguments == null ? "{}" : part.arguments);
                    out.close(opened);
                    return;
                }
                streamed = new Arguments(opened, part.name);
                streamed.add(part);
            }
            if (!part.willContinue) {
                endStreamedCall();
            }
        }

        private void endStreamedCall() {
            if (streamed != null) {
                out.delta(streamed.part, streamed.json());
                out.close(streamed.part);
                streamed = null;
            }
        }

        /// Tells the end, and before it what the text is based on.
        void finish() {
            endStreamedCall();
            if (cites != null && last == PartKind.TEXT && !out.isFinished(choice)) {
                int part = out.runPart(choice, PartKind.TEXT);
                cites.citations(text, chunks == 1 ? starts : new int[0]).forEach(citation -> out.cite(part, citation));
                if (cites.isWithoutAddress()) {
                    out.dropped(Feature.CITATIONS, "a source without an address");
                }
                cites = null;
            } else if (cites != null && cites.saysSomething() && !out.isFinished(choice)) {
                out.dropped(Feature.CITATIONS, "sources of an answer that does not end in text");
                cites = null;
            }
            if (finish != null) {
                out.finish(choice, Wire.finishReason(finish), finish, null);
            }
        }

        private static Secret secret(String signature, @Nullable String call) {
            return new Secret(DialectId.GEMINI, Secret.Kind.SIGNATURE, signature, call);
        }
    }

    /// The arguments of a call that arrive in pieces; told in one, since only the whole is known to be JSON.
    private final class Arguments {

        final int part;
        final String name;
        private final GatheredObject object = new GatheredObject();
        private @Nullable String whole;

        Arguments(int part, String name) {
            this.part = part;
            this.name = name;
        }

        void add(Part part) {
            whole = part.arguments != null ? part.arguments : whole;
            for (Piece piece : part.pieces == null ? List.<Piece>of() : part.pieces) {
                out.gathered(piece.path.length() + (piece.text == null ? piece.json.length() : piece.text.length()));
                boolean placed = piece.text == null ? object.set(piece.path, piece.json) : object.append(piece.path, piece.text);
                if (!placed) {
                    out.dropped(Feature.NATIVE_PART, "an argument without a place");
                }
            }
        }

        String json() {
            return object.isEmpty() && whole != null ? whole : object.json();
        }
    }

    /// Reads the log probabilities: chosen tokens, and beside each the likeliest.
    private static final class Logprobs {

        private Logprobs() {}

        static List<TokenLogprob> read(JsonIn in) {
            List<TokenLogprob> chosen = new ArrayList<>();
            List<List<TokenLogprob>> top = new ArrayList<>();
            if (in.isObject()) {
                in.object(name -> {
                    if (!in.isArray()) {
                        return;
                    }
                    switch (Wire.camelCase(name)) {
                        case "chosenCandidates" -> in.array(() -> chosen.add(token(in)));
                        case "topCandidates" -> in.array(() -> {
                            List<TokenLogprob> likeliest = new ArrayList<>();
                            if (in.isObject()) {
                                in.object(_ -> {
                                    if (in.isArray()) {
                                        in.array(() -> likeliest.add(token(in)));
                                    }
                                });
                            }
                            top.add(likeliest);
                        });
                        default -> {}
                    }
                });
            }
            List<TokenLogprob> all = new ArrayList<>(chosen.size());
            for (int at = 0; at < chosen.size(); at++) {
                TokenLogprob one = chosen.get(at);
                all.add(at < top.size() ? new TokenLogprob(one.token(), one.logprob(), top.get(at)) : one);
            }
            return all;
        }

        private static TokenLogprob token(JsonIn in) {
            var read = new Object() {
                String token = "";
                double logprob;
            };
            if (in.isObject()) {
                in.object(name -> {
                    switch (Wire.camelCase(name)) {
                        case "token" -> {
                            String token = in.textIfAny();
                            read.token = token == null ? "" : token;
                        }
                        case "logProbability" -> read.logprob = in.numberOr(0);
                        default -> {}
                    }
                });
            }
            return new TokenLogprob(read.token, read.logprob, List.of());
        }
    }

    /// What an answer is based on: pages, and the spans of text that they support.
    private static final class Grounding {

        private record Page(@Nullable String uri, @Nullable String title) {}

        /// `from` and `to` count bytes of the text of that part.
        private record Support(int part, int from, int to, List<Integer> pages) {}

        private final List<Page> pages = new ArrayList<>();
        private final List<Support> supports = new ArrayList<>();

        static Grounding read(JsonIn in) {
            Grounding grounding = new Grounding();
            if (in.isObject()) {
                in.object(name -> {
                    if (!in.isArray()) {
                        return;
                    }
                    switch (Wire.camelCase(name)) {
                        case "groundingChunks" -> in.array(() -> grounding.page(in));
                        case "groundingSupports" -> in.array(() -> grounding.support(in));
                        default -> {}
                    }
                });
            }
            return grounding;
        }

        private void page(JsonIn in) {
            var read = new Object() {
                @Nullable String uri;
                @Nullable String title;
            };
            if (in.isObject()) {
                in.object(_ -> {
                    if (in.isObject()) {
                        in.object(name -> {
                            switch (name) {
                                case "uri" -> read.uri = in.textIfAny();
                                case "title" -> read.title = in.textIfAny();
                                default -> {}
                            }
                        });
                    }
                });
            }
            pages.add(new Page(read.uri, read.title));
        }

        private void support(JsonIn in) {
            var read = new Object() {
                int part;
                int from;
                int to = -1;
            };
            List<Integer> indices = new ArrayList<>();
            if (in.isObject()) {
                in.object(name -> {
                    switch (Wire.camelCase(name)) {
                        case "segment" -> {
                            if (in.isObject()) {
                                in.object(member -> {
                                    switch (Wire.camelCase(member)) {
                                        case "partIndex" -> read.part = in.intOr(0);
                                        case "startIndex" -> read.from = in.intOr(0);
                                        case "endIndex" -> read.to = in.intOr(-1);
                                        default -> {}
                                    }
                                });
                            }
                        }
                        case "groundingChunkIndices" -> {
                            if (in.isArray()) {
                                in.array(() -> indices.add(in.intOr(-1)));
                            }
                        }
                        default -> {}
                    }
                });
            }
            supports.add(new Support(read.part, read.from, read.to, indices));
        }

        boolean saysSomething() {
            return !pages.isEmpty();
        }

        boolean isWithoutAddress() {
            return pages.stream().anyMatch(page -> page.uri == null);
        }

        /// The citations of that text, whose parts begin at `starts` where that is known.
        List<Citation> citations(CharSequence text, int[] starts) {
            List<Citation> citations = new ArrayList<>();
            for (Support support : supports) {
                int base = support.part >= 0 && support.part < starts.length ? starts[support.part] : 0;
                int from = character(text, base, support.from);
                int to = character(text, base, support.to);
                boolean known = from >= 0 && to >= from;
                int start = known ? Character.codePointCount(text, 0, from) : -1;
                int end = known ? Character.codePointCount(text, 0, to) : -1;
                for (int index : support.pages) {
                    cite(index, start, end, citations);
                }
            }
            if (supports.isEmpty()) {
                for (int index = 0; index < pages.size(); index++) {
                    cite(index, -1, -1, citations);
                }
            }
            return citations;
        }

        private void cite(int index, int start, int end, List<Citation> citations) {
            if (index >= 0 && index < pages.size()) {
                Page page = pages.get(index);
                if (page.uri != null) {
                    citations.add(new Citation(page.uri, page.title, null, start, end));
                }
            }
        }

        /// The place of the character that is `bytes` of UTF-8 behind `base`; -1 if the text is shorter.
        private static int character(CharSequence text, int base, int bytes) {
            int at = base;
            int left = bytes;
            while (left > 0 && at < text.length()) {
                int point = Character.codePointAt(text, at);
                left -= point < 0x80 ? 1 : point < 0x800 ? 2 : point < 0x10000 ? 3 : 4;
                at += Character.charCount(point);
            }
            return left > 0 || bytes < 0 ? -1 : at;
        }
    }
}
