package dev.plexus.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class SseFramerTest {

    /// What a frame said, copied out of its window.
    private record Seen(@Nullable String event, @Nullable String data) {}

    /// Keeps what the framer gives: the frames that say something, and all bytes.
    private static final class Keeping implements SseFramer.Handler {
        final List<Seen> seen = new ArrayList<>();
        final List<Pieces.Slice> slices = new ArrayList<>();

        @Override
        public void frame(SseFramer.Frame frame) {
            slices.add(new Pieces.Slice(frame.array(), frame.from(), frame.to() - frame.from()));
            if (frame.hasData()) {
                seen.add(new Seen(frame.event(), new String(frame.data(), frame.dataFrom(), frame.dataTo() - frame.dataFrom(), UTF_8)));
            }
        }

        String bytes() {
            return new String(new Pieces(slices).joined(), UTF_8);
        }
    }

    private static Keeping frame(byte[]... feeds) {
        SseFramer framer = new SseFramer();
        Keeping keeping = new Keeping();
        for (byte[] feed : feeds) {
            // The window lies inside a wider array of line ends: reading beyond it would show.
            byte[] wider = new byte[feed.length + 6];
            Arrays.fill(wider, (byte) '\n');
            System.arraycopy(feed, 0, wider, 3, feed.length);
            framer.feed(wider, 3, 3 + feed.length, keeping);
        }
        framer.end(keeping);
        assertThat(framer.pending()).isZero();
        return keeping;
    }

    private static Keeping frame(String text) {
        return frame(text.getBytes(UTF_8));
    }

    private static List<Seen> data(String... data) {
        return Arrays.stream(data).map(one -> new Seen(null, one)).toList();
    }

    private static final String MIXED = """
            : OPENROUTER PROCESSING

            event: message_start
            data: {"text":"é😀日"}

            data:{"no":"space"}
            id: 7
            retry: 10

            : cost {"x":1}
            data: {"two":
            data: "lines"}


            event: nothing

            data:  two spaces
            colonless

            data
            data: x

            data: [DONE]

            """;

    @Test
    void fields_comments_and_joined_lines_are_understood() {
        assertThat(frame(MIXED).seen)
                .containsExactly(
                        new Seen("message_start", "{\"text\":\"é😀日\"}"),
                        new Seen(null, "{\"no\":\"space\"}"),
                        new Seen(null, "{\"two\":\n\"lines\"}"),
                        new Seen(null, " two spaces"),
                        new Seen(null, "\nx"),
                        new Seen(null, "[DONE]"));
    }

    @Test
    void every_split_into_two_gives_the_same_frames_and_bytes() {
        for (String ending : List.of("\n", "\r\n", "\r")) {
            byte[] bytes = MIXED.replace("\n", ending).getBytes(UTF_8);
            Keeping whole = frame(bytes);
            for (int at = 0; at <= bytes.length; at++) {
                Keeping split = frame(Arrays.copyOf(bytes, at), Arrays.copyOfRange(bytes, at, bytes.length));
                assertThat(split.seen).as("split at %d", at).isEqualTo(whole.seen);
                assertThat(split.bytes()).isEqualTo(new String(bytes, UTF_8));
            }
        }
    }

    @Test
    void one_byte_at_a_time_gives_the_same_frames() {
        for (String ending : List.of("\n", "\r\n", "\r")) {
            byte[] bytes = MIXED.replace("\n", ending).getBytes(UTF_8);
            byte[][] single = new byte[bytes.length][];
            for (int at = 0; at < bytes.length; at++) {
                single[at] = new byte[] {bytes[at]};
            }
            assertThat(frame(single).seen).isEqualTo(frame(MIXED).seen);
            assertThat(frame(single).bytes()).isEqualTo(new String(bytes, UTF_8));
        }
    }

    @Property(tries = 300)
    void random_chunks_give_the_same_frames(@ForAll("streams") String text, @ForAll List<@net.jqwik.api.constraints.IntRange(min = 0, max = 9) Integer> sizes) {
        byte[] bytes = text.getBytes(UTF_8);
        List<byte[]> feeds = new ArrayList<>();
        int at = 0;
        for (int size : sizes) {
            int end = Math.min(bytes.length, at + size);
            feeds.add(Arrays.copyOfRange(bytes, at, end));
            at = end;
        }
        feeds.add(Arrays.copyOfRange(bytes, at, bytes.length));

        Keeping split = frame(feeds.toArray(byte[][]::new));
        Keeping whole = frame(bytes);

        assertThat(split.seen).isEqualTo(whole.seen);
        assertThat(split.bytes()).isEqualTo(text);
        assertThat(whole.bytes()).isEqualTo(text);
    }

    @Provide
    Arbitrary<String> streams() {
        return Arbitraries.of("data: ", "data:", "data", "event: ", "x", "é", ": c", "{\"error\":1}", "{", "\n", "\n\n", "\r", "\r\n", "\r\n\r\n", " ", ":", "\ufeff")
                .list()
                .ofMaxSize(40)
                .map(parts -> String.join("", parts));
    }

    @Test
    void a_byte_order_mark_is_skipped_at_the_start_only() {
        assertThat(frame("\ufeffdata: a\n\n\ufeffdata: b\n\n").seen).isEqualTo(data("a"));
    }

    @Test
    void a_missing_last_blank_line_does_not_lose_the_last_event() {
        assertThat(frame("data: a\n\ndata: b\n").seen).isEqualTo(data("a", "b"));
        assertThat(frame("data: a\n\ndata: b").seen).isEqualTo(data("a", "b"));
    }

    @Test
    void a_bare_error_object_is_data_of_its_own() {
        assertThat(frame("data: a\n{\"error\":{\"code\":1}}\n\n").seen).isEqualTo(data("a", "{\"error\":{\"code\":1}}"));
        assertThat(frame("{\"error\":\"boom\"}").seen).isEqualTo(data("{\"error\":\"boom\"}"));
        assertThat(frame("{\"other\":\"boom\"}\n\n").seen).isEmpty();
    }

    @Test
    void a_lone_carriage_return_ends_a_frame_at_once() {
        SseFramer framer = new SseFramer();
        Keeping keeping = new Keeping();

        framer.feed("data: a\r\r".getBytes(UTF_8), 0, 9, keeping);

        assertThat(keeping.seen).isEqualTo(data("a"));
    }

    @Test
    void frames_within_one_array_are_not_copied_and_others_have_arrays_of_their_own() {
        byte[] array = "data: a\n\ndata: b\n\ndata: c".getBytes(UTF_8);
        SseFramer framer = new SseFramer();
        Keeping keeping = new Keeping();

        framer.feed(array, 0, array.length, keeping);
        assertThat(framer.pending()).isEqualTo(7);
        framer.feed("\n\ndata: d".getBytes(UTF_8), 0, 9, keeping);
        framer.feed("\n\n".getBytes(UTF_8), 0, 2, keeping);

        assertThat(keeping.slices).hasSize(4);
        assertThat(keeping.slices.get(0).array()).isSameAs(array);
        assertThat(keeping.slices.get(1).array()).isSameAs(array);
        assertThat(keeping.slices.get(2).array()).isNotSameAs(array);
        assertThat(keeping.slices.get(3).array()).isNotSameAs(keeping.slices.get(2).array());
        assertThat(keeping.bytes()).isEqualTo("data: a\n\ndata: b\n\ndata: c\n\ndata: d\n\n");
    }

    @Test
    void twelve_mebibytes_pass_and_seventeen_do_not() {
        byte[] piece = new byte[64 * 1024];
        Arrays.fill(piece, (byte) 'x');
        ByteArrayOutputStream large = new ByteArrayOutputStream();
        large.writeBytes("data: ".getBytes(UTF_8));
        SseFramer framer = new SseFramer();
        Keeping keeping = new Keeping();

        framer.feed(large.toByteArray(), 0, 6, keeping);
        for (int count = 0; count < 12 * 16; count++) {
            framer.feed(piece, 0, piece.length, keeping);
        }
        framer.feed(new byte[] {'\n', '\n'}, 0, 2, keeping);

        assertThat(keeping.seen).hasSize(1);
        assertThatThrownBy(() -> {
                    for (int count = 0; count < 17 * 16; count++) {
                        framer.feed(piece, 0, piece.length, keeping);
                    }
                })
                .isInstanceOf(SseFramer.FrameTooLong.class);
    }
}
