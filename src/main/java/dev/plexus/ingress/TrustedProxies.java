package dev.plexus.ingress;

import io.vertx.core.MultiMap;
import io.vertx.core.http.HttpHeaders;
import java.util.List;

/// Tells where a request really comes from, for access control: the address of the connection, or what proxies say that are believed.
final class TrustedProxies {

    private static final CharSequence FORWARDED_FOR = HttpHeaders.createOptimized("x-forwarded-for");

    private final AddressRanges believed;
    private final boolean none;

    /// The texts have been checked with the configuration.
    TrustedProxies(List<String> believed) {
        this.believed = new AddressRanges(believed);
        this.none = believed.isEmpty();
    }

    /// From the connection backwards, each believed proxy names the one before it; the first that is not believed is the client. What it says itself is
    /// worth nothing: anybody can write a header.
    String client(MultiMap headers, String peer) {
        if (none || !believed.allow(peer)) {
            return peer;
        }
        String address = peer;
        List<String> lines = headers.getAll(FORWARDED_FOR);
        for (int line = lines.size() - 1; line >= 0; line--) {
            String[] hops = lines.get(line).split(",", -1);
            for (int hop = hops.length - 1; hop >= 0; hop--) {
                address = withoutPort(hops[hop].strip());
                if (!believed.allow(address)) {
                    return address;
                }
            }
        }
        return address;
    }

    /// Some proxies add the port: `192.0.2.1:4711`, `[2001:db8::1]:4711`.
    private static String withoutPort(String hop) {
        if (hop.startsWith("[")) {
            int end = hop.indexOf(']');
            return end < 0 ? hop : hop.substring(1, end);
        }
        int colon = hop.indexOf(':');
        return colon > 0 && colon == hop.lastIndexOf(':') ? hop.substring(0, colon) : hop;
    }
}
