package dev.plexus.dialect.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.Counts;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.Generated;
import dev.plexus.dialect.Observed;
import dev.plexus.dialect.Tally;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonFeed;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads a whole response.
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
        findings.finish(null);
        Observed observed = findings.observed();
        if (!whole) {
            return new Result(Verdict.BROKEN, observed, null);
        }
        if (findings.failed()) {
            return new Result(Verdict.ERROR, observed, findings.error());
        }
        String status = findings.status();
        boolean empty = !observed.visible() && (status == null || status.equals(Wire.STATUS_COMPLETED));
        return new Result(empty ? Verdict.EMPTY : Verdict.GOOD, observed, null);
    }

    /// The counts that a usage object holds, null where it holds none.
    static @Nullable Usage usage(JsonIn in) {
        Tally<Wire.Place> tally = new Tally<>(Wire.Place.class);
        if (in.isObject()) {
            in.object(name -> {
                switch (name) {
                    case "input_tokens" -> tally.set(Wire.Place.INPUT, in.count());
                    case "output_tokens" -> tally.set(Wire.Place.OUTPUT, in.count());
                    case "total_tokens" -> tally.set(Wire.Place.TOTAL, in.count());
                    case "input_tokens_details", "output_tokens_details" -> details(in, tally);
                    default -> {}
                }
            });
        }
        return usage(tally);
    }

    private static void details(JsonIn in, Tally<Wire.Place> tally) {
        if (in.isObject()) {
            in.object(name -> {
                switch (name) {
                    case "cached_tokens" -> tally.set(Wire.Place.CACHED, in.count());
                    case "cache_write_tokens" -> tally.set(Wire.Place.CACHE_WRITE, in.count());
                    case "reasoning_tokens" -> tally.set(Wire.Place.REASONING, in.count());
                    default -> {}
                }
            });
        }
    }

    private static @Nullable Usage usage(Tally<Wire.Place> tally) {
        return !tally.any() ? null : Counts.ofWholePrompt(
                tally.at(Wire.Place.INPUT),
                tally.at(Wire.Place.CACHED),
                tally.at(Wire.Place.CACHE_WRITE),
                tally.at(Wire.Place.OUTPUT),
                tally.at(Wire.Place.REASONING),
                tally.at(Wire.Place.TOTAL));
    }

    /// The word for how an answer with this status ended, null where it has none.
    static @Nullable String finishWord(@Nullable String status, @Nullable String incompleteReason) {
        return switch (status) {
            case Wire.STATUS_COMPLETED -> "stop";
            case Wire.STATUS_INCOMPLETE -> Wire.CONTENT_FILTER.equals(incompleteReason) ? Wire.CONTENT_FILTER : "length";
            case Wire.STATUS_FAILED, Wire.STATUS_CANCELLED, Wire.ERROR -> "error";
            case null, default -> null;
        };
    }

    /// What has been found in the documents of one answer: in the only one, or in one event after the other.
    static final class Findings implements Shape.Visitor {

        private static final String DELTA = "delta";
        private static final String REASONING = "reasoning";

        private final ErrorFields errors = new ErrorFields();
        private final Generated generated = new Generated();
        private final Tally<Wire.Place> tally = new Tally<>(Wire.Place.class);

        // Of the whole answer.
        private @Nullable Usage usage;
        private @Nullable String finishReason;
        private @Nullable String id;
        private @Nullable String model;
        private long createdAt = Counts.ABSENT;
        private long sequenceNumber = -1;
        private int callsAdded;
        private int callsDone;
        private int callsListed;
        private boolean visible;

        // Of the document at hand.
        private @Nullable String type;
        private @Nullable String status;
        private @Nullable String incompleteReason;
        private int callsHere;
        private boolean hasContent;
        private @Nullable String delta;

        // Of the item at hand.
        private @Nullable String itemType;
        private boolean itemHasText;

        /// Forgets the document at hand, and keeps what it said about the answer.
        void nextDocument() {
            errors.clear();
            type = null;
            status = null;
            incompleteReason = null;
            callsHere = 0;
            hasContent = false;
            delta = null;
        }

        /// The document's `delta`, null where it has none.
        @Nullable String delta() {
            return delta;
        }

        /// The type of the document's last item, null where it has none.
        @Nullable String itemType() {
            return itemType;
        }

        Generated generated() {
            return generated;
        }

        Observed observed() {
            return new Observed(usage, finishReason, Math.max(callsListed, Math.max(callsAdded, callsDone)), visible);
        }

        @Nullable String type() {
            return type;
        }

        @Nullable String status() {
            return status;
        }

        boolean saysSomething() {
            return hasContent;
        }

        @Nullable String id() {
            return id;
        }

        @Nullable String model() {
            return model;
        }

        /// Seconds since 1970, 0 when not seen.
        long createdAt() {
            return Math.max(0, createdAt);
        }

        /// The last number seen, -1 before any.
        long sequenceNumber() {
            return sequenceNumber;
        }

        /// True if the document says of itself that it is an error, and has no content that would speak against that.
        boolean failed() {
            boolean bad = errors.present() || errors.failsByNumber() || Wire.ERROR.equals(type);
            return Wire.STATUS_FAILED.equals(status) || (bad && !hasContent);
        }

        UpstreamError error() {
            return errors.toError(null);
        }

        /// Counts the calls of the document where they belong.
        void countCalls(@Nullable String event) {
            switch (event) {
                case Wire.ITEM_ADDED -> callsAdded += callsHere;
                case Wire.ITEM_DONE -> callsDone += callsHere;
                case null, default -> callsListed = Math.max(callsListed, callsHere);
            }
        }

        /// Takes the end of the answer from its status, else from the name of its last event.
        void finish(@Nullable String event) {
            countCalls(null);
            String how = status;
            if (how == null && event != null) {
                how = event.substring(event.indexOf('.') + 1);
            }
            finishReason = finishWord(how, incompleteReason);
        }

        @Override
        public void begin(Shape.Place place, boolean array) {
            switch (place) {
                case ErrorFields.At at -> errors.begin(at);
                case Wire.Place.ITEM -> {
                    itemType = null;
                    itemHasText = false;
                }
                case Wire.Place.TEXT -> content();
                case Wire.Place.USAGE -> {
                    tally.clear();
                }
                default -> {}
            }
        }

        @Override
        public void end(Shape.Place place) {
            if (place == Wire.Place.ITEM && itemType != null) {
                if (itemType.equals(Wire.FUNCTION_CALL)) {
                    callsHere++;
                }
                if (itemHasText || !Wire.TEXT_ITEMS.contains(itemType)) {
                    content();
                }
            } else if (place == Wire.Place.USAGE && tally.any()) {
                usage = AnswerScan.usage(tally);
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
                case TYPE -> type = parser.getText();
                case SEQUENCE_NUMBER -> sequenceNumber = Counts.read(parser);
                case ID -> id = id == null ? parser.getText() : id;
                case CREATED_AT -> createdAt = createdAt == Counts.ABSENT ? Counts.read(parser) : createdAt;
                case MODEL -> model = model == null ? parser.getText() : model;
                case STATUS -> {
                    if (token.isNumeric()) {
                        errors.value(ErrorFields.At.TOP_STATUS, parser);
                    } else {
                        status = parser.getText();
                    }
                }
                case INCOMPLETE_REASON -> incompleteReason = parser.getText();
                case ITEM_TYPE -> itemType = parser.getText();
                case ITEM_TEXT -> {
                    itemHasText |= parser.getTextLength() > 0;
                    if (type == null) { // events say items again that came in pieces before
                        generated.add(parser, REASONING.equals(itemType));
                    }
                }
                case TEXT -> {
                    if (parser.getTextLength() > 0) {
                        content();
                        delta = "delta".equals(parser.currentName()) ? parser.getText() : delta;
                    }
                    if (DELTA.equals(parser.currentName())) {
                        generated.add(parser, type != null && type.contains(REASONING));
                    }
                }
                case INPUT, CACHED, CACHE_WRITE, OUTPUT, REASONING, TOTAL -> {
                    tally.set(place, Counts.read(parser));
                }
                case ITEM, USAGE -> {}
            }
        }

        private void content() {
            hasContent = true;
            visible = true;
        }
    }
}
