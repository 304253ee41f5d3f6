package dev.plexus.usage;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.time.InstantSource;
import java.util.Arrays;
import java.util.Base64;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/// The file for records that cannot be stored: one line each, with the time, the request id, the reason, and the record's bytes in base 64. It stops
/// growing at a bound; from then on there is only the log line.
///
/// Single-threaded; belongs to the journal's follower.
final class Rejected {

    private static final Logger LOG = LoggerFactory.getLogger(Rejected.class);
    private static final long BYTES_MAX = 64L * 1_024 * 1_024;

    private final Path file;
    private final InstantSource clock;
    private long count;

    Rejected(Path file, InstantSource clock) {
        this.file = file;
        this.clock = clock;
    }

    long count() {
        return count;
    }

    void add(String requestId, String reason, byte[] record, int length) {
        count++;
        String why = reason.replaceAll("[\\t\\r\\n]+", " ");
        LOG.error("usage record {} cannot be stored and is set aside in {}: {}", requestId, file, why);
        String bytes = Base64.getEncoder().encodeToString(Arrays.copyOf(record, length));
        try {
            if (Files.exists(file) && Files.size(file) > BYTES_MAX) {
                return;
            }
            Files.writeString(
                    file,
                    clock.instant() + "\t" + requestId + "\t" + why + "\t" + bytes + "\n",
                    StandardCharsets.UTF_8,
                    StandardOpenOption.CREATE,
                    StandardOpenOption.APPEND);
        } catch (IOException noRoom) {
            LOG.error("usage record {} could not even be set aside in {}: {}; its bytes: {}", requestId, file, noRoom.toString(), bytes);
        }
    }
}
