package dev.plexus.dialect.fuzz;

import dev.plexus.dialect.ConversationDialect;
import dev.plexus.dialect.Dialects;
import dev.plexus.dialect.Drops;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.Ids;
import dev.plexus.dialect.Reply;
import dev.plexus.dialect.RequestHead;
import dev.plexus.dialect.RequestPath;
import dev.plexus.dialect.ToolNames;
import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.wire.Pieces;
import java.util.List;
import java.util.Random;

/// What the writer of an answer needs to know, for a request without anything special.
final class Answers {

    private Answers() {}

    static Reply reply(DialectId dialect, String question) {
        ConversationDialect speaks = Dialects.conversation(dialect).orElseThrow();
        Pieces body = Pieces.of(question);
        RequestHead head = switch (speaks.readHead(body, new RequestPath("m", true, true))) {
            case HeadRead.Good(var good) -> good;
            case HeadRead.Bad(var error) -> throw new AssertionError(error.message());
        };
        ChatRequest request = speaks.readRequest(body.contiguous(), head, new Drops());
        return new Reply(request, body, head.members(), "m", 1_760_000_000, new Ids(new Random(3)));
    }

    /// Names as they come.
    static ToolNames names() {
        ChatRequest none = new ChatRequest(
                DialectId.CHAT, "m", false, false, List.of(), List.of(), null, null, Reasoning.UNSAID, new Settings.Builder().build());
        return new ToolNames(none, ToolNames.Rule.plain(64), false);
    }
}
