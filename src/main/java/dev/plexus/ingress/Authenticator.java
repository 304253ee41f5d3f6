package dev.plexus.ingress;

import dev.plexus.config.Config;
import dev.plexus.config.KeyRule;
import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.time.Instant;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Recognises API keys. Secrets are found by their SHA-256, so that the time of a look-up tells nothing of how much of a guess was right.
final class Authenticator {

    private static final CharSequence X_API_KEY = HttpHeaders.createOptimized("x-api-key");
    private static final CharSequence X_GOOG_API_KEY = HttpHeaders.createOptimized("x-goog-api-key");
    private static final String BEARER = "bearer";
    private static final int LABEL_CHARACTERS_MAX = 128;
    private static final int CREDENTIAL_CHARACTERS_MAX = 4096;

    /// Who calls: the key's rule and the label after the colon, if any.
    record Caller(KeyRule key, @Nullable String attribution) {}

    /// A key and where it may be used from.
    private record Known(KeyRule key, AddressRanges from) {}

    /// A digest as a map key: 256 bits compared as four longs.
    private record Digest(long a, long b, long c, long d) {
        static Digest of(byte[] bytes) {
            return new Digest(word(bytes, 0), word(bytes, 8), word(bytes, 16), word(bytes, 24));
        }

        private static long word(byte[] bytes, int at) {
            long word = 0;
            for (int index = at; index < at + 8; index++) {
                word = word << 8 | bytes[index] & 0xff;
            }
            return word;
        }
    }

    private final TrustedProxies proxies;
    private final MessageDigest sha256;
    private final Map<Digest, Known> keys = new HashMap<>();

    Authenticator(Config config) {
        this.proxies = new TrustedProxies(config.trustedProxies());
        try {
            this.sha256 = MessageDigest.getInstance("SHA-256");
        } catch (NoSuchAlgorithmException impossible) {
            throw new IllegalStateException("every Java platform has SHA-256", impossible);
        }
        config.keys().values().forEach(key -> keys.put(digest(key.secret()), new Known(key, new AddressRanges(key.allowedIps()))));
    }

    /// The credential that a request presents: the first header that is there counts, even if it is wrong. Null when there is none.
    static @Nullable String presented(MultiMap headers, @Nullable String query) {
        String authorization = headers.get(HttpHeaders.AUTHORIZATION);
        if (authorization != null && !authorization.isBlank()) {
            String value = withoutScheme(authorization.trim());
            if (!value.isEmpty()) {
                return value;
            }
        }
        String key = headers.get(X_API_KEY);
        if (key == null || key.isBlank()) {
            key = headers.get(X_GOOG_API_KEY);
        }
        if (key == null || key.isBlank()) {
            key = Paths.parameter(query, "key");
        }
        return key == null || key.isBlank() ? null : key.trim();
    }

    /// The credential of an `Authorization` header, empty where the scheme stands alone: some clients send it so when they have no key for it.
    private static String withoutScheme(String value) {
        boolean bearer = value.regionMatches(true, 0, BEARER, 0, BEARER.length())
                && (value.length() == BEARER.length() || value.charAt(BEARER.length()) == ' ');
        return bearer ? value.substring(BEARER.length()).trim() : value;
    }

    /// Where a request on a connection from `peer` comes from. What headers say can be forged, so only proxies that are trusted are believed.
    String address(MultiMap headers, String peer) {
        return proxies.client(headers, peer);
    }

    /// Who presents this credential from this address ([#address]) at this moment; null when nobody who may call.
    @Nullable Caller caller(String credential, String peer, Instant now) {
        if (credential.length() > CREDENTIAL_CHARACTERS_MAX) {
            return null;
        }
        int colon = credential.indexOf(':');
        Known known = keys.get(digest(colon < 0 ? credential : credential.substring(0, colon)));
        if (known == null || !known.from().allow(peer)) {
            return null;
        }
        KeyRule key = known.key();
        if (key.disabledAt() != null || key.expiresAt() != null && !now.isBefore(key.expiresAt())) {
            return null;
        }
        return new Caller(key, colon < 0 ? null : label(credential.substring(colon + 1)));
    }

    private static @Nullable String label(String text) {
        if (text.isEmpty()) {
            return null;
        }
        String lower = text.toLowerCase(Locale.ROOT);
        return lower.length() <= LABEL_CHARACTERS_MAX ? lower : lower.substring(0, LABEL_CHARACTERS_MAX);
    }

    private Digest digest(String secret) {
        return Digest.of(sha256.digest(secret.getBytes(StandardCharsets.UTF_8)));
    }
}
