package dev.plexus.dialect;

import dev.plexus.model.Message;
import dev.plexus.model.Part;
import java.util.List;

/// Finds where the running loop of tool calls begins: what the model thought since then some vendors want to see again.
public final class ToolLoop {

    private ToolLoop() {}

    /// The place of the last message in which the user, and not only a tool, says something; -1 without one.
    public static int start(List<Message> messages) {
        for (int index = messages.size() - 1; index >= 0; index--) {
            Message message = messages.get(index);
            if (message.role() == Message.Role.USER && message.parts().stream().anyMatch(part -> !(part instanceof Part.ToolResult))) {
                return index;
            }
        }
        return -1;
    }
}
