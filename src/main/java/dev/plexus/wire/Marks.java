package dev.plexus.wire;

import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Set;

/// Looks for a few ASCII words in a body without reading it: the cheap question before an expensive one. A word that lies across two slices is found too.
public final class Marks {

    private Marks() {}

    /// Those of the words that are somewhere in the body.
    public static Set<String> found(Pieces body, List<String> words) {
        int longest = words.stream().mapToInt(String::length).max().orElse(0);
        Set<String> found = new HashSet<>(4);
        String tail = "";
        for (Pieces.Slice slice : body.slices()) {
            String text = new String(slice.array(), slice.offset(), slice.length(), StandardCharsets.ISO_8859_1); // its search is vectorised
            String seam = tail.isEmpty() ? "" : tail + text.substring(0, Math.min(longest, text.length()));
            for (String word : words) {
                if (text.contains(word) || !seam.isEmpty() && seam.contains(word)) {
                    found.add(word);
                }
            }
            String end = text.length() >= longest ? text : tail + text;
            tail = end.substring(Math.max(0, end.length() - longest + 1));
        }
        return found;
    }
}
