package dev.plexus.model;

import java.util.List;
import org.jspecify.annotations.Nullable;

/// Where the content of a media part is.
public sealed interface Source {

    /// The bytes themselves, in base64 as the client spelled it. `mime` is the media type without parameters.
    record Base64(String mime, String data) implements Source {}

    /// A place to fetch it from; `mime` where the client said it.
    record Url(String url, @Nullable String mime) implements Source {}

    /// A file uploaded to one vendor (`openai`, `anthropic`, `google`); of no use to another.
    record File(String id, String vendor) implements Source {}

    /// Plain text.
    record Text(String text) implements Source {}

    /// A document made of parts.
    record Parts(List<Part> parts) implements Source {

        public Parts {
            parts = List.copyOf(parts);
        }
    }
}
