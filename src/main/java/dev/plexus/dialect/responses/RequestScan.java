package dev.plexus.dialect.responses;

import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
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
import org.jspecify.annotations.Nullable;

/// Scans a request: which model, streamed or not, how many input items and tools, and whether there is anything to answer to.
final class RequestScan implements TopLevelScan.Visitor {

    private final HeadFields fields = new HeadFields();
    private boolean input;
    private boolean previous;
    private boolean conversation;
    private boolean prompt;
    private int items;
    private @Nullable Boolean parallelToolCalls;

    static HeadRead readHead(Pieces body) {
        RequestScan reader = new RequestScan();
        return switch (TopLevelScan.scan(body, reader)) {
            case Unreadable(var complaint) -> HeadFields.unreadable(complaint);
            case Found(var members) -> reader.head(members);
        };
    }

    private HeadRead head(TopLevel members) {
        fields.requireModel();
        if (!input && !previous && !conversation && !prompt) {
            fields.missing(Wire.INPUT);
        }
        if (previous && conversation) {
            fields.bad(Wire.CONVERSATION, "cannot be used together with " + Wire.PREVIOUS_RESPONSE_ID);
        }
        GatewayError problem = fields.problem();
        if (problem != null) {
            return new HeadRead.Bad(problem);
        }
        return new HeadRead.Good(new RequestHead(
                fields.model(), fields.stream(), fields.stream(), false, items, fields.tools(), parallelToolCalls, members));
    }

    @Override
    public void member(String name, JsonParser parser) throws IOException {
        boolean there = parser.currentToken() != JsonToken.VALUE_NULL;
        switch (name) {
            case Wire.MODEL -> fields.model(parser);
            case Wire.STREAM -> fields.stream(parser);
            case Wire.TOOLS -> fields.tools(parser);
            case Wire.INPUT -> {
                input = there;
                items = items(parser);
            }
            case Wire.PREVIOUS_RESPONSE_ID -> previous = there;
            case Wire.CONVERSATION -> conversation = there;
            case Wire.PROMPT -> prompt = there;
            case Wire.PARALLEL_TOOL_CALLS -> parallelToolCalls = switch (parser.currentToken()) {
                case VALUE_TRUE -> Boolean.TRUE;
                case VALUE_FALSE -> Boolean.FALSE;
                default -> null;
            };
            default -> {}
        }
    }

    /// A text is one message; what is neither text nor list is for the upstream to judge.
    private int items(JsonParser parser) throws IOException {
        return switch (parser.currentToken()) {
            case VALUE_STRING -> 1;
            case START_ARRAY -> fields.elements(parser, Wire.INPUT);
            default -> 0;
        };
    }
}
