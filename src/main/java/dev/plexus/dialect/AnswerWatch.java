package dev.plexus.dialect;

import org.jspecify.annotations.Nullable;

/// Reads a whole answer as it passes, piece by piece, without keeping it. One instance per answer, single-threaded.
public interface AnswerWatch {

    /// How an answer with a 2xx status is to be judged.
    enum Verdict {
        /// An answer of this dialect with something in it.
        GOOD,
        /// Well-formed, but with nothing that a person or a program could use: no text, reasoning, tool call, image or citation.
        EMPTY,
        /// An error in spite of the status.
        ERROR,
        /// Not JSON, cut short, or not an object.
        BROKEN
    }

    /// What the answer was; `error` is present exactly for [Verdict#ERROR].
    record Result(Verdict verdict, Observed observed, @Nullable UpstreamError error) {}

    /// The next bytes `[from, to)` of the body.
    void feed(byte[] array, int from, int to);

    /// Says what the answer was, after its last byte.
    Result end();

    /// What the answer has held until now, measured.
    default Generated generated() {
        return Generated.nothing();
    }
}
