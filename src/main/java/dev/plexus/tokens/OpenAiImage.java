package dev.plexus.tokens;

import dev.plexus.wire.JsonIn;
import org.jspecify.annotations.Nullable;

/// An image or a file as OpenAI's dialects carry it; its members come in any order.
final class OpenAiImage {

    /// In high detail, at a common size.
    static final long TOKENS = 765;

    private static final long LOW_DETAIL_TOKENS = 85;
    private static final String PDF = "data:application/pdf";

    private boolean present;
    private @Nullable String detail;

    /// Takes an image's URL, or the object that chat puts around it.
    void see(JsonIn in) {
        present = !in.isNull();
        if (in.isObject()) {
            in.object(name -> {
                if (name.equals("detail")) {
                    detail(in);
                }
            });
        }
    }

    void detail(JsonIn in) {
        detail = in.textIfAny();
    }

    /// Counts the image, if there was one.
    void count(TokenTally tally) {
        if (present && "low".equals(detail)) {
            tally.add(LOW_DETAIL_TOKENS);
        } else if (present) {
            tally.image();
        }
    }

    /// Counts a file that is here as a data URL.
    static void file(JsonIn in, TokenTally tally) {
        String data = in.textIfAny();
        if (data != null && data.startsWith(PDF)) {
            tally.pdf(data.length() - data.indexOf(',') - 1L);
        } else if (data != null && data.startsWith("data:image/")) {
            tally.image();
        }
    }
}
