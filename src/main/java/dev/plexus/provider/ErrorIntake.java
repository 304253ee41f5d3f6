package dev.plexus.provider;

import dev.plexus.message.AttemptEnd;
import io.vertx.core.buffer.Buffer;

/// Takes the body of an upstream error, as far as it is worth reading.
final class ErrorIntake implements Intake {

    private static final int BODY_BYTES_MAX = 64 * 1024;

    private final Attempt attempt;
    private final Buffer body = Buffer.buffer();

    ErrorIntake(Attempt attempt) {
        this.attempt = attempt;
    }

    @Override
    public void chunk(Buffer chunk) {
        int room = BODY_BYTES_MAX - body.length();
        body.appendBuffer(chunk.length() <= room ? chunk : chunk.slice(0, room));
        if (body.length() >= BODY_BYTES_MAX) {
            attempt.refusedByStatus(body);
        }
    }

    @Override
    public void end() {
        attempt.refusedByStatus(body);
    }

    /// The status has said enough.
    @Override
    public void broken(Break why) {
        attempt.refusedByStatus(body);
    }

    @Override
    public void tick(long now) {}

    @Override
    public boolean begun() {
        return body.length() > 0;
    }

    @Override
    public boolean waitsForClient() {
        return false;
    }

    @Override
    public AttemptEnd bug() {
        return attempt.internalError();
    }
}
