package dev.plexus.simulator;

import java.util.Collections;
import java.util.EnumMap;
import java.util.Map;
import java.util.Optional;

/// What was asked of the simulator for one request: tokens with their numbers. Immutable, equal by content.
record Behaviour(Map<Token, Integer> tokens) {

    static final Behaviour PLAIN = new Behaviour(Map.of());

    Behaviour {
        EnumMap<Token, Integer> copy = new EnumMap<>(Token.class);
        copy.putAll(tokens);
        tokens = Collections.unmodifiableMap(copy);
    }

    /// The behaviour that a model name spells; words without a meaning here are part of the name.
    static Behaviour ofModel(String model) {
        return PLAIN.plus(model.split("-", -1));
    }

    /// This behaviour with the tokens of an `x-simulate` header; of two numbers for one token the header's wins.
    Behaviour plusHeader(String header) {
        return plus(words(header));
    }

    /// The first word of an `x-simulate` header that is no token.
    static Optional<String> unknownIn(String header) {
        for (String word : words(header)) {
            if (!word.isEmpty() && Token.read(word).isEmpty()) {
                return Optional.of(word);
            }
        }
        return Optional.empty();
    }

    private static String[] words(String header) {
        return header.strip().split("[\\s,]+", -1);
    }

    private Behaviour plus(String[] words) {
        EnumMap<Token, Integer> all = new EnumMap<>(Token.class);
        all.putAll(tokens);
        for (String word : words) {
            Token.read(word).ifPresent(spoken -> all.put(spoken.token(), spoken.number()));
        }
        return new Behaviour(all);
    }

    boolean has(Token token) {
        return tokens.containsKey(token);
    }

    /// The number of a token; `otherwise` if the token or its number is absent.
    int number(Token token, int otherwise) {
        Integer number = tokens.get(token);
        return number == null || number < 0 ? otherwise : number;
    }

    /// Requests that misbehave before the model is well: of `flakyN` and `once`; -1 if no count was asked for.
    int flaky() {
        return has(Token.ONCE) ? 1 : number(Token.FLAKY, -1);
    }

    /// This behaviour while it is unwell: with a fault even if none was named.
    Behaviour unwell() {
        for (Token token : tokens.keySet()) {
            if (token.isFault() && token != Token.RETRY_AFTER) {
                return this;
            }
        }
        EnumMap<Token, Integer> all = new EnumMap<>(Token.class);
        all.putAll(tokens);
        all.put(Token.STATUS, has(Token.RETRY_AFTER) ? 429 : has(Token.DOWN) ? 503 : 500);
        return new Behaviour(all);
    }

    /// This behaviour without any fault.
    Behaviour well() {
        EnumMap<Token, Integer> left = new EnumMap<>(Token.class);
        tokens.forEach((token, number) -> {
            if (!token.isFault()) {
                left.put(token, number);
            }
        });
        return new Behaviour(left);
    }
}
