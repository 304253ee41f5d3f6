package dev.plexus.ingress;

import static org.assertj.core.api.Assertions.assertThat;

import dev.plexus.ingress.ContentCoding.Decoded;
import dev.plexus.wire.Pieces;
import io.airlift.compress.zstd.ZstdOutputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.zip.Deflater;
import java.util.zip.DeflaterOutputStream;
import java.util.zip.GZIPOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ContentCodingTest {

    private static final long MEGABYTE = 1L << 20;

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "x-gzip", "deflate", "zstd", "GZIP", " gzip "})
    void a_body_comes_back_as_it_was_however_it_was_cut(String coding) throws IOException {
        String text = "{\"text\":\"" + "grüße ☃ ".repeat(5_000) + "\"}";
        byte[] coded = encode(coding.trim().toLowerCase(), text.getBytes(StandardCharsets.UTF_8));

        for (int size : List.of(1, 7, coded.length)) {
            assertThat(ContentCoding.decode(coding, cut(coded, size), MEGABYTE))
                    .isInstanceOfSatisfying(Decoded.Plain.class, plain -> assertThat(text(plain)).isEqualTo(text));
        }
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd"})
    void a_small_body_that_unfolds_beyond_the_limit_is_too_large(String coding) throws IOException {
        byte[] bomb = encode(coding, new byte[(int) (64 * MEGABYTE)]);

        assertThat(bomb.length).isLessThan((int) MEGABYTE);
        assertThat(ContentCoding.decode(coding, Pieces.of(bomb), MEGABYTE)).isEqualTo(new Decoded.TooLarge());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd"})
    void the_limit_itself_is_allowed(String coding) throws IOException {
        byte[] coded = encode(coding, new byte[1_000]);

        assertThat(ContentCoding.decode(coding, Pieces.of(coded), 1_000)).isInstanceOf(Decoded.Plain.class);
        assertThat(ContentCoding.decode(coding, Pieces.of(coded), 999)).isEqualTo(new Decoded.TooLarge());
    }

    @ParameterizedTest
    @ValueSource(strings = {"gzip", "deflate", "zstd"})
    void what_is_not_of_the_coding_is_unreadable_and_nothing_worse(String coding) throws IOException {
        byte[] coded = encode(coding, "{\"model\":\"fast\"}".repeat(500).getBytes(StandardCharsets.UTF_8));
        Random random = new Random(7);

        assertThat(ContentCoding.decode(coding, Pieces.EMPTY, MEGABYTE)).isNotInstanceOf(Decoded.TooLarge.class);
        assertThat(ContentCoding.decode(coding, Pieces.of("{\"model\":\"fast\"}"), MEGABYTE)).isInstanceOf(Decoded.Unreadable.class);
        assertThat(ContentCoding.decode(coding, Pieces.of(coded).part(0, coded.length / 2), MEGABYTE)).isInstanceOf(Decoded.Unreadable.class);
        for (int turn = 0; turn < 2_000; turn++) {
            byte[] damaged = coded.clone();
            damaged[random.nextInt(damaged.length)] ^= (byte) (1 + random.nextInt(255));
            ContentCoding.decode(coding, Pieces.of(damaged), MEGABYTE);
        }
    }

    @Test
    void a_deflated_body_may_come_without_its_envelope() throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream coder = new DeflaterOutputStream(bytes, new Deflater(Deflater.DEFAULT_COMPRESSION, true))) {
            coder.write("{\"model\":\"fast\"}".getBytes(StandardCharsets.UTF_8));
        }

        assertThat(ContentCoding.decode("deflate", Pieces.of(bytes.toByteArray()), MEGABYTE))
                .isInstanceOfSatisfying(Decoded.Plain.class, plain -> assertThat(text(plain)).isEqualTo("{\"model\":\"fast\"}"));
    }

    @Test
    void other_codings_are_not_known() {
        assertThat(List.of("br", "compress", "gzip, gzip", "aws-chunked")).noneMatch(ContentCoding::knows);
        assertThat(List.of("", "identity", "Gzip", "deflate", "zstd")).allMatch(ContentCoding::knows);
        assertThat(ContentCoding.isIdentity(" Identity ")).isTrue();
    }

    private static String text(Decoded.Plain plain) {
        return new String(plain.body().joined(), StandardCharsets.UTF_8);
    }

    private static byte[] encode(String coding, byte[] plain) throws IOException {
        ByteArrayOutputStream bytes = new ByteArrayOutputStream();
        try (OutputStream coder = switch (coding) {
            case "gzip", "x-gzip" -> new GZIPOutputStream(bytes);
            case "deflate" -> new DeflaterOutputStream(bytes);
            default -> new ZstdOutputStream(bytes);
        }) {
            coder.write(plain);
        }
        return bytes.toByteArray();
    }

    private static Pieces cut(byte[] bytes, int size) {
        List<Pieces.Slice> slices = new ArrayList<>();
        for (int at = 0; at < bytes.length; at += size) {
            slices.add(new Pieces.Slice(bytes, at, Math.min(size, bytes.length - at)));
        }
        return new Pieces(slices);
    }
}
