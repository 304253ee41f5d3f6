package dev.plexus.simulator;

import io.vertx.core.json.JsonArray;
import io.vertx.core.json.JsonObject;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// Decides what the simulator says to a question. Pure but for the clock of time stamps; the same question gets the same text from any model name,
/// so that an answer begun by one model can be finished by another.
final class Author {

    private static final List<String> MOCK_WORDS = Words.split(
            "the quick brown gateway jumps over the lazy upstream and hands every token back in order without delay ");
    private static final String MOCK_SENTENCE = String.join("", MOCK_WORDS).strip();
    private static final List<String> SCRIPTS =
            List.of("naïve ", "façade ", "漢字 ", "🚀 ", "Привет ", "ß ", "日本語 ", "€ ");
    private static final List<String> MOCK_THOUGHTS = Words.split("First weigh the question, then answer it.");
    private static final Answer.Call MOCK_CALL =
            new Answer.Call("get_weather", "{\"city\":\"Lisbon\",\"unit\":\"celsius\",\"days\":3}");
    private static final int MOCK_CHUNKS = 20;
    private static final long MOCK_CREATED = 1_760_000_000L;
    private static final int CHUNKS_MAX = 10_000_000;
    private static final int PIECE_BYTES_MAX = 64 << 20;
    private static final int CALLS_MAX = 100;

    private final LongSupplier nanos;

    Author(LongSupplier nanos) {
        this.nanos = nanos;
    }

    /// Whether two equal questions get the same answer, byte for byte.
    static boolean isFixed(Question question, Behaviour behaviour) {
        return behaviour.has(Token.MOCK) && !behaviour.has(Token.STAMPS) && question.prefill() == null;
    }

    /// The answer; `number` and `created` are not used where the behaviour fixes them.
    Answer answer(Question question, Behaviour behaviour, String number, long created) {
        boolean mock = behaviour.has(Token.MOCK);
        List<String> thoughts = thoughts(question, behaviour, mock);
        List<Answer.Call> calls = calls(question, behaviour, mock);
        boolean speaks = calls.isEmpty() || behaviour.has(Token.SAY);
        Words full = speaks ? words(question, behaviour, mock) : Words.NONE;
        Words words = remaining(full, question.prefill());
        Answer.Finish finish = calls.isEmpty() ? Answer.Finish.STOP : Answer.Finish.CALLS;
        if (!mock && question.maxTokens() > 0 && !behaviour.has(Token.CHUNKS) && words.count() > question.maxTokens()) {
            words = new Words.Cycle(firstOf(words, question.maxTokens()), question.maxTokens());
            finish = Answer.Finish.LENGTH;
        }
        if (behaviour.has(Token.LENGTH)) {
            finish = Answer.Finish.LENGTH;
        } else if (behaviour.has(Token.BLOCKED)) {
            finish = Answer.Finish.FILTERED;
        }
        String fixedWhole = mock && speaks && question.prefill() == null ? mockWhole(behaviour) : null;
        return new Answer(mock ? "mock0001" : number, mock ? MOCK_CREATED : created, question.model(), thoughts, words, fixedWhole, calls, finish,
                counts(question, behaviour, mock, thoughts, words, calls), mock);
    }

    private static List<String> thoughts(Question question, Behaviour behaviour, boolean mock) {
        if (mock) {
            return behaviour.has(Token.THINK) ? MOCK_THOUGHTS : List.of();
        }
        return behaviour.has(Token.THINK) || question.asksThinking()
                ? Words.split("The question is: “" + gist(question) + "”. First weigh it, then answer briefly.")
                : List.of();
    }

    private static List<Answer.Call> calls(Question question, Behaviour behaviour, boolean mock) {
        int count = behaviour.has(Token.TOOLS) ? Math.min(behaviour.number(Token.TOOLS, 1), CALLS_MAX) : 0;
        Question.@Nullable Tool tool = question.tools().isEmpty() ? null : question.tools().getFirst();
        if (count == 0 && !mock) {
            tool = wanted(question);
            count = tool == null ? 0 : 1;
        }
        List<Answer.Call> calls = new ArrayList<>();
        for (int k = 0; k < count; k++) {
            calls.add(mock || tool == null ? MOCK_CALL : new Answer.Call(tool.name(), example(tool.schema(), 0).toString()));
        }
        return calls;
    }

    /// The tool that the last message asks for: by a word of its name, or because the client insists on one.
    private static Question.@Nullable Tool wanted(Question question) {
        if (question.afterToolResult() || question.tools().isEmpty()) {
            return null;
        }
        if (question.mustCall()) {
            return question.tools().getFirst();
        }
        String said = question.lastText().toLowerCase(Locale.ROOT);
        for (Question.Tool tool : question.tools()) {
            for (String word : tool.name().toLowerCase(Locale.ROOT).split("[^a-z0-9]+", -1)) {
                if (word.length() > 3 && said.contains(word)) {
                    return tool;
                }
            }
        }
        return said.contains("tool") ? question.tools().getFirst() : null;
    }

