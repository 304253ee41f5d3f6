package dev.plexus.usage;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.plexus.message.ExchangeStatus;
import dev.plexus.message.UsageRecord;
import dev.plexus.message.UsageRecord.Asked;
import dev.plexus.message.UsageRecord.AttemptLine;
import dev.plexus.message.UsageRecord.Caller;
import dev.plexus.message.UsageRecord.Outcome;
import dev.plexus.message.UsageRecord.Served;
import dev.plexus.model.DialectId;
import dev.plexus.model.KeyName;
import dev.plexus.model.RequestId;
import dev.plexus.model.Usage;
import java.util.Arrays;
import java.util.Collections;
import java.util.Random;
import net.jqwik.api.Arbitraries;
import net.jqwik.api.Arbitrary;
import net.jqwik.api.Combinators;
import net.jqwik.api.Example;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Provide;

class UsageCodecTest {

    private final UsageCodec codec = new UsageCodec();

    @Property(tries = 500)
    void what_is_written_is_read_back(@ForAll("records") UsageRecord usage) {
        int length = codec.encode(usage);

        assertThat(UsageCodec.decode(Arrays.copyOf(codec.bytes(), length), length)).isEqualTo(usage);
    }

    @Property(tries = 500)
    void bytes_that_are_no_record_are_refused_and_never_break_anything(@ForAll("records") UsageRecord usage, @ForAll long seed) {
        int length = codec.encode(usage);
        byte[] bytes = Arrays.copyOf(codec.bytes(), length);
        Random random = new Random(seed);
        bytes[random.nextInt(length)] ^= (byte) (1 << random.nextInt(8));
        int cut = random.nextInt(length) + 1;

        try {
            UsageCodec.decode(bytes, cut);
        } catch (UsageCodec.Unreadable expected) {
            assertThat(expected).hasMessageContaining("not readable");
        }
    }

    @Example
    void a_record_cut_short_or_of_another_version_is_unreadable() {
        int length = codec.encode(Records.success(1));
        byte[] bytes = Arrays.copyOf(codec.bytes(), length);

        assertThatThrownBy(() -> UsageCodec.decode(bytes, length - 1)).isInstanceOf(UsageCodec.Unreadable.class);
        bytes[0] = 99;
        assertThatThrownBy(() -> UsageCodec.decode(bytes, length)).isInstanceOf(UsageCodec.Unreadable.class).hasMessageContaining("version 99");
    }

    @Example
    void whatever_a_client_sends_a_record_stays_below_a_megabyte() {
        String endless = "€".repeat(1_000_000);
        AttemptLine line = new AttemptLine(endless, endless, DialectId.CHAT, AttemptLine.Status.FAILED, 500, endless, true, 1);
        UsageRecord base = Records.success(1);
        UsageRecord huge = new UsageRecord(
                base.requestId(),
                base.startTime(),
                new Caller(endless, new KeyName(endless), endless, endless),
                new Asked(DialectId.CHAT, endless, true, 1, 1, null),
                new Served(endless, endless, endless, null, true, Collections.nCopies(1_000, line)),
                new Outcome(ExchangeStatus.ERROR, 500, 1, 1, true, null, 0, endless, endless),
                endless);

        int length = codec.encode(huge);

        assertThat(length).isLessThan(1_000_000);
        assertThat(UsageCodec.decode(codec.bytes(), length).asked().model()).hasSize(UsageCodec.NAME_MAX);
    }

    @Provide
    Arbitrary<UsageRecord> records() {
        return Combinators.combine(
                        Arbitraries.longs(),
                        callers(),
                        asked(),
                        served(),
                        outcomes(),
                        text().filter(text -> !text.isEmpty()))
                .as((start, caller, asked, served, outcome, id) ->
                        new UsageRecord(new RequestId(id), start, caller, asked, served, outcome, id));
    }

    private static Arbitrary<Caller> callers() {
        return Combinators.combine(
                        text(), text().filter(name -> !name.isEmpty()).map(KeyName::new).injectNull(0.3), text().injectNull(0.3), text().injectNull(0.3))
                .as(Caller::new);
    }

    private static Arbitrary<Asked> asked() {
        return Combinators.combine(
                        Arbitraries.of(DialectId.class),
                        text().injectNull(0.3),
                        Arbitraries.of(true, false),
                        Arbitraries.integers(),
                        Arbitraries.integers(),
                        Arbitraries.of(true, false).injectNull(0.3))
                .as(Asked::new);
    }

    private static Arbitrary<Served> served() {
        Arbitrary<AttemptLine> lines = Combinators.combine(
                        text(),
                        text(),
                        Arbitraries.of(DialectId.class),
                        Arbitraries.of(AttemptLine.Status.class),
                        Arbitraries.integers(),
                        text(),
                        Arbitraries.of(true, false),
                        Arbitraries.longs())
                .as(AttemptLine::new);
        return Combinators.combine(
                        text().injectNull(0.3),
                        text().injectNull(0.3),
                        text().injectNull(0.3),
                        Arbitraries.of(DialectId.class).injectNull(0.3),
                        Arbitraries.of(true, false),
                        lines.list().ofMaxSize(5))
                .as(Served::new);
    }

    private static Arbitrary<Outcome> outcomes() {
        Arbitrary<Long> count = Arbitraries.longs().between(0, Long.MAX_VALUE);
        Arbitrary<Usage> usage = Combinators.combine(count, count, count, count, count, count)
                .as((input, cached, write, output, reasoning, total) ->
                        new Usage(input, cached, write, write / 2, output, reasoning, total));
        return Combinators.combine(
                        Arbitraries.of(ExchangeStatus.class),
                        Arbitraries.integers(),
                        Arbitraries.longs(),
                        Arbitraries.doubles(),
                        Arbitraries.of(true, false),
                        usage.injectNull(0.3),
                        text().injectNull(0.3),
                        text().injectNull(0.3))
                .as((status, http, duration, ttft, streamed, counts, finish, error) ->
                        new Outcome(status, http, duration, ttft, streamed, counts, http, finish, error));
    }

    /// Any text but lone surrogates, which UTF-8 does not have.
    private static Arbitrary<String> text() {
        return Arbitraries.strings().filter(text -> text.codePoints().noneMatch(point -> point >= 0xD800 && point <= 0xDFFF));
    }
}
