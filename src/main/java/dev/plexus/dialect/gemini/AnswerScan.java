package dev.plexus.dialect.gemini;

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
import dev.plexus.wire.JsonFeed;
import dev.plexus.wire.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads a whole answer of generateContent, and of its neighbours that count tokens or embed.
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
        boolean whole = feed.end();
        Observed observed = findings.observed();
        UpstreamError error = whole ? findings.error(null) : null;
        if (error != null) {
            return new Result(Verdict.ERROR, observed, error);
        }
        if (!whole || feed.isArray()) {
            return new Result(Verdict.BROKEN, observed, null);
        }
        String finish = observed.finishReason();
        boolean empty = !observed.visible() && (finish == null || finish.equals(Wire.STOP));
        return new Result(empty ? Verdict.EMPTY : Verdict.GOOD, observed, null);
    }

    /// What the counts of a usage object mean: thoughts are output, and the cache is taken out of the prompt.
    static Usage usage(Tally<Wire.Place> tally) {
        long thoughts = tally.at(Wire.Place.THOUGHTS);
        long prompt = tally.at(Wire.Place.PROMPT);
        long cached = tally.at(Wire.Place.CACHED);
        long input = (cached > prompt ? prompt : prompt - cached) + tally.at(Wire.Place.TOOL_PROMPT);
        return Counts.of(input, cached, 0, 0, tally.at(Wire.Place.CANDIDATES_COUNT) + thoughts, thoughts, tally.at(Wire.Place.TOTAL));
    }

    /// What has been found in the documents of one answer: in the only one, or in one chunk after the other.
    static final class Findings implements Shape.Visitor {

        static final UpstreamError MALFORMED_CALL = new UpstreamError(
                503, "UNAVAILABLE", "upstream_malformed_function_call", 0, "The model wrote a malformed function call; please try again.");

        private final ErrorFields errors = new ErrorFields();
        private final Generated generated = new Generated();
        private final Tally<Wire.Place> tally = new Tally<>(Wire.Place.class);
        private @Nullable Told told;

        // Of the whole answer.
        private @Nullable Usage usage;
        private @Nullable String finishReason;
        private @Nullable String blockReason;
        private int toolCalls;
        private boolean visible;

        // Of the document at hand.
        private @Nullable String type;
        private boolean hasCandidates;
        private boolean hasContent;
        private boolean hasUsage;
        private boolean hasFinish;
        private boolean malformedCall;

        // Of the candidate at hand.
        private int candidate;
        private int candidates;
        private @Nullable String candidateFinish;

        /// From now on what the client hears goes there too.
        void tell(Told to) {
            told = to;
        }

        private void spoil() {
            if (told != null) {
                told.spoil();
            }
        }

        // Of the part at hand.
        private @Nullable String partText;
        private boolean thought;

        /// Forgets the document at hand, and keeps what it said about the answer.
        void nextDocument() {
            errors.clear();
            type = null;
            hasCandidates = false;
            hasContent = false;
            hasUsage = false;
            hasFinish = false;
            malformedCall = false;
        }

        Generated generated() {
            return generated;
        }

        Observed observed() {
            return new Observed(usage, finishReason != null ? finishReason : blockReason, toolCalls, visible);
        }

        boolean saysSomething() {
            return hasContent || hasUsage || hasFinish;
        }

        boolean finished() {
            return finishReason != null || blockReason != null;
        }

        /// The error that the document is, or null. A malformed call with nothing before it is one too: another attempt may do better.
        @Nullable UpstreamError error(@Nullable String event) {
            if (malformedCall && !visible) {
                return MALFORMED_CALL;
            }
            if (hasContent || hasFinish) {
                return null;
            }
            boolean error = errors.present()
                    || (!hasCandidates && (Wire.ERROR.equals(event) || Wire.ERROR.equals(type) || errors.failsByNumber()));
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
                case CANDIDATES -> {
                    hasCandidates = true;
                    candidates = 0;
                }
                case CANDIDATE -> {
                    candidate = candidates++;
                    candidateFinish = null;
                }
                case PART -> {
                    partText = null;
                    thought = false;
                }
                case ITEM, CALL -> {
                    content();
                    spoil();
                }
                case CALL_ARGUMENTS -> generated.open(array);
                case USAGE -> {
                    tally.clear();
                }
                case TYPE, INDEX, FINISH_REASON, BLOCK_REASON, TEXT, THOUGHT, CALL_NAME, PROMPT, TOOL_PROMPT, CACHED, CANDIDATES_COUNT, THOUGHTS, TOTAL -> {}
            }
        }

        @Override
        public void end(Shape.Place place) {
            if (place == Wire.Place.PART) {
                if (partText != null) {
                    generated.add(partText, thought);
                }
            } else if (place == Wire.Place.CALL_ARGUMENTS) {
                generated.close();
            } else if (place == Wire.Place.CANDIDATE && candidateFinish != null) {
                hasFinish = true;
                malformedCall |= candidateFinish.equals(Wire.MALFORMED_CALL);
                if (finishReason == null || candidate == 0) {
                    finishReason = candidateFinish;
                }
            } else if (place == Wire.Place.USAGE && tally.any()) {
                usage = usage(tally);
                hasUsage |= tally.at(Wire.Place.CANDIDATES_COUNT) + tally.at(Wire.Place.THOUGHTS) > 0; // every chunk counts the prompt
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
            if (parser.currentToken() == JsonToken.VALUE_NULL) {
                return;
            }
            switch (place) {
                case TYPE -> type = parser.getText();
                case INDEX -> candidate = (int) Math.min(Counts.read(parser), Integer.MAX_VALUE);
                case FINISH_REASON -> {
                    String reason = parser.getText();
                    candidateFinish = reason.isEmpty() || reason.equals(Wire.UNSPECIFIED) ? null : reason;
                }
                case BLOCK_REASON -> {
                    blockReason = parser.getText();
                    hasFinish = true;
                }
                case TEXT -> {
                    if (parser.getTextLength() > 0) {
                        content();
                        note(parser);
                        partText = parser.getText();
                    }
                }
                case THOUGHT -> thought = parser.currentToken() == JsonToken.VALUE_TRUE;
                case CALL_ARGUMENTS -> generated.member(parser);
                case ITEM -> {
                    content();
                    spoil();
                }
                case CALL_NAME -> toolCalls += parser.getTextLength() > 0 ? 1 : 0;
                case PROMPT, TOOL_PROMPT, CACHED, CANDIDATES_COUNT, THOUGHTS, TOTAL -> {
                    tally.set(place, Counts.read(parser));
                }
                case CANDIDATES, CANDIDATE, PART, CALL, USAGE -> {}
            }
        }

        private void note(JsonParser parser) throws IOException {
            if (candidate != 0) {
                spoil();
            } else if (told != null) {
                told.text(parser.getText());
            }
        }

        private void content() {
            hasContent = true;
            visible = true;
        }
    }
}
