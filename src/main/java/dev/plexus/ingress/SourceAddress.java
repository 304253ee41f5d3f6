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
            String first = value == null ? "" : first(value);
            if (!first.isEmpty()) {
                return cut(first);
            }
        }
        String forwarded = headers.get(FORWARDED);
        return forwarded == null ? peer : forwardedFor(forwarded, peer);
    }

    private static String first(String list) {
        int comma = list.indexOf(',');
        return (comma < 0 ? list : list.substring(0, comma)).trim();
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
        String address = value.substring(0, end).trim().replace("\"", "");
        return address.isEmpty() ? peer : cut(address);
    }

    private static String cut(String text) {
        return text.length() <= CHARACTERS_MAX ? text : text.substring(0, CHARACTERS_MAX);
    }
}
