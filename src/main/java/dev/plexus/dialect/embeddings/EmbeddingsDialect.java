package dev.plexus.dialect.embeddings;

import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.Dialect;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.model.DialectId;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// OpenAI's Embeddings.
public final class EmbeddingsDialect implements Dialect {

    @Override
    public DialectId id() {
        return DialectId.EMBEDDINGS;
    }

    @Override
    public HeadRead readHead(Pieces body, @Nullable RequestPath path) {
        return RequestScan.readHead(body);
    }

    @Override
    public Pieces writeBody(Pieces body, RequestHead head, Outgoing outgoing) {
        return RequestSplice.writeBody(body, head, outgoing);
    }

    @Override
    public String upstreamUrl(String baseUrl, String model, boolean stream) {
        return baseUrl + "/embeddings";
    }

    @Override
    public void credentials(String apiKey, BiConsumer<String, String> header) {
        header.accept("authorization", "Bearer " + apiKey);
    }

    @Override
    public AnswerWatch watchAnswer() {
        return new AnswerScan();
    }

    @Override
    public StreamWatch watchStream(RequestHead head) {
        return new StreamScan();
    }

    @Override
    public UpstreamError readError(byte[] body) {
        return Errors.read(body);
    }

    @Override
    public boolean isErrorBody(byte[] body) {
        return Errors.isErrorBody(body);
    }

    @Override
    public byte[] writeError(GatewayError error, String requestId) {
        return Errors.write(error);
    }
}
