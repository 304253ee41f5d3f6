package dev.plexus.admin;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Duration;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Lets administrators in, and slows down whoever guesses. Pure but for its clock; single-threaded.
///
/// Guesses are counted for each address of a connection, so that guessing from one place locks nobody else out.
final class AdminDoor {

    /// Who may come in.
    sealed interface Verdict {
        record Open() implements Verdict {}

        /// `delayed` when so many guesses come from everywhere that each is to be answered late.
        record Closed(boolean delayed) implements Verdict {}

        record Locked(long seconds) implements Verdict {}
    }

    private static final int GUESSES_MAX = 5;
    private static final long GUESSES_MILLIS = Duration.ofMinutes(5).toMillis();
    private static final long LOCK_FIRST_MILLIS = Duration.ofSeconds(30).toMillis();
    private static final long LOCK_MAX_MILLIS = Duration.ofMinutes(15).toMillis();
    private static final int SOURCES_MAX = 10_000;
    private static final int GUESSES_A_MINUTE_MAX = 100;
    private static final long MINUTE_MILLIS = 60_000;

    private static final class Source {
        private long since;
        private int guesses;
        private int locks;
        private long lockedUntil;
    }

    private final InstantSource clock;
    private final MessageDigest sha256;
    private final Map<String, Source> sources = new LinkedHashMap<>(16, 0.75f, true);
    private byte[] key;
    private long minute;
    private int guessesThisMinute;

    AdminDoor(InstantSource clock, String adminKey) {
        this.clock = clock;
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        this.key = digest(adminKey);
    }

    /// Another key holds from now on.
    void follow(String adminKey) {
        key = digest(adminKey);
    }

    /// May whoever presents this come in? Digests are compared, in constant time, so that nothing is learned from how long it took.
    Verdict knock(@Nullable String credential, String address) {
        long now = clock.millis();
        Source source = sources.get(address);
        if (source != null && now < source.lockedUntil) {
            return new Verdict.Locked(Math.max(1, (source.lockedUntil - now + 999) / 1000));
        }
        if (credential == null || credential.isEmpty()) {
            return new Verdict.Closed(false); // nothing was guessed
        }
        if (MessageDigest.isEqual(digest(credential), key)) {
            sources.remove(address);
            return new Verdict.Open();
        }
        return new Verdict.Closed(guessed(address, now));
    }

    /// Counts a wrong guess; true if there are so many from everywhere that the answer is to be late.
    private boolean guessed(String address, long now) {
        if (now - minute >= MINUTE_MILLIS) {
            minute = now;
            guessesThisMinute = 0;
        }
        guessesThisMinute++;
        Source source = sources.computeIfAbsent(address, _ -> new Source());
        if (now - source.since > GUESSES_MILLIS) {
            source.since = now;
            source.guesses = 0;
        }
        source.guesses++;
        if (source.guesses >= GUESSES_MAX) {
            source.lockedUntil = now + Math.min(LOCK_FIRST_MILLIS << Math.min(source.locks, 10), LOCK_MAX_MILLIS);
            source.locks++;
            source.guesses = 0;
        }
        if (sources.size() > SOURCES_MAX) {
            sources.remove(sources.keySet().iterator().next());
        }
        return guessesThisMinute > GUESSES_A_MINUTE_MAX;
    }

    private byte[] digest(String text) {
        return sha256.digest(text.getBytes(StandardCharsets.UTF_8));
    }
}
