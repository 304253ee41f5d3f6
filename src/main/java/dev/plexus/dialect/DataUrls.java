package dev.plexus.dialect;

import dev.plexus.model.Source;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Media within a URL, as OpenAI's formats have them.
public final class DataUrls {

    private DataUrls() {}

    /// The media behind a URL, with `data:` URLs taken apart; null for one of those that has no content.
    public static @Nullable Source source(String url) {
        if (!url.regionMatches(true, 0, "data:", 0, 5)) {
            return new Source.Url(url, null);
        }
        int comma = url.indexOf(',');
        if (comma < 0) {
            return null;
        }
        String head = url.substring(5, comma);
        int parameters = head.indexOf(';');
        String mime = parameters < 0 ? head : head.substring(0, parameters);
        boolean base64 = head.regionMatches(true, head.length() - 7, ";base64", 0, 7);
        String data = url.substring(comma + 1);
        // Text is what the standard for these URLs says of one without a type.
        return new Source.Base64(mime.isBlank() ? "text/plain" : mime, base64 ? data : Base64.getEncoder().encodeToString(percentDecoded(data)));
    }

    private static byte[] percentDecoded(String text) {
        byte[] encoded = text.getBytes(StandardCharsets.UTF_8);
        byte[] decoded = new byte[encoded.length];
        int length = 0;
        for (int at = 0; at < encoded.length; at++) {
            int high = encoded[at] == '%' && at + 2 < encoded.length ? Character.digit(encoded[at + 1], 16) : -1;
            int low = high < 0 ? -1 : Character.digit(encoded[at + 2], 16);
            decoded[length++] = low < 0 ? encoded[at] : (byte) (high << 4 | low);
            at += low < 0 ? 0 : 2;
        }
        return Arrays.copyOf(decoded, length);
    }

    /// The media as a `data:` URL.
    public static String write(Source.Base64 media) {
        return "data:" + media.mime() + ";base64," + media.data();
    }
}
