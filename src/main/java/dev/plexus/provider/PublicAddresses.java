package dev.plexus.provider;

import java.net.Inet4Address;
import java.net.InetAddress;

/// Tells addresses of the public internet from those at which a stranger's URL must not make us knock: our own, our neighbours', a cloud's metadata service.
final class PublicAddresses {

    private PublicAddresses() {}

    static boolean includes(InetAddress address) {
        if (address.isAnyLocalAddress() || address.isLoopbackAddress() || address.isLinkLocalAddress() || address.isSiteLocalAddress()
                || address.isMulticastAddress()) {
            return false;
        }
        byte[] bytes = address.getAddress();
        return address instanceof Inet4Address ? isPublic4(bytes[0] & 0xff, bytes[1] & 0xff, bytes[2] & 0xff) : isPublic6(bytes);
    }

    /// Without "this network", carriers' own addresses, protocol assignments, benchmarks, and what is reserved.
    private static boolean isPublic4(int first, int second, int third) {
        return switch (first) {
            case 0, 10, 127 -> false;
            case 100 -> second < 64 || second > 127;
            case 169 -> second != 254;
            case 172 -> second < 16 || second > 31;
            case 192 -> second != 168 && !(second == 0 && third == 0);
            case 198 -> second != 18 && second != 19;
            default -> first < 224;
        };
    }

    /// Only global unicast, and of that nothing in which an IPv4 address hides (6to4, Teredo).
    private static boolean isPublic6(byte[] bytes) {
        int first = (bytes[0] & 0xff) << 8 | bytes[1] & 0xff;
        int second = (bytes[2] & 0xff) << 8 | bytes[3] & 0xff;
        boolean isGlobal = (first & 0xe000) == 0x2000;
        return isGlobal && first != 0x2002 && !(first == 0x2001 && second == 0);
    }
}
