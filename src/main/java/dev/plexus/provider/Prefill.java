package dev.plexus.provider;

import dev.plexus.model.DialectId;
import dev.plexus.wire.Json;
import dev.plexus.wire.MemberEdits;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Puts the text so far behind a request as the assistant's turn, for a model that goes on with it.
final class Prefill {

    private Prefill() {}

    /// The body with the turn; null where the dialect has no place for one, or the text is blank. Blanks at its end are left out: vendors refuse them.
    static @Nullable Pieces with(Pieces body, DialectId dialect, String text) {
        String turn = text.stripTrailing();
        if (turn.isEmpty()) {
            return null;
        }
        String quoted = new String(Json.quoted(turn), StandardCharsets.UTF_8);
        return switch (dialect) {
            case MESSAGES, CHAT -> appended(body, "messages", "{\"role\":\"assistant\",\"content\":" + quoted + "}");
            case GEMINI -> appended(body, "contents", "{\"role\":\"model\",\"parts\":[{\"text\":" + quoted + "}]}");
            case RESPONSES -> appended(body, "input", "{\"role\":\"assistant\",\"content\":" + quoted + "}");
            default -> null;
        };
    }

    private static @Nullable Pieces appended(Pieces body, String list, String element) {
        if (!(TopLevelScan.scan(body, (_, _) -> {}) instanceof TopLevelScan.Outcome.Found(var members))) {
            return null;
        }
        for (TopLevel.Member member : members.members()) {
            if (member.name().equals(list)) {
                String value = new String(body.part(member.valueFrom(), member.valueTo()).joined(), StandardCharsets.UTF_8).strip();
                if (value.length() < 3 || value.charAt(0) != '[') {
                    return null;
                }
                String longer = value.substring(0, value.length() - 1) + "," + element + "]";
                MemberEdits edits = new MemberEdits(members);
                edits.set(list, MemberEdits.json(longer));
                return edits.apply(body);
            }
        }
        return null;
    }
}
