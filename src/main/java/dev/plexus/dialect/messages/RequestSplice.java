package dev.plexus.dialect.messages;

import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.PassThrough;
import dev.plexus.dialect.RequestHead;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import dev.plexus.wire.TopLevelScan.Outcome.Found;
import dev.plexus.wire.TopLevelScan.Outcome.Unreadable;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Makes a request body fit for an upstream.
final class RequestSplice {

    private static final String ADAPTIVE = "\"adaptive\"";

    private RequestSplice() {}

    static Pieces writeBody(Pieces body, RequestHead head, Outgoing outgoing) {
        MemberEdits edits = PassThrough.withModel(head, outgoing, Wire.MODEL);
        if (outgoing.stripAdaptiveThinking() && isAdaptive(thinking(body, head, outgoing))) {
            edits.remove(Wire.THINKING);
        }
        return edits.apply(body);
    }

    /// The thinking that would be sent: the configured one, else the client's last.
    private static @Nullable Pieces thinking(Pieces body, RequestHead head, Outgoing outgoing) {
        String configured = outgoing.extraBody().get(Wire.THINKING);
        if (configured != null) {
            return Pieces.of(configured);
        }
        Pieces found = null;
        for (TopLevel.Member member : head.members().members()) {
            if (member.name().equals(Wire.THINKING)) {
                found = body.part(member.valueFrom(), member.valueTo());
            }
        }
        return found;
    }

    private static boolean isAdaptive(@Nullable Pieces thinking) {
        if (thinking == null) {
            return false;
        }
        return switch (TopLevelScan.scan(thinking, (_, _) -> {})) {
            case Found(var members) -> members.members().stream()
                    .filter(member -> member.name().equals(Wire.THINKING_TYPE))
                    .anyMatch(member -> ADAPTIVE.equals(text(thinking.part(member.valueFrom(), member.valueTo()))));
            case Unreadable _ -> false;
        };
    }

    private static String text(Pieces value) {
        return new String(value.joined(), StandardCharsets.UTF_8);
    }
}
