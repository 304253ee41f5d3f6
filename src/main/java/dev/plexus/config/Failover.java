package dev.plexus.config;

import java.time.Duration;
import java.util.BitSet;
import java.util.List;
import java.util.Locale;

/// When an exchange moves on to its next candidate. `streamProbe` is the longest time after the upstream's headers during which a stream is held
/// back for its first content; zero commits on the headers.
public record Failover(boolean enabled, BitSet retryableStatusCodes, List<String> retryableErrors, Duration streamProbe) {

    public Failover {
        retryableStatusCodes = (BitSet) retryableStatusCodes.clone();
        retryableErrors = List.copyOf(retryableErrors);
    }

    @Override
    public BitSet retryableStatusCodes() {
        return (BitSet) retryableStatusCodes.clone();
    }

    /// True if this HTTP status lets the next candidate try; 402 always does.
    public boolean retries(int status) {
        return status == 402 || retryableStatusCodes.get(status);
    }

    /// True if a transport failure with this code or message lets the next candidate try.
    public boolean retries(String codeAndMessage) {
        String text = codeAndMessage.toLowerCase(Locale.ROOT);
        return retryableErrors.stream().anyMatch(error -> text.contains(error.toLowerCase(Locale.ROOT)));
    }
}
