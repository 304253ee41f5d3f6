package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.DialectId;
import dev.plexus.model.Message;
import dev.plexus.model.Part;
import dev.plexus.model.Reasoning;
import dev.plexus.model.Settings;
import dev.plexus.model.Tool;
import java.util.ArrayList;
import java.util.List;

/// Conversations of a known size, for benchmarks and for bounds on time and memory.
final class BenchmarkConversations {

    private BenchmarkConversations() {}

    /// A system prompt, five tools, and that many turns of a question and an answer, each about a kilobyte.
    static ChatRequest of(int turns) {
        List<Message> messages = new ArrayList<>();
        messages.add(new Message(Message.Role.SYSTEM, List.of(new Part.Text("You are terse."))));
        for (int turn = 0; turn < turns; turn++) {
            messages.add(new Message(Message.Role.USER, List.of(new Part.Text(kilobyte(turn)))));
            messages.add(new Message(Message.Role.ASSISTANT, List.of(new Part.Text(kilobyte(turn + 1)))));
        }
        messages.add(new Message(Message.Role.USER, List.of(new Part.Text("And now?"))));
        List<Tool> tools = new ArrayList<>();
        for (int tool = 0; tool < 5; tool++) {
            tools.add(new Tool.Function(
                    "tool_" + tool, "Does a thing", "{\"type\":\"object\",\"properties\":{\"a\":{\"type\":\"string\"}}}", null, null, null));
        }
        return new ChatRequest(
                DialectId.CHAT, "m", false, false, messages, tools, null, null, Reasoning.UNSAID, new Settings.Builder().maxTokens(1_000L).build());
    }

    private static String kilobyte(int seed) {
        return ("Sentence number " + seed + " of a conversation that goes on for quite a while, with é and \"quotes\". ").repeat(11);
    }
}
