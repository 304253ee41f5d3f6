package dev.plexus.dialect.chat;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.Counts;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Tally;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Usage;
import dev.plexus.wire.Json;
import dev.plexus.wire.JsonFeed;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Reads a whole chat completion.
final class AnswerScan implements AnswerWatch {

    private final Findings findings = new Findings();
    private final JsonFeed feed = new JsonFeed(Wire.ANSWER, findings);

    @Override
    public void feed(byte[] array, int from, int to) {
        feed.feed(array, from, to);
    }

    @Override
    public Generated generated() {
        return findings.generated();
    }

    @Override
    public Result end() {
        boolean whole = feed.end() && !feed.isArray();
        Observed observed = findings.observed();
        if (!whole) {
            return new Result(Verdict.BROKEN, observed, null);
        }
        UpstreamError error = findings.error(null);
        if (error != null) {
            return new Result(Verdict.ERROR, observed, error);
        }
        String finish = observed.finishReason();
        boolean empty = !observed.visible() && (finish == null || Wire.PLAIN_STOPS.contains(finish));
        return new Result(empty ? Verdict.EMPTY : Verdict.GOOD, observed, null);
    }

    /// The error that a document is, or null: the same judgement for answers that are passed through and for those that are translated.
    static @Nullable UpstreamError errorIn(byte[] array, int from, int to, @Nullable String event) {
        Findings findings = new Findings();
        return Json.walk(array, from, to, Wire.ANSWER, findings) ? findings.error(event) : null;
    }

    /// Makes sense of the counts of a usage object.
    static final class Counting {

        private final Tally<Wire.Place> tally = new Tally<>(Wire.Place.class);

        void clear() {
            tally.clear();
        }

        void set(Wire.Place place, long count) {
            tally.set(place, count);
        }

        /// The usage object at the cursor; null if it counts nothing.
        @Nullable Usage read(JsonIn in) {
            if (!in.isObject()) {
                return null;
            }
            clear();
            in.object(name -> {
                Wire.Place place = Wire.COUNTS.get(name);
                if (place != null) {
                    set(place, in);
                    return;
                }
                Map<String, Wire.Place> inner = Wire.DETAILED_COUNTS.get(name);
                if (inner != null && in.isObject()) {
                    in.object(detail -> {
                        Wire.Place detailed = inner.get(detail);
                        if (detailed != null) {
                            set(detailed, in);
                        }
                    });
                }
            });
            return usage();
        }

        private void set(Wire.Place place, JsonIn in) {
            if (!in.isObject() && !in.isArray()) {
                set(place, in.count());
            }
        }

        /// What has been counted since the last [#clear]; null if nothing was.
        @Nullable Usage usage() {
            if (!tally.any()) {
                return null;
            }
            long cached = Counts.first(tally.raw(Wire.Place.CACHED_IN_DETAILS), tally.raw(Wire.Place.CACHED), tally.raw(Wire.Place.CACHE_HIT));
            long cacheWrite = Counts.first(
                    tally.raw(Wire.Place.CACHE_WRITE_IN_DETAILS),
                    tally.raw(Wire.Place.CACHE_CREATION_IN_DETAILS),
                    tally.raw(Wire.Place.CACHE_CREATION));
            long prompt = tally.at(Wire.Place.PROMPT);
            long output = tally.at(Wire.Place.COMPLETION);
            long reasoning = Counts.first(tally.raw(Wire.Place.REASONING_IN_DETAILS), tally.raw(Wire.Place.REASONING));
            long total = tally.at(Wire.Place.TOTAL);
            if (reasoning > 0 && total == prompt + output + reasoning) {
                output += reasoning;
            }
            return Counts.ofWholePrompt(prompt, cached, cacheWrite, output, reasoning, total);
        }
    }

    /// What has been found in the documents of one answer: in the only one, or in one chunk after the other.
    static final class Findings implements Shape.Visitor {

        private final ErrorFields errors = new ErrorFields();
        private final Generated generated = new Generated();
        private final Counting counting = new Counting();
        private final Calls calls = new Calls();
        private @Nullable Told told;

        // Of the whole answer.
        private @Nullable Usage usage;
        private @Nullable String finishReason;
        private boolean visible;
        private long choicesBegun;
        private long choicesFinished;

        // Of the document at hand.
        private boolean hasChoices;
        private boolean hasDelta;
        private boolean hasContent;
        private boolean hasUsage;
        private @Nullable String finishHere;
        private @Nullable String documentType;
        private int choiceCount;

        // Of the choice at hand.
        private int choiceIndex;
        private @Nullable String choiceFinish;

        /// From now on what the client hears goes there too.
        void tell(Told to) {
            told = to;
        }

        private void spoil() {
            if (told != null) {
                told.spoil();
            }
        }

        /// Forgets the document at hand, and keeps what it said about the answer.
        void nextDocument() {
            errors.clear();
            hasChoices = false;
            hasDelta = false;
            hasContent = false;
            hasUsage = false;
            finishHere = null;
            documentType = null;
            choiceCount = 0;
        }

