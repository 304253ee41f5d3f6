package dev.plexus.dialect.responses;

import dev.plexus.dialect.AnswerWatch;
import dev.plexus.dialect.ConversationDialect;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.Emitter;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.Pen;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.dialect.StreamDecoder;
import dev.plexus.dialect.StreamEncoder;
import dev.plexus.dialect.StreamWatch;
import dev.plexus.dialect.Told;
import dev.plexus.dialect.Traits;
import dev.plexus.dialect.UpstreamError;
import dev.plexus.dialect.Written;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.Completion;
import dev.plexus.model.DialectId;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.FrameSink;
import dev.plexus.wire.Pieces;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// OpenAI's Responses.
public final class ResponsesDialect implements ConversationDialect {

    @Override
    public DialectId id() {
        return DialectId.RESPONSES;
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
        return baseUrl + "/responses";
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

    @Override
    public ChatRequest readRequest(byte[] body, RequestHead head, Drops drops) {
        return RequestReader.read(body, head, drops);
    }

    @Override
    public Written writeRequest(ChatRequest request, Traits target, Drops drops) {
        return RequestWriter.write(request, target, drops);
    }

    @Override
    public void readAnswer(byte[] body, Traits target, Emitter out) {
        ResponseReader.read(body, target, out);
    }

    @Override
    public byte[] writeAnswer(Completion completion, Reply reply, Drops drops) {
        return ResponseWriter.write(completion, reply, drops);
    }

    @Override
    public StreamDecoder readStream(Traits target, Emitter out) {
        return new StreamReader(target, out);
    }

    @Override
    public StreamEncoder writeStream(FrameSink sink, Reply reply, Drops drops) {
        return new StreamWriter(sink, reply, drops);
    }

    @Override
    public Pen resumeStream(FrameSink sink, Reply reply, Drops drops, Told told) {
        return new StreamWriter(sink, reply, drops).resume(told);
    }
}
