package dev.plexus.dialect.chat;

import dev.plexus.dialect.Outgoing;
import dev.plexus.dialect.PassThrough;
import dev.plexus.dialect.RequestHead;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import dev.plexus.wire.TopLevelScan.Outcome.Found;
import dev.plexus.wire.TopLevelScan.Outcome.Unreadable;
import org.jspecify.annotations.Nullable;

/// Makes a request body fit for an upstream.
final class RequestSplice {

    private static final byte[] TRUE = MemberEdits.json("true");
    private static final byte[] ONLY_USAGE = MemberEdits.json("{\"include_usage\":true}");

    private RequestSplice() {}

    static Pieces writeBody(Pieces body, RequestHead head, Outgoing outgoing) {
        MemberEdits edits = PassThrough.withModel(head, outgoing, Wire.MODEL);
        if (outgoing.injectUsage()) {
            byte[] options = askingForUsage(streamOptions(body, head, outgoing));
            if (options != null) {
                edits.set(Wire.STREAM_OPTIONS, options);
            }
        }
        return edits.apply(body);
    }

    /// The options that would be sent: the configured ones, else the client's last.
    private static @Nullable Pieces streamOptions(Pieces body, RequestHead head, Outgoing outgoing) {
        String configured = outgoing.extraBody().get(Wire.STREAM_OPTIONS);
        if (configured != null) {
            return Pieces.of(configured);
        }
        Pieces found = null;
        for (TopLevel.Member member : head.members().members()) {
            if (member.name().equals(Wire.STREAM_OPTIONS)) {
                found = body.part(member.valueFrom(), member.valueTo());
            }
        }
        return found;
    }

    /// The options with usage asked for and their other members kept; null if they are no object, which is for the upstream to judge.
    private static byte @Nullable [] askingForUsage(@Nullable Pieces options) {
        if (options == null) {
            return ONLY_USAGE;
        }
        return switch (TopLevelScan.scan(options, (_, _) -> {})) {
            case Found(var members) -> new MemberEdits(members).set(Wire.INCLUDE_USAGE, TRUE).apply(options).joined();
            case Unreadable _ -> isNull(options) ? ONLY_USAGE : null;
        };
    }

    private static boolean isNull(Pieces value) {
        return value.length() == 4 && value.joined()[0] == 'n';
    }
}
