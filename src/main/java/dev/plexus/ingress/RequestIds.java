package dev.plexus.ingress;

import dev.plexus.model.RequestId;
import java.time.InstantSource;
import java.util.random.RandomGenerator;

/// Makes the ids of exchanges: UUIDs of version 7 (RFC 9562, 5.7), which begin with the time, so that the rows of one minute lie together in an index.
final class RequestIds {

    private static final char[] HEX = "0123456789abcdef".toCharArray();

    private final InstantSource clock;
    private final RandomGenerator random;

    RequestIds(InstantSource clock, RandomGenerator random) {
        this.clock = clock;
        this.random = random;
    }

    RequestId next() {
        long high = clock.millis() << 16 | 0x7000 | random.nextInt() & 0x0fff;
        long low = random.nextLong() & 0x3fff_ffff_ffff_ffffL | 0x8000_0000_0000_0000L;
        char[] text = new char[36];
        write(text, 0, high >>> 32, 8);
        text[8] = '-';
        write(text, 9, high >>> 16, 4);
        text[13] = '-';
        write(text, 14, high, 4);
        text[18] = '-';
        write(text, 19, low >>> 48, 4);
        text[23] = '-';
        write(text, 24, low, 12);
        return new RequestId(new String(text));
    }

    private static void write(char[] text, int at, long bits, int digits) {
        for (int digit = 0; digit < digits; digit++) {
            text[at + digit] = HEX[(int) (bits >>> 4 * (digits - 1 - digit)) & 0xf];
        }
    }
}
