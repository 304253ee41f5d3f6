package dev.plexus.message;

import dev.plexus.wire.Pieces;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.internal.buffer.BufferInternal;
import java.util.List;

/// Passes bytes between the buffers of the network and the slices of codecs without copying them.
public final class BodyBuffers {

    private BodyBuffers() {}

    /// The buffer's own array, where it has one. The buffer must not be written to afterwards.
    public static Pieces.Slice slice(Buffer buffer) {
        ByteBuf bytes = ((BufferInternal) buffer).getByteBuf();
        if (bytes.hasArray()) {
            return new Pieces.Slice(bytes.array(), bytes.arrayOffset() + bytes.readerIndex(), bytes.readableBytes());
        }
        byte[] copy = buffer.getBytes();
        return new Pieces.Slice(copy, 0, copy.length);
    }

    /// A buffer over the slice's array.
    public static Buffer buffer(Pieces.Slice slice) {
        return BufferInternal.buffer(Unpooled.wrappedBuffer(slice.array(), slice.offset(), slice.length()));
    }

    /// One buffer over all the slices in order.
    public static Buffer buffer(List<Pieces.Slice> slices) {
        if (slices.size() == 1) {
            return buffer(slices.getFirst());
        }
        ByteBuf[] parts = new ByteBuf[slices.size()];
        for (int part = 0; part < parts.length; part++) {
            Pieces.Slice slice = slices.get(part);
            parts[part] = Unpooled.wrappedBuffer(slice.array(), slice.offset(), slice.length());
        }
        return BufferInternal.buffer(Unpooled.wrappedBuffer(parts.length, parts));
    }
}
