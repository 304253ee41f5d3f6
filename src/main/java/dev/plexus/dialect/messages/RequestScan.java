package dev.plexus.dialect.messages;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import dev.plexus.dialect.Counts;
import dev.plexus.dialect.HeadFields;
import dev.plexus.dialect.HeadRead;
import dev.plexus.dialect.RequestHead;
import dev.plexus.model.GatewayError;
import dev.plexus.wire.Pieces;
import dev.plexus.wire.TopLevel;
import dev.plexus.wire.TopLevelScan;
import dev.plexus.wire.TopLevelScan.Outcome.Found;
import dev.plexus.wire.TopLevelScan.Outcome.Unreadable;
import java.io.IOException;

/// Scans a request: which model, streamed or not, how many messages and tools, and whether what must be there is.
final class RequestScan implements TopLevelScan.Visitor {

    private final HeadFields fields = new HeadFields();
    private int messages;
    private boolean maxTokens;

    static HeadRead readHead(Pieces body) {
        RequestScan reader = new RequestScan();
        return switch (TopLevelScan.scan(body, reader)) {
            case Unreadable(var complaint) -> HeadFields.unreadable(complaint);
            case Found(var members) -> reader.head(members);
        };
    }

    private HeadRead head(TopLevel members) {
        fields.requireModel();
        if (messages == 0) {
            fields.missing(Wire.MESSAGES);
        }
        if (!maxTokens) {
            fields.missing(Wire.MAX_TOKENS);
        }
        GatewayError problem = fields.problem();
        if (problem != null) {
            return new HeadRead.Bad(problem);
        }
        return new HeadRead.Good(new RequestHead(
                fields.model(), fields.stream(), fields.stream(), false, messages, fields.tools(), null, members));
    }

    @Override
    public void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case Wire.MODEL -> fields.model(parser);
            case Wire.STREAM -> fields.stream(parser);
            case Wire.TOOLS -> fields.tools(parser);
            case Wire.MESSAGES -> messages = fields.elements(parser, Wire.MESSAGES);
            case Wire.MAX_TOKENS -> maxTokens(parser);
            default -> {}
        }
    }

    private void maxTokens(JsonParser parser) throws IOException {
        JsonToken token = parser.currentToken();
        maxTokens = token == JsonToken.VALUE_NUMBER_INT && Counts.read(parser) >= 1;
        if (!maxTokens && token != JsonToken.VALUE_NULL) {
            fields.bad(Wire.MAX_TOKENS, "must be an integer of at least 1");
        }
    }
}
