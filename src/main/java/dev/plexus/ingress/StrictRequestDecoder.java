package dev.plexus.ingress;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.handler.codec.http.HttpMessage;
import io.netty.util.AsciiString;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.impl.VertxHttpRequestDecoder;
import io.vertx.core.net.impl.VertxConnection;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the heads of HTTP/1 requests as the server does, but refuses two things that the server would hide from us: header lines that are folded,
/// which it joins, and a length beside chunks, which it drops. Whoever stands before us may have read either of them differently.
///
/// A head is refused only when it is whole, so that the refusal knows the path and with it the client's dialect. Nothing is searched: the decoder
/// stands at the beginning of the next line whenever it asks for the name in this one, so one byte tells whether the next line continues it.
final class StrictRequestDecoder extends VertxHttpRequestDecoder {

    /// A request that others may have cut out of the connection in another way. It has no stack: where it is made tells nothing.
    static final class Ambiguous extends RuntimeException {
        private static final long serialVersionUID = 1;

        Ambiguous(String message) {
            super(message, null, false, false);
        }
    }

    private @Nullable ByteBuf input;
    private boolean inHead;
    private boolean folded;

    StrictRequestDecoder(HttpServerOptions options) {
        super(options);
    }

    /// Puts one in the place of the server's own, on a connection on which nothing has been read yet. HTTP/2 needs none.
    static void guard(HttpConnection connection, HttpServerOptions options) {
        if (connection instanceof VertxConnection known) {
            ChannelPipeline pipeline = known.channel().pipeline();
            if (pipeline.get(VertxHttpRequestDecoder.class) != null) {
                pipeline.replace(VertxHttpRequestDecoder.class, "httpDecoder", new StrictRequestDecoder(options));
            }
        }
    }

    @Override
    protected void decode(ChannelHandlerContext context, ByteBuf buffer, List<Object> out) throws Exception {
        input = buffer;
        lookAhead(); // lines are taken whole, so a head that comes in parts goes on with a line
        super.decode(context, buffer, out);
        input = null;
    }

    @Override
    protected HttpMessage createMessage(String[] initialLine) {
        inHead = true;
        lookAhead();
        return super.createMessage(initialLine);
    }

    @Override
    protected AsciiString splitHeaderName(byte[] line, int start, int length) {
        lookAhead();
        return super.splitHeaderName(line, start, length);
    }

    private void lookAhead() {
        ByteBuf buffer = input;
        if (inHead && buffer != null && buffer.isReadable()) {
            byte first = buffer.getByte(buffer.readerIndex());
            folded |= first == ' ' || first == '\t';
        }
    }

    /// Asked once for each head, when all of it has been read.
    @Override
    protected boolean isContentAlwaysEmpty(HttpMessage message) {
        inHead = false;
        if (folded) {
            throw new Ambiguous("A header line must not be folded");
        }
        return super.isContentAlwaysEmpty(message);
    }

    @Override
    protected void handleTransferEncodingChunkedWithContentLength(HttpMessage message) {
        throw new Ambiguous("A request must not have both a length and chunks");
    }
}
