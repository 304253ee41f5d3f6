package dev.plexus.dialect.embeddings;

import dev.plexus.dialect.ErrorFields;
import dev.plexus.wire.Shape;

/// The words of this format.
final class Wire {

    /// What is read of an answer.
    enum Place implements Shape.Place {
        TYPE,
        VECTOR,
        USAGE,
        PROMPT,
        TOTAL
    }

    static final String MODEL = "model";
    static final String INPUT = "input";
    static final String ERROR = "error";

    static final Shape ANSWER = ErrorFields.topLevel(Shape.way())
            .with("object", Place.TYPE)
            .with("type", Place.TYPE)
            .with("message", ErrorFields.At.TOP_MESSAGE)
            .with("data", Shape.way().of(Shape.at(Place.VECTOR)))
            .with("usage", Shape.at(Place.USAGE).with("prompt_tokens", Place.PROMPT).with("total_tokens", Place.TOTAL));

    private Wire() {}
}
