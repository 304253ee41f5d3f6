package dev.plexus.dialect.messages;

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
import dev.plexus.wire.Shape;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Reads a whole message.
final class AnswerScan implements AnswerWatch {

    private final Findings findings = new Findings();
    private final JsonFeed feed = new JsonFeed(Wire.SHAPE, findings);

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
        UpstreamError error = findings.error(findings.type());
        if (error != null) {
            return new Result(Verdict.ERROR, observed, error);
        }
        String finish = observed.finishReason();
        boolean empty = !observed.visible() && (finish == null || Wire.PLAIN_STOPS.contains(finish));
        return new Result(empty ? Verdict.EMPTY : Verdict.GOOD, observed, null);
    }

    /// What has been found in the documents of one answer: in the only one, or in one event after the other.
    static final class Findings implements Shape.Visitor {

        private final ErrorFields errors = new ErrorFields();
        private @Nullable Told told;
        private final Generated generated = new Generated();

        // Of the whole answer.
        private final Tokens tokens = new Tokens();
        private @Nullable String finishReason;
        private int toolCalls;
        private boolean visible;

        // Of the document at hand.
        private @Nullable String type;
        private boolean hasContent;
        private boolean hasUsage;
        private boolean hasFinish;

        // Of the block or delta at hand.
        private @Nullable String itemType;
        private boolean itemHasText;

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
            type = null;
            hasContent = false;
            hasUsage = false;
            hasFinish = false;
        }

        Generated generated() {
            return generated;
        }

        Observed observed() {
            return new Observed(tokens.usage(), finishReason, toolCalls, visible);
        }

        @Nullable String type() {
            return type;
        }

        boolean saysSomething() {
            return hasContent || hasUsage || hasFinish;
        }

        boolean finished() {
            return finishReason != null;
        }

        /// The error that the document is, or null. `name` is its type, from wherever that is known.
        @Nullable UpstreamError error(@Nullable String name) {
            boolean normal = switch (name) {
                case Wire.MESSAGE_START, Wire.MESSAGE_DELTA, Wire.MESSAGE_STOP, Wire.BLOCK_START, Wire.BLOCK_DELTA, Wire.BLOCK_STOP, Wire.PING -> true;
                case Wire.MESSAGE -> !errors.present() || hasContent;
                case null, default -> false;
            };
            boolean error = !normal && (Wire.ERROR.equals(name) || errors.present() || errors.failsByNumber());
            return error ? errors.toError(null) : null;
        }

        @Override
        public void begin(Shape.Place place, boolean array) {
            switch (place) {
                case ErrorFields.At at -> errors.begin(at);
                case Wire.Place.BLOCK, Wire.Place.DELTA -> {
                    itemType = null;
                    itemHasText = false;
                }
                case Wire.Place.DELTA_CITATION -> {
                    itemHasText = true;
                    spoil();
                }
                case Wire.Place.BLOCK_INPUT -> generated.open(array);
                default -> {}
            }
        }

        @Override
        public void end(Shape.Place place) {
            if (place == Wire.Place.BLOCK_INPUT) {
                generated.close();
            } else if (place == Wire.Place.BLOCK) {
                endBlock();
            } else if (place == Wire.Place.DELTA && (itemHasText || (itemType != null && !Wire.KNOWN_DELTAS.contains(itemType)))) {
                content();
            }
        }

        private void endBlock() {
            if (itemType == null) {
                return;
            }
            if (!itemType.equals(Wire.TEXT)) {
                spoil(); // calls, and thoughts, which need their signature
            }
            if (itemType.equals(Wire.TOOL_USE)) {
                toolCalls++;
            }
            if (itemHasText || !Wire.TEXT_BLOCKS.contains(itemType)) {
                content();
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
                case MESSAGE -> errors.value(ErrorFields.At.TOP_MESSAGE, parser);
                case BLOCK_TYPE, DELTA_TYPE -> itemType = parser.getText();
                case BLOCK_TEXT, DELTA_TEXT -> {
                    itemHasText |= parser.getTextLength() > 0;
                    if (told != null) {
                        note(told, parser);
                    }
                    generated.add(parser, Wire.THINKING.equals(parser.currentName()));
                }
                case BLOCK_INPUT -> generated.member(parser);
                case DELTA_SIGNATURE -> hasContent |= parser.getTextLength() > 0;
                case STOP_REASON -> {
                    finishReason = parser.getText();
                    hasFinish = true;
                }
                case TOKEN_COUNT -> content();
                case INPUT, CACHED, CACHE_WRITE, CACHE_WRITE_SHORT, CACHE_WRITE_LONG, OUTPUT, THINKING -> {
                    tokens.value(place, parser);
                    hasUsage = true;
                }
                case BLOCK, DELTA, DELTA_CITATION, USAGE -> {}
            }
        }

        private static void note(Told told, JsonParser parser) throws IOException {
            if (Wire.TEXT.equals(parser.currentName())) {
                told.text(parser.getText());
            } else if (parser.getTextLength() > 0) {
                told.spoil();
            }
        }

        private void content() {
            hasContent = true;
            visible = true;
        }
    }

    /// The token counts of one answer, which come in parts and may be told again as 0: each is the largest seen.
    static final class Tokens implements Shape.Visitor {

        private final Tally<Wire.Place> tally = new Tally<>(Wire.Place.class);

        /// Takes the counts of a usage object, given as its JSON text.
        void read(String json) {
            byte[] bytes = json.getBytes(StandardCharsets.UTF_8);
            Json.walk(bytes, 0, bytes.length, Wire.TOKENS, this);
        }

        /// The counts until now, null while there are none.
        @Nullable Usage usage() {
            if (!tally.any()) {
                return null;
            }
            long both = tally.at(Wire.Place.CACHE_WRITE_SHORT) + tally.at(Wire.Place.CACHE_WRITE_LONG);
            return Counts.of(
                    tally.at(Wire.Place.INPUT),
                    tally.at(Wire.Place.CACHED),
                    Counts.first(tally.raw(Wire.Place.CACHE_WRITE), both),
                    tally.at(Wire.Place.CACHE_WRITE_LONG),
                    tally.at(Wire.Place.OUTPUT),
                    tally.at(Wire.Place.THINKING),
                    0);
        }

        @Override
        public void value(Shape.Place place, JsonParser parser) throws IOException {
            if (place instanceof Wire.Place own && parser.currentToken() != JsonToken.VALUE_NULL) {
                tally.raise(own, Counts.read(parser));
            }
        }

        @Override
        public void begin(Shape.Place place, boolean array) {}

        @Override
        public void end(Shape.Place place) {}
    }
}