        Generated generated() {
            return generated;
        }

        Observed observed() {
            return new Observed(usage, finishReason, calls.count(), visible);
        }

        /// True if the document has content, a finish reason or usage.
        boolean saysSomething() {
            return hasContent || hasUsage || finishHere != null;
        }

        /// True if the document carries nothing but usage, in the way of a chunk that a client gets only if it asks.
        boolean isUsageOnly() {
            return hasUsage && hasChoices && choiceCount == 0;
        }

        /// True if all choices that were begun have ended.
        boolean finished() {
            return choicesFinished != 0 && (choicesBegun & ~choicesFinished) == 0;
        }

        /// The error that the document is, or null. A chunk with content is none, whatever words it holds.
        @Nullable UpstreamError error(@Nullable String event) {
            boolean failed = finishHere != null && Wire.FAILURES.contains(finishHere);
            boolean normal = hasDelta && !failed && (hasContent || finishHere != null || !errors.present());
            if (normal) {
                return null;
            }
            boolean error = failed
                    || errors.present()
                    || Wire.ERROR.equals(event)
                    || Wire.ERROR.equals(documentType)
                    || (choiceCount == 0 && errors.failsByNumber());
            return error ? errors.toError(null) : null;
        }

        @Override
        public void begin(Shape.Place place, boolean array) {
            switch (place) {
                case ErrorFields.At at -> errors.begin(at);
                case Wire.Place own -> begin(own, array);
                default -> {}
            }
        }

        private void begin(Wire.Place place, boolean array) {
            switch (place) {
                case CHOICES -> hasChoices |= array;
                case CHOICE -> {
                    choiceIndex = choiceCount++;
                    choiceFinish = null;
                }
                case DELTA -> hasDelta = true;
                case MESSAGE -> calls.inMessage(true);
                case ITEM, OPAQUE_ITEM -> {
                    content();
                    spoil();
                }
                case CALL, FUNCTION_CALL -> {
                    content();
                    spoil();
                    calls.begin();
                }
                case CALL_ARGUMENTS -> calls.hasArguments();
                case USAGE -> counting.clear();
                case OBJECT, DOCUMENT_TYPE, INDEX, FINISH_REASON, TEXT, CALL_INDEX, CALL_ID, CALL_NAME, PROMPT, COMPLETION, TOTAL,
                     CACHED_IN_DETAILS, CACHED, CACHE_HIT, CACHE_WRITE_IN_DETAILS, CACHE_CREATION_IN_DETAILS, CACHE_CREATION,
                     REASONING_IN_DETAILS, REASONING -> {}
            }
        }

        @Override
        public void end(Shape.Place place) {
            if (!(place instanceof Wire.Place own)) {
                return;
            }
            switch (own) {
                case CHOICE -> endChoice();
                case MESSAGE -> calls.inMessage(false);
                case CALL, FUNCTION_CALL -> calls.end();
                case USAGE -> {
                    Usage counted = counting.usage();
                    if (counted != null) {
                        usage = counted;
                        hasUsage = true;
                    }
                }
                case OBJECT, DOCUMENT_TYPE, CHOICES, INDEX, FINISH_REASON, DELTA, TEXT, ITEM, OPAQUE_ITEM, CALL_INDEX, CALL_ID, CALL_NAME,
                     CALL_ARGUMENTS, PROMPT, COMPLETION, TOTAL, CACHED_IN_DETAILS, CACHED, CACHE_HIT, CACHE_WRITE_IN_DETAILS,
                     CACHE_CREATION_IN_DETAILS, CACHE_CREATION, REASONING_IN_DETAILS, REASONING -> {}
            }
        }

        @Override
        public void value(Shape.Place place, JsonParser parser) throws IOException {
            switch (place) {
                case ErrorFields.At at -> errors.value(at, parser);
                case Wire.Place own -> value(own, parser);
                default -> {}
            }
        }

        private void value(Wire.Place place, JsonParser parser) throws IOException {
            JsonToken token = parser.currentToken();
            if (token == JsonToken.VALUE_NULL) {
                return;
            }
            switch (place) {
                case OBJECT, DOCUMENT_TYPE -> documentType = Wire.ERROR.equals(documentType) ? documentType : parser.getText();
                case INDEX -> choiceIndex = (int) Math.min(Counts.read(parser), Integer.MAX_VALUE);
                case FINISH_REASON -> finish(parser.getText());
                case TEXT -> {
                    if (token != JsonToken.VALUE_STRING || parser.getTextLength() > 0) {
                        content();
                        note(parser);
                    }
                    if (token == JsonToken.VALUE_STRING) {
                        String member = parser.currentName();
                        generated.add(parser, member != null && member.startsWith(Wire.REASONING_PREFIX));
                    }
                }
                case ITEM -> {
                    content();
                    spoil();
                }
                case CALL_INDEX -> calls.index(Counts.read(parser));
                case CALL_ID -> calls.id(parser.getText());
                case CALL_NAME -> calls.name(parser.getText());
                case CALL_ARGUMENTS -> {
                    if (parser.getTextLength() > 0) {
                        calls.hasArguments();
                        generated.add(parser, false);
                    }
                }
                case PROMPT, COMPLETION, TOTAL, CACHED_IN_DETAILS, CACHED, CACHE_HIT, CACHE_WRITE_IN_DETAILS, CACHE_CREATION_IN_DETAILS,
                     CACHE_CREATION, REASONING_IN_DETAILS, REASONING -> counting.set(place, Counts.read(parser));
                case CHOICES, CHOICE, DELTA, MESSAGE, OPAQUE_ITEM, CALL, FUNCTION_CALL, USAGE -> {}
            }
        }

