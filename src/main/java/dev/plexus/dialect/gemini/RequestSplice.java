package dev.plexus.dialect.gemini;

import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.PassThrough;
import dev.plexus.dialect.RequestHead;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import java.nio.charset.StandardCharsets;
import java.util.Locale;

/// Makes a request body, and the URL that holds its model, fit for an upstream.
final class RequestSplice {

    private static final String HEX = "0123456789ABCDEF";

    private RequestSplice() {}

    static Pieces writeBody(Pieces body, RequestHead head, Outgoing outgoing) {
        MemberEdits edits = PassThrough.withoutModel(head, outgoing);
        for (TopLevel.Member member : head.members().members()) {
            if (member.name().equals(Wire.CONTENTS) && !outgoing.extraBody().containsKey(Wire.CONTENTS)) {
                wrap(body.part(member.valueFrom(), member.valueTo()), edits);
            }
        }
        return edits.apply(body);
    }

    /// Upstreams want a list of contents; clients may send one content, or a text.
    private static void wrap(Pieces contents, MemberEdits edits) {
        String text = switch (first(contents)) {
            case '{' -> "[" + text(contents) + "]";
            case '"' -> "[{\"role\":\"user\",\"parts\":[{\"text\":" + text(contents) + "}]}]";
            default -> null;
        };
        if (text != null) {
            edits.set(Wire.CONTENTS, MemberEdits.json(text));
        }
    }

    private static byte first(Pieces value) {
        Pieces.Slice slice = value.slices().getFirst();
        return slice.array()[slice.offset()];
    }

    private static String text(Pieces value) {
        return new String(value.joined(), StandardCharsets.UTF_8);
    }

    static String upstreamUrl(String baseUrl, String model, boolean stream) {
        if (!isSafeModel(model)) {
            throw new IllegalArgumentException("model: not fit for a URL path");
        }
        String base = baseUrl.toLowerCase(Locale.ROOT);
        StringBuilder url = new StringBuilder(baseUrl);
        if (!base.endsWith("/v1beta") && !base.endsWith("/v1")) {
            url.append("/v1beta");
        }
        if (!model.startsWith("models/") && !model.startsWith("tunedModels/")) {
            url.append("/models");
        }
        for (String segment : model.split("/", -1)) {
            encode(segment, url.append('/'));
        }
        return url.append(stream ? ":streamGenerateContent?alt=sse" : ":generateContent").toString();
    }

    /// False for names whose segments would climb out of the base path, vanish from it, or break the request line.
    static boolean isSafeModel(String model) {
        if (model.chars().anyMatch(Character::isISOControl)) {
            return false;
        }
        for (String segment : model.split("/", -1)) {
            if (segment.isEmpty() || segment.equals(".") || segment.equals("..")) {
                return false;
            }
        }
        return true;
    }

    private static void encode(String segment, StringBuilder url) {
        for (byte one : segment.getBytes(StandardCharsets.UTF_8)) {
            boolean plain = (one >= 'a' && one <= 'z') || (one >= 'A' && one <= 'Z') || (one >= '0' && one <= '9')
                    || one == '-' || one == '.' || one == '_' || one == '~';
            if (plain) {
                url.append((char) one);
            } else {
                url.append('%').append(HEX.charAt((one >> 4) & 0xf)).append(HEX.charAt(one & 0xf));
            }
        }
    }
}
