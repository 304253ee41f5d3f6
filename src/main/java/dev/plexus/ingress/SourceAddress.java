package dev.plexus.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;
import java.util.Locale;

/// Where a request says that it comes from. Headers can be forged, so this informs and never decides.
final class SourceAddress {

    private static final List<CharSequence> BEFORE = List.of(
            HttpHeaders.createOptimized("cf-connecting-ip"),
            HttpHeaders.createOptimized("true-client-ip"),
            HttpHeaders.createOptimized("x-real-ip"),
            HttpHeaders.createOptimized("x-forwarded-for"),
            HttpHeaders.createOptimized("x-client-ip"),
            HttpHeaders.createOptimized("fastly-client-ip"),
            HttpHeaders.createOptimized("x-cluster-client-ip"));
    private static final CharSequence FORWARDED = HttpHeaders.createOptimized("forwarded");
    private static final int CHARACTERS_MAX = 64;

    private SourceAddress() {}

    static String of(MultiMap headers, String peer) {
        for (CharSequence name : BEFORE) {
            String value = headers.get(name);
            if (value != null && !value.isBlank()) {
                int comma = value.indexOf(',');
                return cut((comma < 0 ? value : value.substring(0, comma)).trim());
            }
        }
        String forwarded = headers.get(FORWARDED);
        return forwarded == null ? peer : forwardedFor(forwarded, peer);
    }

    private static String forwardedFor(String forwarded, String peer) {
        int at = forwarded.toLowerCase(Locale.ROOT).indexOf("for=");
        if (at < 0) {
            return peer;
        }
        String value = forwarded.substring(at + "for=".length());
        int end = 0;
        while (end < value.length() && value.charAt(end) != ';' && value.charAt(end) != ',') {
            end++;
        }
        return cut(value.substring(0, end).trim().replace("\"", ""));
    }

    private static String cut(String text) {
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX);
    }
}
