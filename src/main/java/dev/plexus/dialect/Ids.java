package dev.plexus.dialect;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.random.RandomGenerator;
import java.util.regex.Pattern;

/// Identifiers that the gateway makes: fresh ones, and those that repair a client's id for a vendor that would refuse it.
///
/// Repairs are deterministic and stateless: a call and its result get the same id, on this turn and on the next. Legal ids stay as they are.
public final class Ids {

    private static final char[] BASE62 = "0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz".toCharArray();
    private static final int FRESH_CHARACTERS = 24;
    private static final Pattern ANTHROPIC = Pattern.compile("[a-zA-Z0-9_-]+");
    private static final Pattern ALNUM9 = Pattern.compile("[a-zA-Z0-9]{9}");
    private static final int ANTHROPIC_STEM_MAX = 55;

    private final RandomGenerator random;

    public Ids(RandomGenerator random) {
        this.random = random;
    }

    /// `prefix` and 24 random base62 characters.
    public String fresh(String prefix) {
        StringBuilder id = new StringBuilder(prefix.length() + FRESH_CHARACTERS).append(prefix);
        for (int at = 0; at < FRESH_CHARACTERS; at++) {
            id.append(BASE62[random.nextInt(BASE62.length)]);
        }
        return id.toString();
    }

    /// For the id of a call in a Gemini history that has none: the same for the same place, whenever the history is read.
    public static String ofPlace(int content, int call, String name) {
        return "call_g" + sha256(content + "/" + call + "/" + name).substring(0, 20);
    }

    /// The id as Anthropic takes it (`^[a-zA-Z0-9_-]+$`).
    public static String forAnthropic(String id) {
        if (ANTHROPIC.matcher(id).matches()) {
            return id;
        }
        String stem = id.replaceAll("[^a-zA-Z0-9_-]", "_");
        return stem.substring(0, Math.min(stem.length(), ANTHROPIC_STEM_MAX)) + "_" + sha256(id).substring(0, 8);
    }

    /// The id, or `call_` and 32 hexadecimal digits where it is longer than `max` characters.
    public static String atMost(String id, int max) {
        return id.length() <= max ? id : "call_" + sha256(id).substring(0, 32);
    }

    /// The id as nine letters and digits.
    public static String alnum9(String id) {
        if (ALNUM9.matcher(id).matches()) {
            return id;
        }
        byte[] digest = digest(id);
        StringBuilder made = new StringBuilder(9);
        for (int at = 0; at < 9; at++) {
            made.append(BASE62[(digest[at] & 0xff) % BASE62.length]);
        }
        return made.toString();
    }

    /// The SHA-256 of the text, in hexadecimal digits.
    public static String sha256(String text) {
        return HexFormat.of().formatHex(digest(text));
    }

    private static byte[] digest(String text) {
        try {
            return MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
        } catch (NoSuchAlgorithmException e) {
            throw new IllegalStateException("every Java has SHA-256", e);
        }
    }
}
