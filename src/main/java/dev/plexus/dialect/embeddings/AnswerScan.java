package dev.plexus.dialect.embeddings;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.Counts;
import dev.plexus.dialect.ErrorFields;
import dev.plexus.dialect.Observed;
import dev.plexus.model.Usage;
import dev.plexus.wire.JsonFeed;
import dev.plexus.wire.Shape;
import java.io.IOException;
import org.jspecify.annotations.Nullable;

/// Reads a whole list of embeddings.
final class AnswerScan implements AnswerWatch {

    private final Findings findings = new Findings();
    private final JsonFeed feed = new JsonFeed(Wire.ANSWER, findings);

    @Override
    public void feed(byte[] array, int from, int to) {
        feed.feed(array, from, to);
    }

    @Override
    public Result end() {
        boolean whole = feed.end() && !feed.isArray();
        Observed observed = new Observed(findings.usage(), null, 0, findings.vectors);
        if (!whole) {
            return new Result(Verdict.BROKEN, observed, null);
        }
        if (findings.failed()) {
            return new Result(Verdict.ERROR, observed, findings.errors.toError(null));
        }
        return new Result(findings.vectors ? Verdict.GOOD : Verdict.EMPTY, observed, null);
    }

    /// What has been found in the answer.
    private static final class Findings implements Shape.Visitor {

        private final ErrorFields errors = new ErrorFields();
        private boolean vectors;
        private boolean typeIsError;
        private long prompt = Counts.ABSENT;
        private long total = Counts.ABSENT;

        boolean failed() {
            return !vectors && (typeIsError || errors.present() || errors.failsByNumber());
        }

        @Nullable Usage usage() {
            if (prompt == Counts.ABSENT && total == Counts.ABSENT) {
                return null;
            }
            return Counts.of(Counts.first(prompt, total), 0, 0, 0, 0, 0, Math.max(0, total));
        }

        @Override
        public void begin(Shape.Place place, boolean array) {
            if (place instanceof ErrorFields.At at) {
                errors.begin(at);
            } else if (place == Wire.Place.VECTOR) {
                vectors = true;
            }
        }

        @Override
        public void end(Shape.Place place) {}

        @Override
        public void value(Shape.Place place, JsonParser parser) throws IOException {
            switch (place) {
                case ErrorFields.At at -> errors.value(at, parser);
                case Wire.Place.TYPE -> typeIsError |= parser.currentToken() == JsonToken.VALUE_STRING && parser.getText().equals(Wire.ERROR);
                case Wire.Place.PROMPT -> prompt = Counts.read(parser);
                case Wire.Place.TOTAL -> total = Counts.read(parser);
                case Wire.Place.VECTOR -> vectors = true;
                default -> {}
            }
        }
    }
}
