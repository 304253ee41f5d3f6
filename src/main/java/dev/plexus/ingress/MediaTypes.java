package dev.plexus.ingress;

import java.util.Locale;

/// Which content types a JSON endpoint takes.
final class MediaTypes {

    private MediaTypes() {}

    /// JSON in any of its spellings; `text/plain` is tolerated because simple clients send it.
    static boolean isJson(String contentType) {
        if (contentType.equals("application/json")) {
            return true;
        }
        int semicolon = contentType.indexOf(';');
        String type = (semicolon < 0 ? contentType : contentType.substring(0, semicolon)).trim().toLowerCase(Locale.ROOT);
        return type.isEmpty() || type.equals("application/json") || type.endsWith("+json") || type.equals("text/plain");
    }
}
