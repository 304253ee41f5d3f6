package dev.plexus.dialect;

import dev.plexus.model.DialectId;
import dev.plexus.model.Secret;
import dev.plexus.wire.JsonIn;
import dev.plexus.wire.JsonOut;
import java.nio.charset.StandardCharsets;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/// Lets a client of one dialect carry another vendor's secret: wrapped into a text that the client takes for its own, and that the gateway knows again
/// (spec: translation, section 7.4). Stateless; an envelope never reaches an upstream.
///
/// `plx1.` and base64url of `{"d":<dialect>,"k":"sig"|"enc"|"red"|"none","v":<value>,"i":<item id>}`. `none` marks thoughts that came without a secret
/// for clients whose format must have one.
public final class Envelope {

    /// How every envelope begins, as it is and in base64.
    public static final String MARK = "plx1.";
    public static final String MARK_BASE64 = "cGx4MS";

    /// What is inside: a secret, or none for an envelope that only marks foreign thoughts or cannot be read.
    public record Opened(@Nullable Secret secret) {

        static final Opened EMPTY = new Opened((Secret) null);
    }

    private Envelope() {}

    /// The secret as a text of letters, digits, `.`, `-` and `_`.
    public static String wrap(Secret secret) {
        return wrap(secret.dialect().label(), kind(secret.kind()), secret.value(), secret.itemId());
    }

    /// The envelope for thoughts of that dialect that have no secret.
    public static String empty(DialectId dialect) {
        return wrap(dialect.label(), "none", "", null);
    }

    private static String wrap(String dialect, String kind, String value, @Nullable String itemId) {
        byte[] inner = JsonOut.document(json -> json.object()
                .text("d", dialect)
                .text("k", kind)
                .text("v", value.isEmpty() ? null : value)
                .text("i", itemId)
                .close());
        return MARK + Base64.getUrlEncoder().withoutPadding().encodeToString(inner);
    }

    /// The same as padded standard base64, for fields that vendors' SDKs decode (Gemini's `thoughtSignature`).
    public static String wrapBase64(Secret secret) {
        return Base64.getEncoder().encodeToString(wrap(secret).getBytes(StandardCharsets.US_ASCII));
    }

    /// What is in the envelope that `text` is; null if it is none. One that is damaged counts as empty.
    public static @Nullable Opened open(String text) {
        if (!text.startsWith(MARK)) {
            return null;
        }
        try {
            byte[] inner = Base64.getUrlDecoder().decode(text.substring(MARK.length()));
            var read = new Object() {
                String dialect = "";
                String kind = "";
                String value = "";
                @Nullable String itemId;
            };
            JsonIn.read(inner, 0, inner.length, in -> in.object(name -> {
                switch (name) {
                    case "d" -> read.dialect = in.text();
                    case "k" -> read.kind = in.text();
                    case "v" -> read.value = in.text();
                    case "i" -> read.itemId = in.textOrNull();
                    default -> {}
                }
            }));
            Secret.@Nullable Kind kind = kind(read.kind);
            if (kind == null || read.value.isEmpty()) {
                return Opened.EMPTY;
            }
            return DialectId.of(read.dialect)
                    .map(dialect -> new Opened(new Secret(dialect, kind, read.value, read.itemId)))
                    .orElse(Opened.EMPTY);
        } catch (IllegalArgumentException | JsonIn.Bad e) {
            return Opened.EMPTY;
        }
    }

    /// The same for a text in base64, standard or URL-safe.
    public static @Nullable Opened openBase64(String text) {
        if (!text.startsWith(MARK_BASE64)) {
            return null;
        }
        try {
            byte[] bytes = text.indexOf('-') >= 0 || text.indexOf('_') >= 0 ? Base64.getUrlDecoder().decode(text) : Base64.getDecoder().decode(text);
            return open(new String(bytes, StandardCharsets.US_ASCII));
        } catch (IllegalArgumentException e) {
            return Opened.EMPTY;
        }
    }

    private static String kind(Secret.Kind kind) {
        return switch (kind) {
            case SIGNATURE -> "sig";
            case ENCRYPTED -> "enc";
            case REDACTED -> "red";
        };
    }

    private static Secret.@Nullable Kind kind(String word) {
        return switch (word) {
            case "sig" -> Secret.Kind.SIGNATURE;
            case "enc" -> Secret.Kind.ENCRYPTED;
            case "red" -> Secret.Kind.REDACTED;
            default -> null;
        };
    }
}
