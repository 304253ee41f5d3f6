package dev.plexus.dialect;

import dev.plexus.model.ChatRequest;
import dev.plexus.model.Tool;
import dev.plexus.model.ToolKind;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.IntPredicate;
import org.jspecify.annotations.Nullable;

/// The names by which a target knows the client's tools, and the way back: illegal characters become `_`, long names are cut, namespaces are joined
/// with `__`, and what would collide gets a number (spec: translation, section 6.3). One per request; the same names come out on every turn.
public final class ToolNames {

    private static final String JOINT = "__";

    /// A tool as the client declared it.
    public record Original(String name, @Nullable String namespace, ToolKind kind) {}

    /// What a target allows: which characters a name may have, with which it may begin, and how many.
    public record Rule(IntPredicate character, IntPredicate first, int max) {

        /// Letters, digits, `_` and `-`.
        public static Rule plain(int max) {
            return new Rule(Rule::isPlain, Rule::isPlain, max);
        }

        /// ASCII letters, digits, `_` and `-`.
        public static boolean isPlain(int character) {
            return isLetter(character) || character >= '0' && character <= '9' || character == '-';
        }

        /// ASCII letters and `_`.
        public static boolean isLetter(int character) {
            return character >= 'a' && character <= 'z' || character >= 'A' && character <= 'Z' || character == '_';
        }
    }

    private final Rule rule;
    private final boolean keepsNamespaces;
    private final Map<String, String> wireNames = new HashMap<>();
    private final Map<String, Original> originals = new LinkedHashMap<>();

    /// Names for the tools that `request` declares. `keepsNamespaces` is true for targets that know namespaces themselves.
    public ToolNames(ChatRequest request, Rule rule, boolean keepsNamespaces) {
        this.rule = rule;
        this.keepsNamespaces = keepsNamespaces;
        for (Tool tool : request.tools()) {
            switch (tool) {
                case Tool.Function function -> declare(function.name(), function.namespace(), ToolKind.FUNCTION);
                case Tool.Custom custom -> declare(custom.name(), custom.namespace(), ToolKind.CUSTOM);
                case Tool.WebSearch _, Tool.Builtin _ -> {}
            }
        }
    }

    /// The target's name for a tool of the client's. Tools that history speaks of without a declaration get one too.
    public String wire(String name, @Nullable String namespace) {
        String known = wireNames.get(key(name, namespace));
        return known == null ? declare(name, namespace, ToolKind.FUNCTION) : known;
    }

    /// What the client calls the tool that the upstream calls so; a name that was never sent stands for itself.
    public Original original(String wireName) {
        Original known = originals.get(wireName);
        return known == null ? new Original(wireName, null, ToolKind.FUNCTION) : known;
    }

    private String declare(String name, @Nullable String namespace, ToolKind kind) {
        String known = wireNames.get(key(name, namespace));
        if (known != null) {
            return known;
        }
        String legal = legal(namespace == null || keepsNamespaces ? name : namespace + JOINT + name);
        String wire = legal;
        for (int number = 2; originals.containsKey(wire); number++) {
            String suffix = "_" + number;
            wire = legal.substring(0, Math.min(legal.length(), rule.max - suffix.length())) + suffix;
        }
        wireNames.put(key(name, namespace), wire);
        originals.put(wire, new Original(name, namespace, kind));
        return wire;
    }

    private String legal(String name) {
        if (isLegal(name)) {
            return name;
        }
        StringBuilder legal = new StringBuilder(name.length() + 1);
        for (int at = 0; at < name.length(); at++) {
            legal.append(rule.character.test(name.charAt(at)) ? name.charAt(at) : '_');
        }
        if (legal.isEmpty() || !rule.first.test(legal.charAt(0))) {
            legal.insert(0, '_');
        }
        return legal.substring(0, Math.min(legal.length(), rule.max));
    }

    private boolean isLegal(String name) {
        if (name.isEmpty() || name.length() > rule.max || !rule.first.test(name.charAt(0))) {
            return false;
        }
        for (int at = 1; at < name.length(); at++) {
            if (!rule.character.test(name.charAt(at))) {
                return false;
            }
        }
        return true;
    }

    private static String key(String name, @Nullable String namespace) {
        return namespace == null ? name : namespace + "\u0000" + name;
    }
}
