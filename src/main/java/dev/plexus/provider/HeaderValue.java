package dev.plexus.provider;

/// Makes configured and client-given text fit for a header value.
final class HeaderValue {

    private HeaderValue() {}

    /// The text itself, where it is printable ASCII; everything else is replaced, so that it can neither split a header nor upset a parser.
    static String safe(String text) {
        for (int at = 0; at < text.length(); at++) {
            if (!printable(text.charAt(at))) {
                StringBuilder clean = new StringBuilder(text.length());
                text.chars().forEach(letter -> clean.append(printable((char) letter) ? (char) letter : '?'));
                return clean.toString();
            }
        }
        return text;
    }

    private static boolean printable(char letter) {
        return letter >= 0x20 && letter < 0x7f;
    }
}
