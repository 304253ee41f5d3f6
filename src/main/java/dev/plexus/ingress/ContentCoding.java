package dev.plexus.ingress;

import dev.plexus.wire.Pieces;
import io.airlift.compress.zstd.ZstdInputStream;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.Locale;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.Inflater;
import java.util.zip.InflaterInputStream;

/// Undoes the content coding of a request body, within the limit that holds for the decoded size.
final class ContentCoding {

    /// The outcome: the plain body, or why there is none.
    sealed interface Decoded {
        record Plain(Pieces body) implements Decoded {}

        record TooLarge() implements Decoded {}

        record Unreadable(String why) implements Decoded {}
    }

    private static final int STEP_BYTES = 16 * 1024;

    private ContentCoding() {}

    /// True if this coding is one that can be undone.
    static boolean knows(String coding) {
        return switch (coding.trim().toLowerCase(Locale.ROOT)) {
            case "", "identity", "gzip", "x-gzip", "deflate", "zstd" -> true;
            default -> false;
        };
    }

    static boolean isIdentity(String coding) {
        return coding.isBlank() || coding.trim().equalsIgnoreCase("identity");
    }

    /// Takes time in proportion to the decoded size: not for an event loop.
    static Decoded decode(String coding, Pieces body, long bytesMax) {
        try (InputStream plain = open(coding.trim().toLowerCase(Locale.ROOT), body.stream())) {
            ByteArrayOutputStream all = new ByteArrayOutputStream();
            byte[] step = new byte[STEP_BYTES];
            for (int count = plain.read(step); count >= 0; count = plain.read(step)) {
                all.write(step, 0, count);
                if (all.size() > bytesMax) {
                    return new Decoded.TooLarge();
                }
            }
            return new Decoded.Plain(Pieces.of(all.toByteArray()));
        } catch (IOException | RuntimeException unreadable) { // the zstd decoder tells of damage by unchecked exceptions of many kinds
            return new Decoded.Unreadable("The body is not valid " + coding + " data");
        }
    }

    private static InputStream open(String coding, InputStream body) throws IOException {
        return switch (coding) {
            case "gzip", "x-gzip" -> new GZIPInputStream(body);
            case "deflate" -> inflate(body.readAllBytes());
            case "zstd" -> new ZstdInputStream(body);
            default -> body;
        };
    }

    /// `deflate` means data in a zlib envelope; some clients have always sent it without.
    private static InputStream inflate(byte[] body) {
        boolean envelope = body.length > 1 && (body[0] & 0x0f) == Deflater.DEFLATED && ((body[0] & 0xff) << 8 | body[1] & 0xff) % 31 == 0;
        Inflater inflater = new Inflater(!envelope);
        return new InflaterInputStream(new ByteArrayInputStream(body), inflater) {
            @Override
            public void close() throws IOException {
                super.close();
                inflater.end();
            }
        };
    }
}