        /// Thoughts may be left out of what another target goes on from; they have no signature here.
        private void note(JsonParser parser) throws IOException {
            if (told == null) {
                return;
            }
            String name = parser.currentName();
            if (choiceIndex != 0 || parser.currentToken() != JsonToken.VALUE_STRING || "refusal".equals(name)) {
                spoil();
            } else if ("content".equals(name) || "text".equals(name)) {
                told.text(parser.getText());
            }
        }

        private void content() {
            hasContent = true;
            visible = true;
        }

        /// Also for providers that put it beside the choices.
        private void finish(String reason) {
            if (reason.isEmpty()) {
                return;
            }
            choiceFinish = reason;
            finishHere = reason;
            if (choiceCount == 0) {
                endChoice();
            }
        }

        private void endChoice() {
            long bit = 1L << Math.min(choiceIndex, 63);
            choicesBegun |= bit;
            calls.endChoice(choiceIndex);
            if (choiceFinish != null) {
                if (finishReason == null || (choiceIndex == 0 && (choicesFinished & 1) == 0)) {
                    finishReason = choiceFinish;
                }
                choicesFinished |= bit;
            }
        }
    }

    /// Counts the tool calls of the first choice, from fragments that vendors number in different ways.
    private static final class Calls {

        /// Beyond this no more calls are told apart.
        private static final int TRACKED_MAX = 4096;

        /// One entry of a `tool_calls` array.
        private record Fragment(long index, String id, String name, boolean hasArguments) {}

        /// A call that fragments are added to.
        private record Call(String id, boolean named) {}

        private final Map<Long, Call> byIndex = new HashMap<>(4);
        private final Set<String> ids = new HashSet<>(4);
        private final List<Fragment> fragments = new ArrayList<>(1);
        private int streamed;
        private int listed;
        private int listedHere;
        private boolean lastHasArguments;
        private boolean inMessage;

        private long index = Counts.ABSENT;
        private String id = "";
        private String name = "";
        private boolean hasArguments;

        int count() {
            return Math.max(streamed, listed);
        }

        void inMessage(boolean yes) {
            inMessage = yes;
        }

        void begin() {
            index = Counts.ABSENT;
            id = "";
            name = "";
            hasArguments = false;
        }

        void index(long value) {
            index = value;
        }

        void id(String value) {
            id = value;
        }

        void name(String value) {
            name = value;
        }

        void hasArguments() {
            hasArguments = true;
        }

        void end() {
            if (inMessage) {
                listedHere++;
            } else if (fragments.size() < TRACKED_MAX) {
                fragments.add(new Fragment(index, id, name, hasArguments));
            }
        }

        void endChoice(int choice) {
            if (choice == 0) {
                listed = Math.max(listed, listedHere);
                fragments.forEach(this::add);
            }
            listedHere = 0;
            fragments.clear();
        }

        /// A fragment begins a call if its index is new, or if it repeats an index with another id and a name. Without an index a new id
        /// begins one, or a name after the last call has got arguments.
        private void add(Fragment fragment) {
            boolean named = !fragment.name.isEmpty();
            if (fragment.index != Counts.ABSENT) {
                Call known = byIndex.get(fragment.index);
                boolean another = known == null || (named && !fragment.id.isEmpty() && !fragment.id.equals(known.id));
                if (another && byIndex.size() < TRACKED_MAX) {
                    byIndex.put(fragment.index, new Call(fragment.id, named));
                    ids.add(fragment.id);
                    streamed += named ? 1 : 0;
                } else if (known != null && named && !known.named) {
                    byIndex.put(fragment.index, new Call(known.id, true));
                    streamed++;
                }
            } else if (!fragment.id.isEmpty()) {
                if (ids.size() < TRACKED_MAX && ids.add(fragment.id)) {
                    streamed++;
                    lastHasArguments = false;
                }
            } else if (named && (streamed == 0 || lastHasArguments)) {
                streamed++;
                lastHasArguments = false;
            }
            lastHasArguments |= fragment.hasArguments;
        }
    }
}
