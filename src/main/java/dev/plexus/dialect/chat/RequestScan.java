package dev.plexus.dialect.chat;

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

/// Scans a request: which model, streamed or not, how many messages and tools, and whether what must be there is.
final class RequestScan implements TopLevelScan.Visitor {

    private final HeadFields fields = new HeadFields();
    private int messages;
    private boolean includeUsage;
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
        if (messages == 0) {
            fields.missing(Wire.MESSAGES);
        }
        GatewayError problem = fields.problem();
        if (problem != null) {
            return new HeadRead.Bad(problem);
        }
        return new HeadRead.Good(new RequestHead(
                fields.model(), fields.stream(), fields.stream(), includeUsage, messages, fields.tools(), parallelToolCalls, members));
    }

    @Override
    public void member(String name, JsonParser parser) throws IOException {
        switch (name) {
            case Wire.MODEL -> fields.model(parser);
            case Wire.STREAM -> fields.stream(parser);
            case Wire.TOOLS -> fields.tools(parser);
            case Wire.MESSAGES -> messages = fields.objects(parser, Wire.MESSAGES, this::message);
            case Wire.STREAM_OPTIONS -> streamOptions(parser);
            case Wire.PARALLEL_TOOL_CALLS -> parallelToolCalls = switch (parser.currentToken()) {
                case VALUE_TRUE -> Boolean.TRUE;
                case VALUE_FALSE -> Boolean.FALSE;
                default -> null;
            };
            default -> {}
        }
    }

    private void message(int index, JsonParser parser) throws IOException {
        boolean role = false;
        for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals(Wire.ROLE)) {
                role = value == JsonToken.VALUE_STRING;
            }
            parser.skipChildren();
        }
        if (!role) {
            fields.bad(Wire.MESSAGES + "[" + index + "]." + Wire.ROLE, "must be a string");
        }
    }

    private void streamOptions(JsonParser parser) throws IOException {
        includeUsage = false;
        if (parser.currentToken() != JsonToken.START_OBJECT) {
            return;
        }
        for (@Nullable String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
            JsonToken value = parser.nextToken();
            if (name.equals(Wire.INCLUDE_USAGE)) {
                includeUsage = value == JsonToken.VALUE_TRUE;
            }
            parser.skipChildren();
        }
    }
}
