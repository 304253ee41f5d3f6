package dev.plexus.message;

import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Told;
import dev.plexus.model.GatewayError;
import io.vertx.core.buffer.Buffer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A stream that broke after its client had been told something, for another target to go on with.
///
/// Hands over something live, the writer of the client's stream: `pen` where the stream was translated, null where it was passed through; then `told`
/// says how to go on. `text` is all the text that the client has. `ending` gives the bytes that end the stream if nobody can go on; `why` is what
/// the client is to hear then.
public record Resume(String text, Told told, @Nullable Pen pen, Function<GatewayError, Buffer> ending, GatewayError why) {}
