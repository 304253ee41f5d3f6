package dev.plexus.ingress;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The addresses that a key may be used from: single ones, networks (`10.0.0.0/8`) and ranges (`10.0.0.1-10.0.0.9`), of IPv4 and IPv6. An empty list
/// allows all. Only the peer of the connection counts; what headers say of it can be forged.
final class AllowedAddresses {

    private record Range(byte[] first, byte[] last) {
        boolean contains(byte[] address) {
            return address.length == first.length
                    && Arrays.compareUnsigned(first, address) <= 0
                    && Arrays.compareUnsigned(address, last) <= 0;
        }
    }

    private final List<Range> ranges;

    /// The configuration has been checked: text that is no address is an `IllegalArgumentException`.
    AllowedAddresses(List<String> texts) {
        this.ranges = texts.stream().map(AllowedAddresses::range).toList();
    }

    boolean allow(@Nullable String peer) {
        if (ranges.isEmpty()) {
            return true;
        }
        if (peer == null) {
            return false;
        }
        byte[] address = bytes(peer);
        return ranges.stream().anyMatch(range -> range.contains(address));
    }

    private static Range range(String text) {
        int slash = text.indexOf('/');
        int dash = text.indexOf('-');
        if (dash >= 0) {
            return new Range(bytes(text.substring(0, dash).strip()), bytes(text.substring(dash + 1).strip()));
        }
        byte[] address = bytes(slash < 0 ? text : text.substring(0, slash));
        int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1).strip());
        byte[] first = address.clone();
        byte[] last = address.clone();
        for (int bit = bits; bit < address.length * 8; bit++) {
            int mask = 0x80 >> bit % 8;
            first[bit / 8] &= (byte) ~mask;
            last[bit / 8] |= (byte) mask;
        }
        return new Range(first, last);
    }

    /// An IPv4 address that is written as an IPv6 one is the IPv4 address. Only literals come here, so nothing is looked up.
    private static byte[] bytes(String literal) {
        try {
            int zone = literal.indexOf('%');
            return InetAddress.ofLiteral(zone < 0 ? literal.strip() : literal.substring(0, zone).strip()).getAddress();
        } catch (IllegalArgumentException none) {
            throw new IllegalArgumentException("address: '" + literal + "' is not one", none);
        }
    }
}
