package dev.plexus.dialect;

import dev.plexus.model.DialectId;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// One wire format family, seen from a gateway that forwards it byte for byte: it finds what routing and accounting need to know and
/// changes only what it is told to change.
public interface Dialect {

    DialectId id();

    /// Scans the request body once, without building a tree. `path` holds what the request path says, for formats that name the model
    /// there; the others are given null.
    HeadRead readHead(Pieces body, @Nullable RequestPath path);

    /// The body for an upstream: the same bytes but for the model name and the edits that `outgoing` asks for.
    Pieces writeBody(Pieces body, RequestHead head, Outgoing outgoing);

    /// The upstream URL under the provider's base URL (no trailing slash). The model is percent-encoded where it becomes a path segment;
    /// model names that would leave the base path are an `IllegalArgumentException` (see [#isSafeModel]).
    String upstreamUrl(String baseUrl, String model, boolean stream);

    /// Whether the model name may be used upstream; only formats that put it into the path ever say no.
    default boolean isSafeModel(String model) {
        return true;
    }

    /// Hands the authentication headers for `apiKey` to `header`, name and value, and the version headers that go with them.
    void credentials(String apiKey, BiConsumer<String, String> header);

    /// A fresh watch over one whole (not streamed) answer.
    AnswerWatch watchAnswer();

    /// A fresh watch over one streamed answer. `head` is that of the request, for what the client asked to see.
    StreamWatch watchStream(RequestHead head);

    /// What an upstream says went wrong; never fails, whatever the bytes are.
    UpstreamError readError(byte[] body);

    /// True if an upstream error body already has this dialect's own error form, so that it may be relayed as it is.
    boolean isErrorBody(byte[] body);

    /// The body of an error answer in this dialect.
    byte[] writeError(GatewayError error, String requestId);
}