    /// An example that fits a JSON schema well enough to be parsed.
    private static Object example(JsonObject schema, int depth) {
        if (Lenient.array(schema, "enum") instanceof JsonArray options && !options.isEmpty() && options.getValue(0) instanceof Object first) {
            return first;
        }
        String type = Lenient.text(schema, "type");
        JsonObject members = Lenient.object(schema, "properties");
        if (members != null || type == null || type.equalsIgnoreCase("object")) {
            JsonObject made = new JsonObject();
            if (members != null && depth < 5) {
                for (String name : members.fieldNames()) {
                    made.put(name, example(Lenient.objectOrEmpty(members, name), depth + 1));
                }
            }
            return made;
        }
        return switch (type.toLowerCase(Locale.ROOT)) {
            case "integer", "number" -> 3;
            case "boolean" -> true;
            case "array" -> new JsonArray();
            case "string" -> "Lisbon";
            default -> "";
        };
    }

    private Words words(Question question, Behaviour behaviour, boolean mock) {
        int chunks = Math.min(behaviour.number(Token.CHUNKS, mock ? MOCK_CHUNKS : -1), CHUNKS_MAX);
        if (behaviour.has(Token.STAMPS)) {
            return new Words.Stamps(nanos, chunks < 0 ? MOCK_CHUNKS : chunks);
        }
        List<String> said = said(question, behaviour, mock);
        if (behaviour.has(Token.SIZE)) {
            said = List.of(piece(Math.clamp(behaviour.number(Token.SIZE, 1), 1, PIECE_BYTES_MAX)));
        }
        return new Words.Cycle(said, chunks < 0 ? said.size() : chunks);
    }

    private static List<String> said(Question question, Behaviour behaviour, boolean mock) {
        if (behaviour.has(Token.UTF8)) {
            return SCRIPTS;
        }
        if (mock) {
            return MOCK_WORDS;
        }
        return Words.split(behaviour.has(Token.BIG) ? longText(behaviour) : spoken(question));
    }

    private static String spoken(Question question) {
        if (question.afterToolResult()) {
            return "Thank you, the tool answered: “" + gist(question) + "”. This is the Plexus simulator, so that is all I can make of it.";
        }
        return "Hello, this is the Plexus simulator: no model was asked and nothing left this machine. You said: “" + gist(question)
                + "”. A real provider would have an opinion on that; I only show that requests are routed, streamed and counted. "
                + "Configure a provider of your own when you are ready.";
    }

    private static String gist(Question question) {
        String said = question.lastText().strip().replaceAll("\\s+", " ");
        if (said.codePointCount(0, said.length()) <= 80) {
            return said;
        }
        return said.substring(0, said.offsetByCodePoints(0, 77)) + "…";
    }

    private static String mockWhole(Behaviour behaviour) {
        if (behaviour.has(Token.BIG)) {
            return longText(behaviour);
        }
        return behaviour.has(Token.UTF8) ? String.join("", SCRIPTS) : (MOCK_SENTENCE + ". ").repeat(8).strip();
    }

    private static String longText(Behaviour behaviour) {
        return piece(Math.min(behaviour.number(Token.BIG, 1) << 10, PIECE_BYTES_MAX));
    }

    private static String piece(int bytes) {
        String unit = MOCK_SENTENCE + " ";
        return unit.repeat(bytes / unit.length() + 1).substring(0, bytes);
    }

    /// What is left to say when the client has put the beginning of the answer into the assistant's mouth.
    private static Words remaining(Words full, @Nullable String prefill) {
        if (prefill == null || prefill.isBlank() || full instanceof Words.Stamps) {
            return full;
        }
        String text = full.joined();
        String begun = text.startsWith(prefill) ? prefill : prefill.stripTrailing();
        return text.startsWith(begun) ? Words.of(text.substring(begun.length())) : full;
    }

    private static List<String> firstOf(Words words, int count) {
        List<String> first = new ArrayList<>(count);
        for (int i = 0; i < count; i++) {
            first.add(words.piece(i));
        }
        return first;
    }

    private static Answer.@Nullable Counts counts(Question question, Behaviour behaviour, boolean mock, List<String> thoughts, Words words,
            List<Answer.Call> calls) {
        if (behaviour.has(Token.NO_USAGE)) {
            return null;
        }
        if (mock) {
            return new Answer.Counts(412, 256, 128, thoughts.isEmpty() ? 0 : 32);
        }
        int input = question.inputTokens();
        int cached = input < 1024 ? 0 : input / 2 / 128 * 128;
        int output = thoughts.size() + words.count();
        for (Answer.Call call : calls) {
            output += (call.name().length() + call.arguments().length()) / 4 + 1;
        }
        return new Answer.Counts(input, cached, Math.max(1, output), thoughts.size());
    }
}
