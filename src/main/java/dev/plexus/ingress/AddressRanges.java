package dev.plexus.ingress;

import java.net.InetAddress;
import java.util.Arrays;
import java.util.List;

/// Addresses that a key may be used from: single ones, CIDRs, and ranges `first-last`. None means all.
final class AddressRanges {

    /// Both ends are included; they have the same length.
    private record Range(byte[] first, byte[] last) {

        boolean holds(byte[] address) {
            return address.length == first.length && Arrays.compareUnsigned(first, address) <= 0 && Arrays.compareUnsigned(address, last) <= 0;
        }
    }

    private final List<Range> ranges;

    /// The texts have been checked with the configuration.
    AddressRanges(List<String> texts) {
        this.ranges = texts.stream().map(AddressRanges::range).toList();
    }

    /// True if it may be used from here. What is no address literal is nowhere.
    boolean allow(String address) {
        if (ranges.isEmpty()) {
            return true;
        }
        try {
            byte[] bytes = bytes(address);
            return ranges.stream().anyMatch(range -> range.holds(bytes));
        } catch (IllegalArgumentException _) {
            return false;
        }
    }

    private static Range range(String text) {
        int dash = text.indexOf('-');
        if (dash > 0) {
            return new Range(bytes(text.substring(0, dash)), bytes(text.substring(dash + 1)));
        }
        int slash = text.indexOf('/');
        if (slash < 0) {
            return new Range(bytes(text), bytes(text));
        }
        byte[] first = bytes(text.substring(0, slash));
        byte[] last = first.clone();
        for (int bit = Integer.parseInt(text.substring(slash + 1).strip()); bit < first.length * 8; bit++) {
            first[bit / 8] &= (byte) ~(0x80 >> bit % 8);
            last[bit / 8] |= (byte) (0x80 >> bit % 8);
        }
        return new Range(first, last);
    }

    /// An IPv4 address that is written as an IPv6 one is an IPv4 address.
    private static byte[] bytes(String literal) {
        return InetAddress.ofLiteral(literal.strip()).getAddress();
    }
}
