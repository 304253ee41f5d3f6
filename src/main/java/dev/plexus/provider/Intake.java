package dev.plexus.provider;

import dev.plexus.dialect.Generated;
import dev.plexus.message.AttemptEnd;
import io.vertx.core.buffer.Buffer;

/// What becomes of an upstream response, chunk by chunk. An intake reports its outcome to its [Attempt] exactly once.
sealed interface Intake permits StreamRelay, WholeRelay, TranslatedWhole, WholeForStream, ErrorIntake {

    /// The next bytes of the response body.
    void chunk(Buffer chunk);

    /// The response body is complete.
    void end();

    /// The connection broke, or a time limit was reached, before the end.
    void broken(Break why);

    /// Time has passed; called some twenty times a second while the response is open.
    void tick(long now);

    /// True once the answer itself has begun: from then on the idle limit holds instead of the first-byte limit.
    boolean begun();

    /// True while the client does not read, so that silence is not the upstream's.
    boolean waitsForClient();

    /// What the answer has held until now, measured.
    default Generated generated() {
        return Generated.nothing();
    }

    /// The end of an attempt in which this intake itself failed.
    AttemptEnd bug();
}
