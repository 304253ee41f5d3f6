package dev.plexus.provider;

import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.ChannelPromise;
import io.netty.channel.CombinedChannelDuplexHandler;
import io.netty.channel.nio.AbstractNioChannel.NioUnsafe;
import io.netty.channel.unix.UnixChannel;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpDecoderConfig;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpRequestEncoder;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseDecoder;
import io.netty.handler.codec.http.LastHttpContent;
import io.vertx.core.http.HttpClientOptions;
import io.vertx.core.http.HttpClosedException;
import io.vertx.core.http.HttpConnection;
import io.vertx.core.net.impl.VertxConnection;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.List;
import java.util.concurrent.TimeUnit;

/// The HTTP/1 codec of a connection to a provider, which believes an answer only if it was asked for.
///
/// HTTP/1 does not say which request an answer belongs to: whatever a provider sends, at whatever time, would be read as the answer to the next
/// request. So bytes count only between the moment a request has left and the end of its answer. Bytes at any other time, be it half a head behind an
/// answer, make the connection unfit: it carries its answer to the end and is closed. Before a connection is used again, what has already arrived on
/// it is looked for, so that it cannot be taken for an answer either. What is still on its way then cannot be told from an answer, by anyone.
final class UpstreamCodec extends CombinedChannelDuplexHandler<UpstreamCodec.AnswerDecoder, HttpRequestEncoder> {

    /// How long an unfit connection may take to bring its last answer to the end; attempts have limits of their own.
    private static final int LAST_ANSWER_HOURS = 1;

    /// Where a byte goes that tells by being there; nobody reads it, so all event loops may share it.
    private static final ByteBuffer UNASKED = ByteBuffer.allocateDirect(1);

    private enum State {
        /// No request is under way: nothing may come.
        IDLE,
        /// A request has been written and waits to be sent: nothing may come yet.
        WRITTEN,
        /// A request has been sent: an answer may come.
        ASKED,
        /// Something came that nobody had asked for.
        UNFIT
    }

    private final HttpConnection connection;
    private State state = State.IDLE;
    private boolean used;

    private UpstreamCodec(HttpConnection connection, HttpClientOptions options) {
        this.connection = connection;
        init(new AnswerDecoder(options), new HttpRequestEncoder());
    }

    /// Puts one in the place of the client's own, on a connection on which nothing has been sent yet. HTTP/2 needs none: its answers have numbers.
    static void guard(HttpConnection connection, HttpClientOptions options) {
        if (connection instanceof VertxConnection known) {
            ChannelPipeline pipeline = known.channel().pipeline();
            if (pipeline.get(HttpClientCodec.class) != null) {
                pipeline.replace(HttpClientCodec.class, "codec", new UpstreamCodec(connection, options));
            }
        }
    }

    @Override
    public void write(ChannelHandlerContext context, Object message, ChannelPromise promise) throws Exception {
        if (message instanceof HttpRequest) {
            if (state != State.IDLE || used && hasReceived(context.channel())) {
                state = State.UNFIT;
                promise.tryFailure(new HttpClosedException("the connection had received what nobody had asked for"));
                context.close();
                return;
            }
            used = true;
            state = State.WRITTEN;
        }
        super.write(context, message, promise);
    }

    /// True if the system has received something on the connection, or its end, to which the event loop has not come yet. Costs one call of the
    /// system. Other transports than these have none for it; what they have not read yet is like what is still on its way.
    private static boolean hasReceived(Channel channel) {
        try {
            if (channel instanceof UnixChannel known) {
                return known.fd().read(UNASKED, 0, 1) != 0;
            }
            return channel.unsafe() instanceof NioUnsafe unsafe
                    && unsafe.ch() instanceof SocketChannel socket
                    && socket.read(ByteBuffer.allocate(1)) != 0;
        } catch (IOException _) {
            return true; // broken
        }
    }

    @Override
    public void flush(ChannelHandlerContext context) throws Exception {
        if (state == State.WRITTEN) {
            state = State.ASKED;
        }
        super.flush(context);
    }

    private void unfit(ByteBuf in) {
        in.skipBytes(in.readableBytes());
        if (state == State.WRITTEN) {
            connection.close(); // the request has not left, so it can go elsewhere
        } else if (state == State.IDLE) {
            connection.shutdown(LAST_ANSWER_HOURS, TimeUnit.HOURS); // an answer that came whole may not have been read by us yet
        }
        state = State.UNFIT;
    }

    /// Decodes answers, and knows where each one ends.
    final class AnswerDecoder extends HttpResponseDecoder {

        private boolean interim;

        AnswerDecoder(HttpClientOptions options) {
            super(new HttpDecoderConfig()
                    .setMaxInitialLineLength(options.getMaxInitialLineLength())
                    .setMaxHeaderSize(options.getMaxHeaderSize())
                    .setMaxChunkSize(options.getMaxChunkSize())
                    .setInitialBufferSize(options.getDecoderInitialBufferSize()));
        }

        @Override
        protected void decode(ChannelHandlerContext context, ByteBuf in, List<Object> out) throws Exception {
            if (state != State.ASKED) {
                unfit(in);
                return;
            }
            int before = out.size();
            super.decode(context, in, out);
            for (int index = before; index < out.size(); index++) {
                Object part = out.get(index);
                if (part instanceof HttpResponse head) {
                    interim = head.status().code() < 200;
                }
                if (part instanceof LastHttpContent && !interim) {
                    state = State.IDLE;
                }
            }
            if (state == State.IDLE && in.isReadable()) {
                unfit(in);
            }
        }
    }
}
